import type { BrandKey } from './brand-document.ts';
import type { SigningKey } from './crypto.ts';
import { FormatError, PolicyError, VerificationError } from './errors.ts';
import { type Jws, parseJws, signJws, verifyJws } from './jws.ts';
import { CLOCK_SKEW } from './request.ts';
import { NumericDate, z } from './shape.ts';

export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Longest lifetime of an assertion, seconds. */
export const MAX_ASSERTION_LIFETIME = 600;

/** RFC 7523 §3 as SPEC §11 narrows it: `iss` = `sub` = the bare DID, `aud` = the vault's issuer. */
const AssertionClaims = z.looseObject({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.tuple([z.string()])]),
  jti: z.string().check(z.minLength(16), z.maxLength(128)),
  exp: NumericDate,
  iat: NumericDate,
  nbf: z.optional(NumericDate),
});
export type AssertionClaims = z.infer<typeof AssertionClaims>;

/**
 * Names the brand; not verified yet. RFC 7523 asks for no `typ`, so libraries send none or either of these.
 * @throws FormatError `assertion/shape`, `jws/*`
 */
export function parseClientAssertion(compact: string): { jws: Jws; claims: AssertionClaims } {
  const jws = parseJws(compact, {
    typ: [undefined, 'JWT', 'client-authentication+jwt'],
    key: ['kid'],
  });
  const claims = z.safeParse(AssertionClaims, jws.payload);
  if (!claims.success || claims.data.iss !== claims.data.sub)
    throw new FormatError('assertion/shape');
  return { jws, claims: claims.data };
}

/**
 * The caller keeps `jti` for single use until `exp`.
 * @throws VerificationError `assertion/mismatch`, `jws/signature`; PolicyError `assertion/expired`
 */
export async function verifyClientAssertion(
  { jws, claims }: { jws: Jws; claims: AssertionClaims },
  keys: readonly BrandKey[],
  { vault, now }: { vault: string; now: number },
): Promise<void> {
  // RFC 7523 lets the kid be relative to the client; ours is the absolute DID URL.
  const key = keys.find(({ kid }) => kid === jws.header.kid);
  const aud = typeof claims.aud === 'string' ? claims.aud : claims.aud[0];
  if (key === undefined || aud !== vault) throw new VerificationError('assertion/mismatch');
  await verifyJws(jws, key.jwk);
  const { iat, exp, nbf = iat } = claims;
  const isEarly = Math.max(iat, nbf) > now + CLOCK_SKEW;
  if (exp <= now - CLOCK_SKEW || isEarly || exp - iat > MAX_ASSERTION_LIFETIME) {
    throw new PolicyError('assertion/expired');
  }
}

export async function signClientAssertion(
  { did, vault, jti, now }: { did: string; vault: string; jti: string; now: number },
  kid: string,
  key: SigningKey,
): Promise<string> {
  return signJws(
    { typ: 'client-authentication+jwt', kid },
    { iss: did, sub: did, aud: vault, jti, iat: now, exp: now + 60 },
    key,
  );
}
