/** `#tlog-hash` on Node: its own OpenSSL binding, under 1 µs a hash where WebCrypto takes 90. */
import { createPublicKey, hash, verify } from 'node:crypto';
import type { Bytes } from '../bytes.ts';

export function sha256(data: Uint8Array): Bytes {
  // Asked for as a Buffer, making that takes longer than the hash.
  const digest = Buffer.from(hash('sha256', data, 'binary'), 'latin1');
  return new Uint8Array(digest.buffer as ArrayBuffer, digest.byteOffset, digest.length);
}

/** @param publicKey raw, 32 bytes (RFC 8032) */
export function ed25519(
  publicKey: Bytes,
): (signature: Bytes, message: Uint8Array) => Promise<boolean> {
  const x = Buffer.from(publicKey).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return async (signature, message) => verify(null, message, key, signature);
}
