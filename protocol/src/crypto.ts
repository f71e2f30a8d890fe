/**
 * The only file of this package that touches cryptography: WebCrypto for ES256, SHA-256 and HKDF, `jose` for JWE.
 * Signing keys are non-extractable while in use.
 */
import { CompactEncrypt, compactDecrypt } from 'jose';
import { type Bytes, concat, encodeBase64url, encodeUtf8 } from './bytes.ts';
import { FormatError, VerificationError } from './errors.ts';
import type { EncryptionJwk, PrivateJwk, PublicJwk } from './jwk.ts';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

/** A private key ready to sign, with its public half. */
export type SigningKey = { readonly key: CryptoKey; readonly publicJwk: PublicJwk };

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** base64url SHA-256 of an ASCII text such as a compact JWS. */
export async function hashOf(text: string): Promise<string> {
  return encodeBase64url(await sha256(encodeUtf8(text)));
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** `urn:uuid:` and a random version 4 UUID. */
export function randomUuidUrn(): string {
  return `urn:uuid:${crypto.randomUUID()}`;
}

/** HKDF-SHA-256 (RFC 5869) with an empty salt. */
export async function hkdfSha256(key: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, imported, length * 8));
}

/** A fresh P-256 pair as a private JWK, for storage inside an encrypted record or a key file of mode 0600. */
export async function generateKey(): Promise<PrivateJwk> {
  const pair = await crypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const { x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { kty: 'EC', crv: 'P-256', x, y, d } as PrivateJwk;
}

export async function importSigningKey({ kty, crv, x, y, d }: PrivateJwk): Promise<SigningKey> {
  const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y, d }, P256, false, ['sign']);
  return { key, publicJwk: { kty, crv, x, y } };
}

/** @throws FormatError `jwk/not-on-curve` */
export async function importVerifyingKey(jwk: PublicJwk): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('jwk', jwk, P256, true, ['verify']);
  } catch (cause) {
    throw new FormatError('jwk/not-on-curve', { cause });
  }
}

/** @returns 64 bytes, r ‖ s */
export async function sign({ key }: SigningKey, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(ES256, key, data));
}

/** @throws VerificationError `jws/signature` */
export async function verify(jwk: PublicJwk, signature: Bytes, data: Bytes): Promise<void> {
  const key = await importVerifyingKey(jwk);
  if (!(await crypto.subtle.verify(ES256, key, signature, data))) {
    throw new VerificationError('jws/signature');
  }
}

/** ECDH-ES + A256GCM, compact (RFC 7516). The header names only `alg`, `enc` and the recipient's `kid`. */
export async function encrypt(plaintext: Bytes, recipient: EncryptionJwk): Promise<string> {
  const { kty, crv, x, y, kid } = recipient;
  return new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid })
    .encrypt(
      await crypto.subtle.importKey(
        'jwk',
        { kty, crv, x, y },
        { name: 'ECDH', namedCurve: 'P-256' },
        true,
        [],
      ),
    );
}

/** Decrypts a JWE whose header `jwe.ts` has already accepted. @throws VerificationError `jwe/decryption` */
export async function decrypt(jwe: string, { kty, crv, x, y, d }: PrivateJwk): Promise<Bytes> {
  try {
    const key = await crypto.subtle.importKey(
      'jwk',
      { kty, crv, x, y, d },
      { name: 'ECDH', namedCurve: 'P-256' },
      false,
      ['deriveBits'],
    );
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return concat(plaintext);
  } catch (cause) {
    throw new VerificationError('jwe/decryption', { cause });
  }
}
