import type { SigningKey } from './crypto.ts';
import { FormatError, PolicyError, VerificationError } from './errors.ts';
import { type PublicJwk, parsePublicJwk, thumbprint } from './jwk.ts';
import { parseJws, signJws, verifyJws } from './jws.ts';
import { Hash, NumericDate, z } from './shape.ts';

export const SLOT_TYP = 'slot+jwt';
/** Seconds around now in which a proof's `iat` counts. */
export const SLOT_WINDOW = 300;
/** Seconds a slot lives. */
export const SLOT_LIFETIME = 600;

const SlotClaims = z.strictObject({ aud: z.string(), request_hash: Hash, iat: NumericDate });

/** What the API answers: a place in a status list, and its clock. All NumericDate. */
export const SlotAnswer = z.strictObject({
  uri: z.string(),
  idx: z.int().check(z.nonnegative()),
  expires: NumericDate,
  now: NumericDate,
});
export type SlotAnswer = z.infer<typeof SlotAnswer>;

/** Proof that the asker holds the pseudonym's key (SPEC §7.1). */
export async function signSlotProof(
  claims: { aud: string; request_hash: string; iat: number },
  key: SigningKey,
): Promise<string> {
  return signJws({ typ: SLOT_TYP, jwk: key.publicJwk }, claims, key);
}

/**
 * @returns the key that signed it
 * @throws FormatError `slot/shape`, `jws/*`; VerificationError `slot/pseudonym`, `slot/mismatch`, `jws/signature`;
 * PolicyError `slot/stale`
 */
export async function verifySlotProof(
  compact: string,
  expected: { vault: string; requestHash: string; pseudonym: string; now: number },
): Promise<PublicJwk> {
  const jws = parseJws(compact, { typ: [SLOT_TYP], key: ['jwk'] });
  const claims = z.safeParse(SlotClaims, jws.payload);
  if (!claims.success) throw new FormatError('slot/shape');
  const key = await parsePublicJwk(jws.header.jwk);
  if ((await thumbprint(key)) !== expected.pseudonym) throw new VerificationError('slot/pseudonym');
  await verifyJws(jws, key);
  const { aud, request_hash, iat } = claims.data;
  if (aud !== expected.vault || request_hash !== expected.requestHash) {
    throw new VerificationError('slot/mismatch');
  }
  if (Math.abs(iat - expected.now) > SLOT_WINDOW) throw new PolicyError('slot/stale');
  return key;
}
