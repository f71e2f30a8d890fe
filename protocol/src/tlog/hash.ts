/**
 * The only file of the log's formats that touches cryptography. Synchronous, except for signatures; `#tlog-hash` is
 * hash-node.ts on Node and hash-web.ts in browsers.
 */
import { ed25519, sha256 } from '#tlog-hash';
import { type Bytes, concat, encodeUtf8 } from '../bytes.ts';

export { ed25519, sha256 };

const BLOCK = 64;

/** RFC 2104 with SHA-256. @param key at most 64 bytes */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Bytes {
  const inner = new Uint8Array(BLOCK).fill(0x36);
  const outer = new Uint8Array(BLOCK).fill(0x5c);
  key.forEach((byte, i) => {
    inner[i] = 0x36 ^ byte;
    outer[i] = 0x5c ^ byte;
  });
  return sha256(concat(outer, sha256(concat(inner, message))));
}

/** RFC 5869 with SHA-256, an empty salt and 32 bytes of output, which is one round. */
export function hkdf32(key: Bytes, info: string): Bytes {
  const extracted = hmacSha256(new Uint8Array(32), key);
  return hmacSha256(extracted, concat(encodeUtf8(info), Uint8Array.of(1)));
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function u64be(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
