/**
 * Node's half of `#primitives`: the same results as `web.ts` by `node:crypto`, without a change of threads for each
 * operation. A hash takes a twentieth of WebCrypto's time there, a signature half.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  sign as signSync,
  verify as verifySync,
} from 'node:crypto';
import type { Bytes } from '../bytes.ts';
import type { PrivateJwk, PublicJwk } from '../jwk.ts';
import type { PrivateKey, PublicKey } from './keys.ts';

/** r ‖ s, as JWS has it (RFC 7518 §3.4), not DER. */
const dsaEncoding = 'ieee-p1363';

/** Public keys kept ready. A brand's come back with each request, a person's within seconds. */
const MAX_KEYS = 1000;
const publicKeys = new Map<string, KeyObject>();

export type * from './keys.ts';

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return ownBytes(createHash('sha256').update(bytes).digest());
}

export async function hkdfSha256(key: Bytes, info: Bytes, length: number): Promise<Bytes> {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), info, length));
}

export async function generateKey(): Promise<PrivateJwk> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y, d } = privateKey.export({ format: 'jwk' });
  return { kty: 'EC', crv: 'P-256', x, y, d } as PrivateJwk;
}

export async function importPrivateKey({ kty, crv, x, y, d }: PrivateJwk): Promise<PrivateKey> {
  return createPrivateKey({ key: { kty, crv, x, y, d }, format: 'jwk' });
}

/** The least recently used is forgotten first. */
export async function importPublicKey({ kty, crv, x, y }: PublicJwk): Promise<PublicKey> {
  const name = `${x}.${y}`;
  const known = publicKeys.get(name);
  const key = known ?? createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
  if (known !== undefined) publicKeys.delete(name);
  else if (publicKeys.size >= MAX_KEYS) {
    publicKeys.delete(publicKeys.keys().next().value as string);
  }
  publicKeys.set(name, key);
  return key;
}

export async function sign(key: PrivateKey, data: Bytes): Promise<Bytes> {
  return ownBytes(signSync('sha256', data, { key: key as KeyObject, dsaEncoding }));
}

export async function verify(key: PublicKey, signature: Bytes, data: Bytes): Promise<boolean> {
  return verifySync('sha256', data, { key: key as KeyObject, dsaEncoding }, signature);
}

export function toBase64url({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('base64url');
}

export function fromBase64url(text: string): Bytes {
  return ownBytes(Buffer.from(text, 'base64url'));
}

/** A Buffer is a Uint8Array with other methods, and a small one is a part of a shared pool. */
function ownBytes(buffer: Buffer): Bytes {
  return new Uint8Array(buffer);
}
