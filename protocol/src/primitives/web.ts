/**
 * What every engine has: WebCrypto, and base64 by `btoa` and `atob`. The browser's half of `#primitives`; on Node
 * `node.ts` does the same, faster.
 */
import { compactDecrypt } from 'jose';
import type { Bytes } from '../bytes.ts';
import type { PrivateJwk, PublicJwk } from '../jwk.ts';
import type { PrivateKey, PublicKey } from './keys.ts';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

export type * from './keys.ts';

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** base64url SHA-256 of a text in UTF-8. */
export async function hashOf(text: string): Promise<string> {
  return toBase64url(await sha256(new TextEncoder().encode(text) as Bytes));
}

/** HKDF-SHA-256 (RFC 5869) with an empty salt. */
export async function hkdfSha256(key: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, imported, length * 8));
}

export async function generateKey(): Promise<PrivateJwk> {
  const pair = await crypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const { x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { kty: 'EC', crv: 'P-256', x, y, d } as PrivateJwk;
}

/** @returns a key that cannot be exported */
export async function importPrivateKey({ kty, crv, x, y, d }: PrivateJwk): Promise<PrivateKey> {
  return crypto.subtle.importKey('jwk', { kty, crv, x, y, d }, P256, false, ['sign']);
}

/** @throws whatever the engine throws for a point off the curve */
export function importPublicKey(jwk: PublicJwk): Promise<PublicKey> {
  return crypto.subtle.importKey('jwk', jwk, P256, true, ['verify']);
}

/** @returns 64 bytes, r ‖ s */
export async function sign(key: PrivateKey, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(ES256, key as CryptoKey, data));
}

export function verify(key: PublicKey, signature: Bytes, data: Bytes): Promise<boolean> {
  return crypto.subtle.verify(ES256, key as CryptoKey, signature, data);
}

/**
 * ECDH-ES with A256GCM (RFC 7518 §§4.6, 5.3).
 * @param jwe compact, its header accepted already (jwe.ts)
 * @throws whatever the library throws when it cannot be opened
 */
export async function decryptJwe(jwe: string, own: PrivateJwk, _sender: PublicJwk): Promise<Bytes> {
  const { kty, crv, x, y, d } = own;
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y, d }, ecdh, false, [
    'deriveBits',
  ]);
  const { plaintext } = await compactDecrypt(jwe, key, {
    keyManagementAlgorithms: ['ECDH-ES'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  return new Uint8Array(plaintext);
}

/** RFC 4648 §5, no padding. */
export function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @param text of the alphabet of RFC 4648 §5 only, its length not 1 modulo 4 */
export function fromBase64url(text: string): Bytes {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
