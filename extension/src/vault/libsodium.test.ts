import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import wrappers from 'libsodium-wrappers-sumo';
import { expect, test } from 'vitest';
import { slimLibsodium } from '../../libsodium.ts';

type Raw = Record<string, (...args: (number | bigint)[]) => number> & { HEAPU8: Uint8Array };

const require = createRequire(import.meta.url);
const whole = readFileSync(
  require
    .resolve('libsodium-sumo')
    .replace('modules-sumo/libsodium-sumo.js', 'modules-sumo-esm/libsodium-sumo.mjs'),
  'utf8',
);

test('what the build leaves of libsodium is less than two thirds, and does what the whole does', async () => {
  const slim = slimLibsodium(whole);
  expect(slim.length).toBeLessThan((whole.length * 2) / 3);
  const folder = mkdtempSync(join(tmpdir(), 'zusage-sodium-'));
  const file = join(folder, 'slim.mjs');
  writeFileSync(file, slim);
  const { default: load } = await import(pathToFileURL(file).href);
  rmSync(folder, { recursive: true });
  const raw: Raw = await load({ getRandomValue: () => 4 });
  await wrappers.ready;
  expect(raw['_sodium_init']?.()).toBe(0);

  const put = (bytes: Uint8Array) => {
    const at = raw['_malloc']?.(bytes.length) ?? 0;
    raw.HEAPU8.set(bytes, at);
    return at;
  };
  const [password, salt] = [new TextEncoder().encode('passphrase'), new Uint8Array(16).fill(7)];
  const out = put(new Uint8Array(32));
  const memory = 8 * 1024 * 1024;
  expect(
    raw['_crypto_pwhash']?.(
      out,
      32,
      0,
      put(password),
      password.length,
      0,
      put(salt),
      3,
      0,
      memory,
      2,
    ),
  ).toBe(0);
  const theirs = wrappers.crypto_pwhash(32, password, salt, 3, memory, 2);
  expect([...raw.HEAPU8.slice(out, out + 32)]).toEqual([...theirs]);
});

test('a libsodium that is built in another way stops the build', () => {
  expect(() => slimLibsodium('export default 1')).toThrow('look at libsodium.ts');
});
