import { decodeBase64url, encodeBase64url, encodeUtf8 } from './bytes.ts';
import { hashOf, importVerifyingKey } from './crypto.ts';
import { FormatError } from './errors.ts';
import { parseJson } from './json.ts';

/** RFC 7517/7518: exactly these four members, nothing else (SPEC §1). */
export type PublicJwk = { kty: 'EC'; crv: 'P-256'; x: string; y: string };
/** The key a response is encrypted to. */
export type EncryptionJwk = PublicJwk & { kid: string; use: 'enc'; alg: 'ECDH-ES' };
export type PrivateJwk = PublicJwk & { d: string };

const MEMBERS = ['crv', 'kty', 'x', 'y'];
const ENCRYPTION_MEMBERS = ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'];

function coordinate(value: unknown): string {
  if (typeof value !== 'string' || value.length !== 43) throw new FormatError('jwk/coordinates');
  try {
    decodeBase64url(value);
  } catch (cause) {
    throw new FormatError('jwk/coordinates', { cause });
  }
  return value;
}

function parse(value: unknown, members: string[]): Record<string, unknown> & PublicJwk {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FormatError('jwk/shape');
  }
  const jwk = value as Record<string, unknown>;
  if ('d' in jwk) throw new FormatError('jwk/private');
  if (Object.keys(jwk).some((member) => !members.includes(member))) {
    throw new FormatError('jwk/unknown-member');
  }
  if (jwk['kty'] !== 'EC' || jwk['crv'] !== 'P-256') throw new FormatError('jwk/shape');
  return { ...jwk, kty: 'EC', crv: 'P-256', x: coordinate(jwk['x']), y: coordinate(jwk['y']) };
}

/**
 * @param known a key that is parsed already, and need not be once more if this is the same
 * @returns a new object with its members in the order of RFC 7638
 * @throws FormatError `jwk/*`; a point off the curve is `jwk/not-on-curve`
 */
export async function parsePublicJwk(value: unknown, known?: PublicJwk): Promise<PublicJwk> {
  const { kty, crv, x, y } = parse(value, MEMBERS);
  if (known?.x === x && known.y === y) return known;
  const jwk: PublicJwk = { kty, crv, x, y };
  await importVerifyingKey(jwk);
  return jwk;
}

/** @throws FormatError `jwk/*` */
export async function parseEncryptionJwk(value: unknown): Promise<EncryptionJwk> {
  const { kty, crv, x, y, kid, use, alg } = parse(value, ENCRYPTION_MEMBERS);
  if (typeof kid !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(kid))
    throw new FormatError('jwk/shape');
  if (use !== 'enc' || alg !== 'ECDH-ES') throw new FormatError('jwk/shape');
  await importVerifyingKey({ kty, crv, x, y });
  return { kty, crv, x, y, kid, use, alg };
}

/** The four public members of any key that has them, in the order of RFC 7638. */
export function publicOf({ x, y }: { x: string; y: string }): PublicJwk {
  return { kty: 'EC', crv: 'P-256', x, y };
}

function canonical({ crv, kty, x, y }: PublicJwk): string {
  return JSON.stringify({ crv, kty, x, y });
}

/** RFC 7638 with SHA-256, base64url. Keys are compared by it; a person's is their pseudonym. */
export async function thumbprint(jwk: PublicJwk): Promise<string> {
  return hashOf(canonical(jwk));
}

/** `did:jwk` of the canonical form: one key, one spelling. */
export function didJwk(jwk: PublicJwk): string {
  return `did:jwk:${encodeBase64url(encodeUtf8(canonical(jwk)))}`;
}

/** @throws FormatError `jwk/did` unless the DID is the one spelling of its key; `jwk/*` */
export async function publicJwkOfDid(did: string): Promise<PublicJwk> {
  if (!did.startsWith('did:jwk:')) throw new FormatError('jwk/did');
  const jwk = await parsePublicJwk(parseJson(decodeBase64url(did.slice('did:jwk:'.length))));
  if (didJwk(jwk) !== did) throw new FormatError('jwk/did');
  return jwk;
}
