/**
 * Node's half of `#primitives`: the same results as `web.ts` by `node:crypto`, with a change of threads for nothing but
 * the dearest, a verification. A hash takes a twentieth of WebCrypto's time there, a signature half.
 */
import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  hkdfSync,
  type KeyObject,
  sign as signSync,
  verify as verifyInPool,
} from 'node:crypto';
import type { Bytes } from '../bytes.ts';
import type { PrivateJwk, PublicJwk } from '../jwk.ts';
import type { PrivateKey, PublicKey } from './keys.ts';

/** Keys ready for use, for as long as somebody holds the JWK: a brand's document, a message that is being verified. */
const publicKeys = new WeakMap<PublicJwk, KeyObject>();

export type * from './keys.ts';

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return ownBytes(Buffer.from(hash('sha256', bytes, 'binary'), 'latin1'));
}

export async function hashOf(text: string): Promise<string> {
  return hash('sha256', text, 'base64url');
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

/**
 * Says that it is a point of the curve, in a twentieth of the time in which OpenSSL reads a key: many a key is only
 * looked at. It is read when it first verifies something.
 * @throws RangeError when a coordinate has not 32 bytes, or the point is off the curve
 */
export async function importPublicKey(jwk: PublicJwk): Promise<PublicKey> {
  if (!publicKeys.has(jwk) && !isOnCurve(jwk)) throw new RangeError('no point of P-256');
  return jwk;
}

/**
 * P-256 (SP 800-186 §3.2.1.3): y² = x³ − 3x + b over the integers modulo p. Its cofactor is 1, so any point is one of
 * its group.
 */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

function isOnCurve({ x: textOfX, y: textOfY }: PublicJwk): boolean {
  const [x, y] = [textOfX, textOfY].map((text) => {
    const bytes = Buffer.from(text, 'base64url');
    return bytes.length === COORDINATE ? BigInt(`0x${bytes.toString('hex')}`) : P;
  }) as [bigint, bigint];
  return x < P && y < P && (y * y - (x * x - 3n) * x - B) % P === 0n;
}

function keyObjectOf(jwk: PublicJwk): KeyObject {
  const known = publicKeys.get(jwk);
  if (known !== undefined) return known;
  const key = createPublicKey(pemOf(jwk));
  publicKeys.set(jwk, key);
  return key;
}

/** SubjectPublicKeyInfo (RFC 5480) of a P-256 key up to its coordinates; 0x04: both of them follow (SEC 1 §2.3.3). */
const P256_SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');

/**
 * The one form that Node reads without first asking, by exceptions, whether it is a key object: half of the time of a
 * JWK. OpenSSL looks whether the point is on the curve.
 * @throws RangeError when a coordinate has not 32 bytes
 */
function pemOf({ x, y }: PublicJwk): string {
  const point = [x, y].map((coordinate) => Buffer.from(coordinate, 'base64url'));
  if (point.some(({ length }) => length !== COORDINATE)) throw new RangeError('P-256 has 32 bytes');
  const base64 = Buffer.concat([P256_SPKI, ...point]).toString('base64');
  return `-----BEGIN PUBLIC KEY-----\n${base64.slice(0, 64)}\n${base64.slice(64)}\n-----END PUBLIC KEY-----\n`;
}

// Node reads a key that comes with options twice as long as it takes to use it, so signatures are asked for as it gives
// them by itself, DER (X.690), and turned into the r ‖ s of JWS (RFC 7518 §3.4) here.

export async function sign(key: PrivateKey, data: Bytes): Promise<Bytes> {
  return fromDer(signSync('sha256', data, key as KeyObject));
}

/** On a thread of the pool: it takes five times as long as asking for it, and this one reads meanwhile what else has come. */
export async function verify(key: PublicKey, signature: Bytes, data: Bytes): Promise<boolean> {
  if (signature.length !== 2 * COORDINATE) return false;
  const object = keyObjectOf(key as PublicJwk);
  return new Promise((resolve, reject) => {
    verifyInPool('sha256', data, object, toDer(signature), (error, isSigned) => {
      if (error) reject(error);
      else resolve(isSigned);
    });
  });
}

/** Bytes of r, and of s. */
const COORDINATE = 32;

/** SEQUENCE { INTEGER r, INTEGER s }, each as short as it can be and never negative. */
function toDer(signature: Bytes): Buffer {
  const der = Buffer.allocUnsafe(2 + 2 * (3 + COORDINATE));
  let at = 2;
  for (let end = COORDINATE; end <= 2 * COORDINATE; end += COORDINATE) {
    let from = end - COORDINATE;
    while (from < end - 1 && signature[from] === 0) from++;
    const sign = (signature[from] as number) > 0x7f ? 1 : 0;
    der[at++] = 0x02;
    der[at++] = sign + end - from;
    if (sign === 1) der[at++] = 0;
    der.set(signature.subarray(from, end), at);
    at += end - from;
  }
  der[0] = 0x30;
  der[1] = at - 2;
  return der.subarray(0, at);
}

function fromDer(der: Buffer): Bytes {
  const signature = new Uint8Array(2 * COORDINATE);
  let at = 2;
  for (const end of [COORDINATE, 2 * COORDINATE]) {
    const length = der[at + 1] as number;
    const integer = der.subarray(at + 2, at + 2 + length);
    const value = integer.subarray(Math.max(0, length - COORDINATE));
    signature.set(value, end - value.length);
    at += 2 + length;
  }
  return signature;
}

/** Concat KDF (NIST SP 800-56A, RFC 7518 §4.6.2) for A256GCM: what surrounds the shared secret and the parties' info. */
const KDF_ROUND = Buffer.from([0, 0, 0, 1]);
const KDF_ALGORITHM = Buffer.from('\0\0\0\x07A256GCM', 'latin1');
const KDF_LENGTH = Buffer.from([0, 0, 1, 0]);
const IV_LENGTH = 12;

export async function decryptJwe(jwe: string, own: PrivateJwk, sender: PublicJwk): Promise<Bytes> {
  const [header, , iv, ciphertext, tag] = jwe.split('.') as [
    string,
    string,
    string,
    string,
    string,
  ];
  const { apv } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { apv?: string };
  const privateKey = createPrivateKey({ key: { ...own }, format: 'jwk' });
  const publicKey = keyObjectOf(sender);
  const secret = diffieHellman({ privateKey, publicKey });
  const info = Buffer.concat([KDF_ALGORITHM, Buffer.alloc(4), lengthFirst(apv ?? ''), KDF_LENGTH]);
  const key = hash('sha256', Buffer.concat([KDF_ROUND, secret, info]), 'buffer');
  const nonce = Buffer.from(iv, 'base64url');
  // RFC 7518 §5.3; the cipher itself would take any length.
  if (nonce.length !== IV_LENGTH) throw new RangeError('an IV has 96 bits');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(header));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  const plaintext = decipher.update(Buffer.from(ciphertext, 'base64url'));
  decipher.final();
  return ownBytes(plaintext);
}

function lengthFirst(base64url: string): Buffer {
  const value = Buffer.from(base64url, 'base64url');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([length, value]);
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
