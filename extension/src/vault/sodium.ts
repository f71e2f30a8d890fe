/**
 * The one file of the extension that imports libsodium: its raw build, the same code that `libsodium-wrappers-sumo`
 * wraps. The wrappers are 120 KB of glue for 700 functions; eight are needed here, and calling them directly also lets
 * every copy of a key on libsodium's heap be overwritten. sodium.test.ts holds them against the wrappers. The sumo
 * build, because the other one has no `crypto_pwhash`.
 *
 * Everything here is synchronous once `ready` has resolved, which is what allows a record to be sealed inside an
 * IndexedDB transaction without the transaction ending.
 */
import load, { type Raw } from 'libsodium-sumo';

export const NONCE_BYTES = 24;
export const TAG_BYTES = 16;
export const KEY_BYTES = 32;

/** crypto_pwhash_ALG_ARGON2ID13 */
const ARGON2ID13 = 2;

let raw: Raw;

/** Resolves when the other functions of this file may be called. */
export const ready: Promise<void> = load({
  getRandomValue: () => crypto.getRandomValues(new Uint32Array(1))[0] as number,
}).then((loaded) => {
  if (loaded._sodium_init() < 0) throw new Error('libsodium did not initialise');
  raw = loaded;
});

/** Memory on libsodium's heap for the length of one call; zeroed before it is given back. */
class Heap {
  private readonly taken: { pointer: number; length: number }[] = [];

  take(length: number): number {
    const pointer = raw._malloc(Math.max(length, 1));
    if (pointer === 0) throw new RangeError('out of memory');
    this.taken.push({ pointer, length });
    return pointer;
  }

  copy(bytes: Uint8Array): number {
    const pointer = this.take(bytes.length);
    raw.HEAPU8.set(bytes, pointer);
    return pointer;
  }

  read(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    return raw.HEAPU8.slice(pointer, pointer + length);
  }

  release(): void {
    for (const { pointer, length } of this.taken) {
      raw.HEAPU8.fill(0, pointer, pointer + length);
      raw._free(pointer);
    }
  }
}

/** @returns what `call` left at `out`, or null when it refused */
function onHeap(
  outLength: number,
  call: (out: number, heap: Heap) => number,
): Uint8Array<ArrayBuffer> | null {
  const heap = new Heap();
  try {
    const out = heap.take(outLength);
    return call(out, heap) === 0 ? heap.read(out, outLength) : null;
  } finally {
    heap.release();
  }
}

/** The C functions read a fixed number of bytes from these pointers, whatever lies there. */
function assertLength(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError('wrong length');
}

/** `length` bytes of the browser's own randomness. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Argon2id v1.3, one lane, 32 bytes out; `salt` is 16 bytes, `memory` in bytes. */
export function argon2id(
  password: Uint8Array,
  salt: Uint8Array,
  passes: number,
  memory: number,
): Uint8Array<ArrayBuffer> {
  assertLength(salt, 16);
  const key = onHeap(KEY_BYTES, (out, heap) =>
    raw._crypto_pwhash(
      out,
      KEY_BYTES,
      0,
      heap.copy(password),
      password.length,
      0,
      heap.copy(salt),
      passes,
      0,
      memory,
      ARGON2ID13,
    ),
  );
  // Only memory can run out: the parameters were checked before.
  if (key === null) throw new RangeError('out of memory');
  return key;
}

/** libsodium's BLAKE2b key derivation; `context` is exactly eight ASCII characters. */
export function deriveSubkey(
  key: Uint8Array,
  id: number,
  context: string,
): Uint8Array<ArrayBuffer> {
  assertLength(key, KEY_BYTES);
  const contextBytes = new TextEncoder().encode(context);
  assertLength(contextBytes, 8);
  return onHeap(KEY_BYTES, (out, heap) =>
    raw._crypto_kdf_derive_from_key(out, KEY_BYTES, id, 0, heap.copy(contextBytes), heap.copy(key)),
  ) as Uint8Array<ArrayBuffer>;
}

/** XChaCha20-Poly1305 (IETF): ciphertext with its 16-byte tag. */
export function encrypt(
  plaintext: Uint8Array,
  ad: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): Uint8Array<ArrayBuffer> {
  assertLength(nonce, NONCE_BYTES);
  assertLength(key, KEY_BYTES);
  return onHeap(plaintext.length + TAG_BYTES, (out, heap) =>
    raw._crypto_aead_xchacha20poly1305_ietf_encrypt(
      out,
      0,
      heap.copy(plaintext),
      plaintext.length,
      0,
      heap.copy(ad),
      ad.length,
      0,
      0,
      heap.copy(nonce),
      heap.copy(key),
    ),
  ) as Uint8Array<ArrayBuffer>;
}

/** The plaintext, or null when ciphertext, associated data, nonce and key do not belong together. */
export function decrypt(
  ciphertext: Uint8Array,
  ad: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): Uint8Array<ArrayBuffer> | null {
  if (ciphertext.length < TAG_BYTES || nonce.length !== NONCE_BYTES) return null;
  assertLength(key, KEY_BYTES);
  return onHeap(ciphertext.length - TAG_BYTES, (out, heap) =>
    raw._crypto_aead_xchacha20poly1305_ietf_decrypt(
      out,
      0,
      0,
      heap.copy(ciphertext),
      ciphertext.length,
      0,
      heap.copy(ad),
      ad.length,
      0,
      heap.copy(nonce),
      heap.copy(key),
    ),
  );
}

/** Where a stream stands: changed by every chunk. Holds its key. */
export type StreamState = Uint8Array;

/** crypto_secretstream_xchacha20poly1305: what a chunk says of itself. */
export const STREAM_TAG = { message: 0, final: 3 } as const;
/** What a chunk is longer than its plaintext. */
export const STREAM_CHUNK_EXTRA = 17;
export const STREAM_HEADER_BYTES = 24;
const STREAM_STATE_BYTES = 52;

/** Begins to encrypt a stream: its random header, and where it stands. */
export function startStream(key: Uint8Array): { header: Uint8Array; state: StreamState } {
  assertLength(key, KEY_BYTES);
  const both = onHeap(STREAM_STATE_BYTES + STREAM_HEADER_BYTES, (out, heap) =>
    raw._crypto_secretstream_xchacha20poly1305_init_push(
      out,
      out + STREAM_STATE_BYTES,
      heap.copy(key),
    ),
  ) as Uint8Array;
  return { state: both.slice(0, STREAM_STATE_BYTES), header: both.slice(STREAM_STATE_BYTES) };
}

/** Begins to decrypt a stream; null when the header is not one. */
export function openStream(header: Uint8Array, key: Uint8Array): StreamState | null {
  assertLength(header, STREAM_HEADER_BYTES);
  assertLength(key, KEY_BYTES);
  return onHeap(STREAM_STATE_BYTES, (out, heap) =>
    raw._crypto_secretstream_xchacha20poly1305_init_pull(out, heap.copy(header), heap.copy(key)),
  );
}

/** The next chunk of a stream, encrypted; `state` moves on. */
export function pushChunk(
  state: StreamState,
  plaintext: Uint8Array,
  ad: Uint8Array,
  tag: (typeof STREAM_TAG)[keyof typeof STREAM_TAG],
): Uint8Array<ArrayBuffer> {
  assertLength(state, STREAM_STATE_BYTES);
  return onHeap(plaintext.length + STREAM_CHUNK_EXTRA, (out, heap) => {
    const at = heap.copy(state);
    const result = raw._crypto_secretstream_xchacha20poly1305_push(
      at,
      out,
      0,
      heap.copy(plaintext),
      plaintext.length,
      0,
      heap.copy(ad),
      ad.length,
      0,
      tag,
    );
    state.set(heap.read(at, STREAM_STATE_BYTES));
    return result;
  }) as Uint8Array<ArrayBuffer>;
}

/** The next chunk of a stream, decrypted, with its tag; null when it is not the one that belongs here. */
export function pullChunk(
  state: StreamState,
  ciphertext: Uint8Array,
  ad: Uint8Array,
): { plaintext: Uint8Array; tag: number } | null {
  if (ciphertext.length < STREAM_CHUNK_EXTRA) return null;
  assertLength(state, STREAM_STATE_BYTES);
  const length = ciphertext.length - STREAM_CHUNK_EXTRA;
  const both = onHeap(length + 1, (out, heap) => {
    const at = heap.copy(state);
    const result = raw._crypto_secretstream_xchacha20poly1305_pull(
      at,
      out,
      0,
      out + length,
      heap.copy(ciphertext),
      ciphertext.length,
      0,
      heap.copy(ad),
      ad.length,
      0,
    );
    state.set(heap.read(at, STREAM_STATE_BYTES));
    return result;
  });
  return both && { plaintext: both.subarray(0, length), tag: both[length] as number };
}

/**
 * Decrypts one ciphertext after the other under one key, as `decrypt` does, with key and memory put on the heap once:
 * for the thousands of rows of an unlock, where the handling would cost more than the cryptography.
 */
export class Decrypter {
  readonly #heap = new Heap();
  readonly #key: number;
  #sealed = { pointer: 0, length: -1 };
  #ad = { pointer: 0, length: -1 };

  constructor(key: Uint8Array) {
    assertLength(key, KEY_BYTES);
    this.#key = this.#heap.copy(key);
  }

  /**
   * @param sealed from `at` on the nonce and, behind it, the ciphertext
   * @returns the plaintext where libsodium left it: to be copied before the next call; null as `decrypt`
   */
  decrypt(sealed: Uint8Array, at: number, ad: Uint8Array): Uint8Array | null {
    const length = sealed.length - at - NONCE_BYTES;
    if (length < TAG_BYTES) return null;
    this.#sealed = this.#roomFor(sealed, this.#sealed);
    this.#ad = this.#roomFor(ad, this.#ad);
    const nonce = this.#sealed.pointer + at;
    const message = nonce + NONCE_BYTES;
    raw.HEAPU8.set(sealed, this.#sealed.pointer);
    raw.HEAPU8.set(ad, this.#ad.pointer);
    const refused = raw._crypto_aead_xchacha20poly1305_ietf_decrypt(
      message,
      0,
      0,
      message,
      length,
      0,
      this.#ad.pointer,
      ad.length,
      0,
      nonce,
      this.#key,
    );
    if (refused !== 0) return null;
    return raw.HEAPU8.subarray(message, message + length - TAG_BYTES);
  }

  /** Overwrites everything it had on the heap. */
  close(): void {
    this.#heap.release();
  }

  #roomFor({ length }: Uint8Array, room: { pointer: number; length: number }) {
    if (room.length >= length) return room;
    return { pointer: this.#heap.take(2 * length), length: 2 * length };
  }
}

/** ISO/IEC 7816-4 padding to a multiple of `block`; always adds at least one byte. */
export function pad(bytes: Uint8Array, block: number): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array((Math.floor(bytes.length / block) + 1) * block);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  return padded;
}

/** Undoes `pad`; null when there is no padding. */
export function unpad(bytes: Uint8Array, block: number): Uint8Array | null {
  if (bytes.length === 0 || bytes.length % block !== 0) return null;
  let end = bytes.length - 1;
  while (bytes[end] === 0) end -= 1;
  return bytes[end] === 0x80 && bytes.length - end <= block ? bytes.subarray(0, end) : null;
}

/** Overwrites a key that is no longer needed. */
export function wipe(bytes: Uint8Array): void {
  bytes.fill(0);
}
