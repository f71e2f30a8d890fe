import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey } from '@zusage/protocol/crypto';
import { type PrivateJwk, type PublicJwk, publicOf, thumbprint } from '@zusage/protocol/jwk';
import { NumericDate } from '@zusage/protocol/shape';
import * as z from 'zod';
import { loadKeys, SIGNING_FILE } from './keys.ts';
import { assertPrivate, PrivateFileError, writePrivate } from './private-file.ts';

/** The public half of a key that signs no more; what it signed is still verified with it. */
export type RetiredKey = {
  readonly kid: string;
  readonly jwk: PublicJwk;
  /** NumericDate at which it is published no longer. */
  readonly until: number;
};

const RETIRED_FILE = 'retired-keys.json';
const Retired = z.array(
  z.strictObject({
    kid: z.string(),
    jwk: z.strictObject({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
    }),
    until: NumericDate,
  }),
);

/**
 * Seconds a key is published after its last signature: a status list lives an hour, but a receipt is handed out again
 * for as long as its grant (366 days) and the month after its end.
 */
export const OVERLAP = 400 * 86_400;
/** A key set holds at most 32 keys (SPEC §11.1), the present one among them. */
const MAX_RETIRED = 31;

/** @returns those still published, the latest first @throws PrivateFileError */
export function retiredKeys(folder: string, now: number): RetiredKey[] {
  const path = join(folder, RETIRED_FILE);
  if (!existsSync(path)) return [];
  assertPrivate(path);
  const parsed = Retired.safeParse(parsedJson(path));
  if (!parsed.success) throw new PrivateFileError(`${path} is not a list of keys.`);
  return parsed.data.filter(({ until }) => until > now);
}

/**
 * A fresh signing key takes the place of the present one, whose private half is gone and whose public half stays
 * published. In force when the service starts next. The list is written first: a crash in between leaves the present
 * key in force and listed, and nothing unpublished.
 * @returns `kid` of the key before and of the new one
 * @throws PrivateFileError
 */
export async function rotateSigningKey(
  folder: string,
  now: number,
): Promise<{ before: string; after: string }> {
  const { signing } = await loadKeys(folder);
  const { kid, publicJwk } = signing;
  const others = retiredKeys(folder, now).filter((key) => key.kid !== kid);
  if (others.length >= MAX_RETIRED) {
    throw new PrivateFileError('32 keys are published already; wait until the oldest is not.');
  }
  const { kty, crv, x, y } = publicJwk;
  const retired = [{ kid, jwk: { kty, crv, x, y }, until: now + OVERLAP }, ...others];
  writePrivate(join(folder, RETIRED_FILE), `${JSON.stringify(retired)}\n`);
  const fresh: PrivateJwk = await generateKey();
  writePrivate(join(folder, SIGNING_FILE), `${JSON.stringify(fresh)}\n`);
  return { before: kid, after: await thumbprint(publicOf(fresh)) };
}

function parsedJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
