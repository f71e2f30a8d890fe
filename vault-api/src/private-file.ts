import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A file or folder that should be ours alone is not. The message is a sentence for the operator. */
export class PrivateFileError extends Error {
  override readonly name = 'PrivateFileError';
}

/** The folder of keys and database, for its owner only. @throws PrivateFileError */
export function makePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new PrivateFileError(`The folder ${path} cannot be made.`, { cause });
  }
}

/** @throws PrivateFileError when group or others may read or write the file */
export function assertPrivate(path: string): void {
  // Windows has no such bits; its access lists are the operator's business.
  if (process.platform === 'win32') return;
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new PrivateFileError(`${path} can be read by others; chmod 600 it, or replace its keys.`);
  }
}

/**
 * Creates the file with mode 0600 if it does not exist, and refuses one that others can read.
 * @throws PrivateFileError
 */
export function touchPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (cause) {
    throw failureOf(path, 'written', cause);
  }
  assertPrivate(path);
}

/** Writes it whole or not at all, and durable. @throws PrivateFileError */
export function writePrivate(path: string, text: string): void {
  try {
    replace(path, text);
  } catch (cause) {
    throw failureOf(path, 'written', cause);
  }
}

const REASONS: { readonly [code: string]: string } = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EFBIG: 'it would be larger than files may be',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is none',
};

/** Names the file and what an operator can do something about, if it is known. */
export function failureOf(
  path: string,
  what: 'read' | 'written',
  cause: unknown,
): PrivateFileError {
  const reason = REASONS[(cause as NodeJS.ErrnoException).code ?? ''];
  const why = reason === undefined ? '' : `: ${reason}`;
  return new PrivateFileError(`${path} cannot be ${what}${why}.`, { cause });
}

function replace(path: string, text: string): void {
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
