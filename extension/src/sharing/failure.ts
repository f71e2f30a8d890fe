import { BackupError } from '../backup/errors.ts';
import type { CommandError } from '../messages.ts';
import { ServiceError } from '../network/vault-service.ts';
import { VaultError, type VaultErrorCode } from '../vault/errors.ts';

/** Why a command of an extension page was not carried out. The message is the code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly code: CommandError;
  constructor(code: CommandError) {
    super(code);
    this.code = code;
  }
}

const CODES: Readonly<Record<VaultErrorCode, CommandError>> = {
  'vault/none': 'none',
  'vault/exists': 'exists',
  'vault/locked': 'locked',
  'vault/passphrase': 'passphrase',
  'vault/wrong-passphrase': 'wrong-passphrase',
  'vault/wrong-code': 'wrong-code',
  'vault/wrong-passkey': 'wrong-passkey',
  'vault/wait': 'wait',
  'vault/code': 'code',
  'vault/other-code': 'other-code',
  'vault/no-kit': 'no-kit',
  'vault/read-only': 'read-only',
  'vault/corrupt': 'corrupt',
  'vault/rolled-back': 'corrupt',
  'vault/kdf-parameters': 'corrupt',
  'vault/storage': 'storage',
};

/** The one code a page may see for whatever was thrown; null for a mistake of ours. */
export function commandCode(error: unknown): CommandError | null {
  if (
    error instanceof CommandFailure ||
    error instanceof ServiceError ||
    error instanceof BackupError
  )
    return error.code;
  return error instanceof VaultError ? CODES[error.code] : null;
}

/** Runs a command of an extension page: whatever a person could act on arrives as a CommandFailure. */
export async function asCommand<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = commandCode(error);
    throw code === null ? error : new CommandFailure(code);
  }
}
