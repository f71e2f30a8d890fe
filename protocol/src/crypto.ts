/**
 * All cryptography of this package: ES256, SHA-256 and HKDF by the engine's own (`#primitives`: WebCrypto, or
 * `node:crypto` on Node), JWE by `jose`. Signing keys are non-extractable while in use.
 */

import { CompactEncrypt } from 'jose';
import * as primitives from '#primitives';
import type { Bytes } from './bytes.ts';
import { FormatError, VerificationError } from './errors.ts';
import type { EncryptionJwk, PrivateJwk, PublicJwk } from './jwk.ts';

/** A private key ready to sign, with its public half. */
export type SigningKey = { readonly key: primitives.PrivateKey; readonly publicJwk: PublicJwk };

export { hkdfSha256, sha256 } from '#primitives';

/** base64url SHA-256 of an ASCII text such as a compact JWS. */
export function hashOf(text: string): Promise<string> {
  return primitives.hashOf(text);
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** `urn:uuid:` and a random version 4 UUID. */
export function randomUuidUrn(): string {
  return `urn:uuid:${crypto.randomUUID()}`;
}

/** A fresh P-256 pair as a private JWK, for storage inside an encrypted record or a key file of mode 0600. */
export function generateKey(): Promise<PrivateJwk> {
  return primitives.generateKey();
}

export async function importSigningKey(jwk: PrivateJwk): Promise<SigningKey> {
  const { kty, crv, x, y } = jwk;
  return { key: await primitives.importPrivateKey(jwk), publicJwk: { kty, crv, x, y } };
}

/** @throws FormatError `jwk/not-on-curve` */
export async function importVerifyingKey(jwk: PublicJwk): Promise<primitives.PublicKey> {
  try {
    return await primitives.importPublicKey(jwk);
  } catch (cause) {
    throw new FormatError('jwk/not-on-curve', { cause });
  }
}

/** @returns 64 bytes, r ‖ s */
export function sign({ key }: SigningKey, data: Bytes): Promise<Bytes> {
  return primitives.sign(key, data);
}

/** @throws FormatError `jwk/not-on-curve`; VerificationError `jws/signature` */
export async function verify(jwk: PublicJwk, signature: Bytes, data: Bytes): Promise<void> {
  const key = await importVerifyingKey(jwk);
  if (!(await primitives.verify(key, signature, data))) {
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

/**
 * @param jwe its header is accepted already (jwe.ts)
 * @param sender `epk` of the header
 * @throws VerificationError `jwe/decryption`
 */
export async function decrypt(jwe: string, own: PrivateJwk, sender: PublicJwk): Promise<Bytes> {
  try {
    return await primitives.decryptJwe(jwe, own, sender);
  } catch (cause) {
    throw new VerificationError('jwe/decryption', { cause });
  }
}
