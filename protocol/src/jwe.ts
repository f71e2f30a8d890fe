import { type Bytes, decodeBase64url } from './bytes.ts';
import { decrypt } from './crypto.ts';
import { FormatError } from './errors.ts';
import { type Json, parseJson } from './json.ts';
import { type PrivateJwk, type PublicJwk, parsePublicJwk } from './jwk.ts';
import { MAX_MESSAGE } from './jws.ts';

const MEMBERS = ['alg', 'enc', 'epk', 'kid', 'apv', 'typ', 'cty'];

/**
 * The header of a compact JWE (RFC 7516): ECDH-ES, A256GCM, an `epk` on P-256, no `zip`, `crit` or `apu`, at most
 * 64 KB, `apv` canonical base64url. `jose` would accept more.
 * @returns the `kid` the response was encrypted to, and the sender's key
 * @throws FormatError `bytes/too-large`, `jwe/parts`, `jwe/header`, `jwk/*`
 */
export async function parseJweHeader(jwe: string): Promise<{ kid: string; epk: PublicJwk }> {
  if (jwe.length > MAX_MESSAGE) throw new FormatError('bytes/too-large');
  const parts = jwe.split('.');
  // The encrypted key is empty: ECDH-ES agrees on the content key directly.
  if (parts.length !== 5 || parts[1] !== '') throw new FormatError('jwe/parts');
  for (const part of parts) decodeBase64url(part);
  const header = parseJson(decodeBase64url(parts[0] as string));
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new FormatError('jwe/header');
  }
  if (Object.keys(header).some((member) => !MEMBERS.includes(member)))
    throw new FormatError('jwe/header');
  const { alg, enc, epk, kid, apv = '' } = header;
  if (alg !== 'ECDH-ES' || enc !== 'A256GCM' || typeof kid !== 'string' || !isBase64url(apv)) {
    throw new FormatError('jwe/header');
  }
  return { kid, epk: await parsePublicJwk(epk) };
}

function isBase64url(value: Json): boolean {
  if (typeof value !== 'string') return false;
  try {
    decodeBase64url(value);
    return true;
  } catch {
    return false;
  }
}

/** @throws FormatError as `parseJweHeader`, VerificationError `jwe/decryption` */
export async function decryptJwe(jwe: string, key: PrivateJwk): Promise<Bytes> {
  const { epk } = await parseJweHeader(jwe);
  return decrypt(jwe, key, epk);
}
