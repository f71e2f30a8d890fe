/**
 * The one file of the extension that imports libsodium. It needs the sumo build: the other one has no `crypto_pwhash`,
 * although its types say so. Everything here is synchronous once `ready` has resolved, which is what allows a record to
 * be sealed inside an IndexedDB transaction without the transaction ending.
 */
import sodium from 'libsodium-wrappers-sumo';

export const NONCE_BYTES = 24;
export const TAG_BYTES = 16;
export const KEY_BYTES = 32;

/** Resolves when the other functions of this file may be called. */
export const ready: Promise<void> = sodium.ready;

/** `length` bytes of the browser's own randomness. */
export function randomBytes(length: number): Uint8Array {
  return sodium.randombytes_buf(length);
}

/** Argon2id v1.3, one lane, 32 bytes out. `memory` in bytes. */
export function argon2id(
  password: Uint8Array,
  salt: Uint8Array,
  passes: number,
  memory: number,
): Uint8Array {
  const algorithm = sodium.crypto_pwhash_ALG_ARGON2ID13;
  return sodium.crypto_pwhash(KEY_BYTES, password, salt, passes, memory, algorithm);
}

/** libsodium's BLAKE2b key derivation; `context` is exactly eight ASCII characters. */
export function deriveSubkey(key: Uint8Array, id: number, context: string): Uint8Array {
  return sodium.crypto_kdf_derive_from_key(KEY_BYTES, id, context, key);
}

/** XChaCha20-Poly1305 (IETF): ciphertext with its 16-byte tag. */
export function encrypt(
  plaintext: Uint8Array,
  ad: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, null, nonce, key);
}

/** The plaintext, or null when ciphertext, associated data, nonce and key do not belong together. */
export function decrypt(
  ciphertext: Uint8Array,
  ad: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): Uint8Array | null {
  if (ciphertext.length < TAG_BYTES || nonce.length !== NONCE_BYTES) return null;
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, ciphertext, ad, nonce, key);
  } catch {
    return null;
  }
}

/** ISO/IEC 7816-4 padding to a multiple of `block`; always adds at least one byte. */
export function pad(bytes: Uint8Array, block: number): Uint8Array {
  return sodium.pad(bytes, block);
}

/** Undoes `pad`; null when there is no padding. */
export function unpad(bytes: Uint8Array, block: number): Uint8Array | null {
  try {
    return sodium.unpad(bytes, block);
  } catch {
    return null;
  }
}

/** Overwrites a key that is no longer needed. */
export function wipe(bytes: Uint8Array): void {
  sodium.memzero(bytes);
}

export function toBase64url(bytes: Uint8Array): string {
  return sodium.to_base64(bytes, sodium.base64_variants.URLSAFE_NO_PADDING);
}

/** The bytes, or null when the text is not unpadded base64url. */
export function fromBase64url(text: string): Uint8Array | null {
  try {
    return sodium.from_base64(text, sodium.base64_variants.URLSAFE_NO_PADDING);
  } catch {
    return null;
  }
}
