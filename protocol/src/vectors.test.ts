import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../vectors/check.ts';
import { fileOf, folderOf, type Vector, vectors } from '../vectors/generate.ts';
import { encodeBase64url } from './bytes.ts';
import { isZusageError } from './errors.ts';
import { parseJws, signingInputOf } from './jws.ts';

const read = (folder: string, file: string) =>
  readFileSync(new URL(`../vectors/${folder}/${file}`, import.meta.url), 'utf8');
const filesOf = (folder: string) =>
  readdirSync(new URL(`../vectors/${folder}`, import.meta.url)).sort();

async function run({ check, input }: Vector): Promise<unknown> {
  const perform = CHECKS[check];
  if (perform === undefined) throw new Error(`no check ${check}`);
  return perform(input);
}

describe('valid vectors are accepted and give what they say', () => {
  test.each(filesOf('valid'))('%s', async (file) => {
    const vector = JSON.parse(read('valid', file)) as Vector;
    expect(vector.error).toBeUndefined();
    expect(await run(vector)).toEqual(vector.output);
  });
});

describe('invalid vectors are refused with exactly their code', () => {
  test.each(filesOf('invalid'))('%s', async (file) => {
    const vector = JSON.parse(read('invalid', file)) as Vector;
    const error = await run(vector).then(
      (output) => expect.fail(`accepted: ${JSON.stringify(output)}`),
      (error: unknown) => error,
    );
    if (!isZusageError(error)) throw error;
    expect(error.code).toBe(vector.error);
  });
});

test('the files are what the generator writes, byte for byte', () => {
  const written = Object.fromEntries(
    ['valid', 'invalid'].flatMap((folder) =>
      filesOf(folder).map((file) => [`${folder}/${file}`, read(folder, file)]),
    ),
  );
  const generated = Object.fromEntries(
    Object.entries(vectors).map(([name, vector]) => [
      `${folderOf(vector)}/${name}.json`,
      fileOf(vector),
    ]),
  );
  expect(written).toEqual(generated);
});

test('every valid JWS is written again byte for byte from what was read', () => {
  const compact = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
  const rules = {
    typ: [
      'test+jwt',
      'oauth-authz-req+jwt',
      'dc+sd-jwt',
      'grant-event+jwt',
      'grant-read+jwt',
      'slot+jwt',
      'brand-enrolment+jwt',
      'consent-receipt+jwt',
      'statuslist+jwt',
      undefined,
    ],
  };
  let count = 0;
  for (const { input, error } of Object.values(vectors)) {
    if (error !== undefined) continue;
    for (const value of Object.values(input)) {
      if (typeof value !== 'string' || !compact.test(value)) continue;
      const keys = [['kid'], ['jwk'], ['kid', 'jwk'], []] as ('kid' | 'jwk')[][];
      const parsed = keys.flatMap((key) => {
        try {
          return [parseJws(value, { ...rules, key })];
        } catch {
          return [];
        }
      })[0];
      if (parsed === undefined) throw new Error('a valid JWS that no rule accepts');
      const { header, payload, signature } = parsed;
      expect(`${signingInputOf(header, payload)}.${encodeBase64url(signature)}`).toBe(value);
      count++;
    }
  }
  expect(count).toBeGreaterThan(20);
});
