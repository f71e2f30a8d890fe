/**
 * A wrapping is the vault key, encrypted under a key-encryption key. A vault holds a list of them, one for each way in;
 * this version makes and opens the passphrase's and leaves every other kind as it finds it.
 */
import { associatedData } from './associated-data.ts';
import { VaultCryptoError } from './errors.ts';
import {
  checkedKdfParameters,
  encodedKdfParameters,
  type KdfCost,
  type KdfParameters,
  keyEncryptionKey,
} from './kdf.ts';
import { decrypt, encrypt, NONCE_BYTES, randomBytes, wipe } from './sodium.ts';

export interface PassphraseWrapping {
  readonly kind: 'passphrase';
  readonly kdf: KdfParameters;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** A way in that this version does not know. */
export interface OtherWrapping {
  readonly kind: string;
}

export type Wrapping = PassphraseWrapping | OtherWrapping;

/**
 * Wraps the 32-byte vault key under a passphrase with a fresh salt: XChaCha20-Poly1305, associated data = all KDF
 * parameters.
 *
 * @throws VaultRefusal `vault/kdf-parameters` when the cost is outside the accepted range.
 */
export function wrapForPassphrase(
  vaultKey: Uint8Array,
  passphrase: Uint8Array,
  cost: KdfCost,
): PassphraseWrapping {
  const kdf = checkedKdfParameters({
    algorithm: 'argon2id13',
    parallelism: 1,
    passes: cost.passes,
    memory: cost.memory,
    salt: randomBytes(16),
  });
  const kek = keyEncryptionKey(passphrase, kdf);
  const nonce = randomBytes(NONCE_BYTES);
  const ciphertext = encrypt(vaultKey, additional(kdf), nonce, kek);
  wipe(kek);
  return { kind: 'passphrase', kdf, nonce, ciphertext };
}

/**
 * The vault key.
 *
 * @throws VaultRefusal `vault/kdf-parameters` before anything is run.
 * @throws VaultCryptoError `vault/wrong-passphrase` – also when the wrapping was altered, which looks the same;
 *   `vault/corrupt` when there is no passphrase wrapping at all.
 */
export function unwrapWithPassphrase(
  wrappings: readonly Wrapping[],
  passphrase: Uint8Array,
): Uint8Array {
  const wrapping = wrappings.find(isPassphraseWrapping);
  if (wrapping === undefined) throw new VaultCryptoError('vault/corrupt');
  const kdf = checkedKdfParameters(wrapping.kdf);
  const kek = keyEncryptionKey(passphrase, kdf);
  const vaultKey = decrypt(wrapping.ciphertext, additional(kdf), wrapping.nonce, kek);
  wipe(kek);
  if (vaultKey === null || vaultKey.length !== 32)
    throw new VaultCryptoError('vault/wrong-passphrase');
  return vaultKey;
}

function isPassphraseWrapping(wrapping: Wrapping): wrapping is PassphraseWrapping {
  const { kind, nonce, ciphertext } = wrapping as Partial<PassphraseWrapping>;
  return kind === 'passphrase' && nonce instanceof Uint8Array && ciphertext instanceof Uint8Array;
}

function additional(kdf: KdfParameters): Uint8Array {
  return associatedData('zusage/vault/wrapping/1', 'passphrase', encodedKdfParameters(kdf));
}
