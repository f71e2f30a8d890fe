/** The vault key under a key-encryption key: what every way into the vault has in common. */
import { hkdfSha256 } from '@zusage/protocol/crypto';
import { associatedData } from './associated-data.ts';
import { decrypt, encrypt, KEY_BYTES, NONCE_BYTES, randomBytes, wipe } from './sodium.ts';

export interface WrappedKey {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/**
 * XChaCha20-Poly1305 under `kek`, which is wiped. `ad` holds the kind of the way and every parameter of it, so that no
 * wrapping passes for another.
 */
export function wrapKey(vaultKey: Uint8Array, kek: Uint8Array, ad: Uint8Array): WrappedKey {
  const nonce = randomBytes(NONCE_BYTES);
  const ciphertext = encrypt(vaultKey, ad, nonce, kek);
  wipe(kek);
  return { nonce, ciphertext };
}

/** The vault key, or null when it does not open; `kek` is wiped. */
export function unwrapKey(
  { nonce, ciphertext }: WrappedKey,
  kek: Uint8Array,
  ad: Uint8Array,
): Uint8Array | null {
  const vaultKey = decrypt(ciphertext, ad, nonce, kek);
  wipe(kek);
  return vaultKey?.length === KEY_BYTES ? vaultKey : null;
}

export function isWrappedKey(value: Partial<WrappedKey>): value is WrappedKey {
  return value.nonce instanceof Uint8Array && value.ciphertext instanceof Uint8Array;
}

/** Associated data of a wrapping (SPEC §19): its kind, then its parameters. */
export function wrappingData(kind: string, ...parameters: (string | Uint8Array)[]): Uint8Array {
  return associatedData('zusage/vault/wrapping/1', kind, ...parameters);
}

/**
 * The key-encryption key of a secret that is random and needs no stretching: HKDF-SHA-256 (RFC 5869), empty salt, info =
 * the kind and its own random bytes.
 */
export function derivedKey(
  secret: Uint8Array,
  kind: string,
  salt: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const info = associatedData('zusage/vault/key/1', kind, salt);
  return hkdfSha256(Uint8Array.from(secret), Uint8Array.from(info), KEY_BYTES);
}
