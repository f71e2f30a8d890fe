/** The key of a backup file: random, and in the file only under the file's own passphrase. It opens no vault. */
import { associatedData } from '../vault/associated-data.ts';
import { VaultRefusal } from '../vault/errors.ts';
import {
  checkedKdfParameters,
  encodedKdfParameters,
  type KdfCost,
  type KdfParameters,
  keyEncryptionKey,
} from '../vault/kdf.ts';
import { decrypt, encrypt, KEY_BYTES, NONCE_BYTES, randomBytes, wipe } from '../vault/sodium.ts';
import { subkey } from '../vault/subkeys.ts';
import { BackupCryptoError, BackupRefusal } from './errors.ts';
import { type FileWrapping, isArgon2id } from './header.ts';

/**
 * A fresh key for one file, as the stream uses it, and its wrapping under the passphrase.
 *
 * @throws VaultRefusal `vault/kdf-parameters`
 */
export function newFileKey(
  passphrase: Uint8Array,
  cost: KdfCost,
): { streamKey: Uint8Array; wrapping: Omit<FileWrapping, 'algorithm' | 'parallelism'> } {
  const kdf = checkedKdfParameters({
    algorithm: 'argon2id13',
    parallelism: 1,
    ...cost,
    salt: randomBytes(16),
  });
  const kek = keyEncryptionKey(passphrase, kdf);
  const fileKey = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const ciphertext = encrypt(fileKey, additional(kdf), nonce, kek);
  const streamKey = subkey(fileKey, 'backup');
  wipe(kek);
  wipe(fileKey);
  const { passes, memory, salt } = kdf;
  return { streamKey, wrapping: { passes, kibibytes: memory / 1024, salt, nonce, ciphertext } };
}

/**
 * @throws BackupRefusal `backup-kdf` before anything is run; BackupCryptoError `backup-passphrase`
 */
export function openFileKey(wrapping: FileWrapping, passphrase: Uint8Array): Uint8Array {
  const kdf = parametersOf(wrapping);
  const kek = keyEncryptionKey(passphrase, kdf);
  const fileKey = decrypt(wrapping.ciphertext, additional(kdf), wrapping.nonce, kek);
  wipe(kek);
  if (fileKey === null) throw new BackupCryptoError('backup-passphrase');
  const streamKey = subkey(fileKey, 'backup');
  wipe(fileKey);
  return streamKey;
}

function parametersOf(wrapping: FileWrapping): KdfParameters {
  const { parallelism, passes, kibibytes, salt } = wrapping;
  try {
    return checkedKdfParameters({
      algorithm: isArgon2id(wrapping) ? 'argon2id13' : undefined,
      parallelism,
      passes,
      memory: kibibytes * 1024,
      salt,
    });
  } catch (error) {
    if (error instanceof VaultRefusal) throw new BackupRefusal('backup-kdf');
    throw error;
  }
}

function additional(kdf: KdfParameters): Uint8Array {
  return associatedData('zusage/backup/wrapping/1', 'passphrase', encodedKdfParameters(kdf));
}
