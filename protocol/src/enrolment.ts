import type { BrandKey } from './brand-document.ts';
import type { SigningKey } from './crypto.ts';
import { FormatError, PolicyError, VerificationError } from './errors.ts';
import { type Jws, parseJws, signJws, verifyJws } from './jws.ts';
import { Nonce, NumericDate, z } from './shape.ts';

export const ENROLMENT_TYP = 'brand-enrolment+jwt';
/** Seconds around now in which an enrolment's `iat` counts. */
export const ENROLMENT_WINDOW = 300;

const EnrolmentClaims = z.strictObject({
  did: z.string(),
  nonce: Nonce,
  iat: NumericDate,
  aud: z.string(),
});
export type EnrolmentClaims = z.infer<typeof EnrolmentClaims>;

/** Names the DID to resolve; not verified yet. @throws FormatError `enrolment/shape`, `jws/*` */
export function parseEnrolment(compact: string): { jws: Jws; claims: EnrolmentClaims } {
  const jws = parseJws(compact, { typ: [ENROLMENT_TYP], key: ['kid'] });
  const claims = z.safeParse(EnrolmentClaims, jws.payload);
  if (!claims.success) throw new FormatError('enrolment/shape');
  return { jws, claims: claims.data };
}

/**
 * For this vault, now: what needs no document, so that an old message makes nobody read one.
 * @throws VerificationError `enrolment/mismatch`; PolicyError `enrolment/stale`
 */
export function assertEnrolmentCurrent(
  { claims }: { claims: EnrolmentClaims },
  { vault, now }: { vault: string; now: number },
): void {
  if (claims.aud !== vault) throw new VerificationError('enrolment/mismatch');
  if (Math.abs(claims.iat - now) > ENROLMENT_WINDOW) throw new PolicyError('enrolment/stale');
}

/**
 * A key of the document signed, for this vault, now. The caller keeps the nonce for single use.
 * @throws VerificationError `enrolment/mismatch`, `jws/signature`; PolicyError `enrolment/stale`
 */
export async function verifyEnrolment(
  enrolment: { jws: Jws; claims: EnrolmentClaims },
  keys: readonly BrandKey[],
  at: { vault: string; now: number },
): Promise<void> {
  assertEnrolmentCurrent(enrolment, at);
  const { jws } = enrolment;
  const key = keys.find(({ kid }) => kid === jws.header.kid);
  if (key === undefined) throw new VerificationError('enrolment/mismatch');
  await verifyJws(jws, key.jwk);
}

export async function signEnrolment(
  claims: EnrolmentClaims,
  kid: string,
  key: SigningKey,
): Promise<string> {
  return signJws({ typ: ENROLMENT_TYP, kid }, claims, key);
}
