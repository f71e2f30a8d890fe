/**
 * A wrapping is the vault key, encrypted under a key-encryption key. A vault holds a list of them, one for each way in:
 * one passphrase, at most one recovery code (`recovery-code.ts`), any number of passkeys (`passkey.ts`). What this
 * version does not know it leaves as it finds it.
 */
import { VaultCryptoError } from './errors.ts';
import {
  checkedKdfParameters,
  encodedKdfParameters,
  type KdfCost,
  type KdfParameters,
  keyEncryptionKey,
} from './kdf.ts';
import { randomBytes } from './sodium.ts';
import { isWrappedKey, unwrapKey, type WrappedKey, wrapKey, wrappingData } from './wrapped-key.ts';

export interface PassphraseWrapping extends WrappedKey {
  readonly kind: 'passphrase';
  readonly kdf: KdfParameters;
}

/** Any other way in. */
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
  return { kind: 'passphrase', kdf, ...wrapKey(vaultKey, kek, additional(kdf)) };
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
  const wrapping = passphraseWrapping(wrappings);
  const kdf = checkedKdfParameters(wrapping.kdf);
  const vaultKey = unwrapKey(wrapping, keyEncryptionKey(passphrase, kdf), additional(kdf));
  if (vaultKey === null) throw new VaultCryptoError('vault/wrong-passphrase');
  return vaultKey;
}

/** @throws VaultCryptoError `vault/corrupt` when there is none: every vault has one. */
export function passphraseWrapping(wrappings: readonly Wrapping[]): PassphraseWrapping {
  const wrapping = wrappings.find(isPassphraseWrapping);
  if (wrapping === undefined) throw new VaultCryptoError('vault/corrupt');
  return wrapping;
}

/** The list with `wrapping` in the place of every other of its kind. */
export function replaced(wrappings: readonly Wrapping[], wrapping: Wrapping): Wrapping[] {
  return [...wrappings.filter(({ kind }) => kind !== wrapping.kind), wrapping];
}

function isPassphraseWrapping(wrapping: Wrapping): wrapping is PassphraseWrapping {
  return wrapping.kind === 'passphrase' && isWrappedKey(wrapping as Partial<PassphraseWrapping>);
}

function additional(kdf: KdfParameters): Uint8Array {
  return wrappingData('passphrase', encodedKdfParameters(kdf));
}
