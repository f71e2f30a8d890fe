/**
 * Every way the vault says no. The union is closed: these codes cross into messages and screens, and nothing else about
 * a failure does — no library message, no value, no passphrase, no key.
 *
 * Two classes, because two different things happened: VaultCryptoError – the bytes are not what this vault sealed (or
 * the passphrase is not the one it was sealed under); VaultRefusal – the vault declines, or cannot reach its storage.
 */
export type VaultCryptoCode =
  | 'vault/wrong-passphrase'
  | 'vault/wrong-code'
  | 'vault/wrong-passkey'
  | 'vault/corrupt'
  | 'vault/rolled-back';

export type VaultRefusalCode =
  | 'vault/none'
  | 'vault/exists'
  | 'vault/locked'
  | 'vault/passphrase'
  /** Too many wrong passphrases: not yet. */
  | 'vault/wait'
  /** A mistyped recovery code. */
  | 'vault/code'
  /** The stop sheet's code where the recovery code was asked for. */
  | 'vault/other-code'
  | 'vault/no-kit'
  | 'vault/read-only'
  | 'vault/kdf-parameters'
  | 'vault/storage';

export type VaultErrorCode = VaultCryptoCode | VaultRefusalCode;

/** What callers catch. `message` is the code. */
export abstract class VaultError extends Error {
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode) {
    super(code);
    this.name = 'VaultError';
    this.code = code;
  }
}

/** Bytes that do not open: wrong passphrase, altered, exchanged or rolled back. */
export class VaultCryptoError extends VaultError {
  declare readonly code: VaultCryptoCode;

  constructor(code: VaultCryptoCode) {
    super(code);
    this.name = 'VaultCryptoError';
  }
}

/** A request the vault declines although nothing is wrong with its bytes. */
export class VaultRefusal extends VaultError {
  declare readonly code: VaultRefusalCode;

  constructor(code: VaultRefusalCode) {
    super(code);
    this.name = 'VaultRefusal';
  }
}
