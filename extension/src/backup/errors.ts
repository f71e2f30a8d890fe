/**
 * Every way a backup file is not taken. The codes are those that pages see; each has a sentence.
 *
 * Two classes, as everywhere: BackupCryptoError – the bytes are not what was sealed, or not under this passphrase;
 * BackupRefusal – the file is declined before anything of it is opened.
 */

/**
 * - `backup-passphrase` – not the one it was made with (or its wrapping was altered, which looks the same)
 * - `backup-damaged` – cut off, altered, out of order, or something follows its end
 */
export type BackupCryptoCode = 'backup-passphrase' | 'backup-damaged';

/**
 * - `backup-foreign` – not a backup file of a vault
 * - `backup-newer` – of a version that this one does not know
 * - `backup-too-large` – more than `MAX_FILE`
 * - `backup-kdf` – asks for more or less work than is accepted
 */
export type BackupRefusalCode =
  | 'backup-foreign'
  | 'backup-newer'
  | 'backup-too-large'
  | 'backup-kdf';

export type BackupCode = BackupCryptoCode | BackupRefusalCode;

/** What callers catch. `message` is the code. */
export abstract class BackupError extends Error {
  readonly code: BackupCode;

  constructor(code: BackupCode) {
    super(code);
    this.name = 'BackupError';
    this.code = code;
  }
}

export class BackupCryptoError extends BackupError {
  declare readonly code: BackupCryptoCode;

  constructor(code: BackupCryptoCode) {
    super(code);
    this.name = 'BackupCryptoError';
  }
}

export class BackupRefusal extends BackupError {
  declare readonly code: BackupRefusalCode;

  constructor(code: BackupRefusalCode) {
    super(code);
    this.name = 'BackupRefusal';
  }
}
