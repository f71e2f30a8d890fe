/**
 * `#tlog-hash` in browsers. WebCrypto's SHA-256 answers through a promise, about 90 µs each, and a tree takes two
 * hashes an entry; so SHA-256 is written out here. It only ever sees public bytes or the holder's own openings, and
 * its tests compare it with Node's for every length around the block sizes.
 */
import type { Bytes } from '../bytes.ts';

/** FIPS 180-4 §4.2.2 and §5.3.3: first 32 bits of the fractional parts of cube and square roots of primes. */
const K = new Uint32Array(64);
const INITIAL = new Uint32Array(8);
for (let n = 2, found = 0; found < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
  if (!prime) continue;
  if (found < 8) INITIAL[found] = fraction(n, 2n);
  K[found++] = fraction(n, 3n);
}

/** First 32 bits of the fractional part of the `degree`-th root of n, exactly. */
function fraction(n: number, degree: bigint): number {
  const target = BigInt(n) << (32n * degree);
  let root = 0n;
  for (let bit = 1n << 36n; bit > 0n; bit >>= 1n) {
    if ((root + bit) ** degree <= target) root += bit;
  }
  return Number(root & 0xffffffffn);
}

const W = new Int32Array(64);

/** FIPS 180-4 §6.2. */
export function sha256(data: Uint8Array): Bytes {
  const padded = new Uint8Array((((data.length + 8) >> 6) + 1) << 6);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 0x2000_0000));
  view.setUint32(padded.length - 4, data.length << 3);
  const state = new Int32Array(INITIAL);
  for (let at = 0; at < padded.length; at += 64) compress(state, view, at);
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  state.forEach((word, i) => {
    out.setInt32(i * 4, word);
  });
  return digest;
}

function compress(state: Int32Array, view: DataView, at: number): void {
  for (let t = 0; t < 16; t++) W[t] = view.getInt32(at + t * 4);
  for (let t = 16; t < 64; t++) {
    const x = W[t - 15] as number;
    const y = W[t - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[t] = s0 + s1 + (W[t - 7] as number) + (W[t - 16] as number);
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[t] as number) + (W[t] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = (state[i] as number) + word;
  });
}

/** @param publicKey raw, 32 bytes (RFC 8032) */
export function ed25519(
  publicKey: Bytes,
): (signature: Bytes, message: Uint8Array) => Promise<boolean> {
  const key = crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  key.catch(() => undefined); // Awaited, and thrown, where it is used.
  return async (signature, message) =>
    crypto.subtle.verify('Ed25519', await key, signature, new Uint8Array(message));
}
