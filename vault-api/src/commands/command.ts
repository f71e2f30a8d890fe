import { isZusageError } from '@zusage/protocol/errors';
import { ConfigError } from '../config.ts';
import { StoreError } from '../errors.ts';
import { PrivateFileError } from '../private-file.ts';

/** The command line is not one of the command's. The message is a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for could not be done. The message is a sentence. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const SENTENCES = [CommandError, ConfigError, PrivateFileError, StoreError];

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs a command. Exit codes: 0 done, 1 not done and why, 2 usage. `--help` prints the usage and does nothing.
 * @param usage printed on `--help` and after a wrong command line
 */
export async function runCommand(
  usage: string,
  command: (words: readonly string[]) => Promise<void>,
): Promise<void> {
  const words = process.argv.slice(2);
  if (words.includes('--help') || words.includes('-h')) {
    say(usage);
    return;
  }
  try {
    await command(words);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usage}\n`);
      process.exitCode = 2;
      return;
    }
    const isSentence = SENTENCES.some((kind) => error instanceof kind);
    if (!isSentence && !isZusageError(error)) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
