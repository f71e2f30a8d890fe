import { VaultRefusal } from './errors.ts';

/**
 * The bytes a passphrase stands for: NFKC, then UTF-8, so that the same passphrase typed on another keyboard is the same
 * passphrase.
 *
 * @throws VaultRefusal `vault/passphrase` unless these are 1–1,024 bytes of well-formed text.
 */
export function passphraseBytes(passphrase: string): Uint8Array {
  // A lone surrogate would be encoded as U+FFFD, and different passphrases would become one.
  if (!passphrase.isWellFormed()) throw new VaultRefusal('vault/passphrase');
  const bytes = new TextEncoder().encode(passphrase.normalize('NFKC'));
  if (bytes.length < 1 || bytes.length > 1024) throw new VaultRefusal('vault/passphrase');
  return bytes;
}
