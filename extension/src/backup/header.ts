/**
 * The header of a backup file (SPEC §18):
 *
 *     magic (8) ‖ version (1) ‖ number of wrappings (1) ‖ wrappings ‖ secretstream header (24)
 *     wrapping: kind (1) ‖ u16be length ‖ that many bytes
 *     of kind 1, passphrase: algorithm (1) ‖ parallelism (1) ‖ u32be passes ‖ u32be KiB ‖ salt (16) ‖ nonce (24) ‖ ciphertext (48)
 *
 * Everything in it is authenticated by every chunk that follows.
 */
import { concat, u32be } from '@zusage/protocol/bytes';
import { KEY_BYTES, NONCE_BYTES, STREAM_HEADER_BYTES, TAG_BYTES } from '../vault/sodium.ts';
import { BackupCryptoError, BackupRefusal } from './errors.ts';

/** Bytes no text file begins with, and that a transfer as text would change. */
const MAGIC = Uint8Array.of(0x89, 0x5a, 0x53, 0x42, 0x4b, 0x0d, 0x0a, 0x1a);
const VERSION = 1;
const MOST_WRAPPINGS = 8;
const LONGEST_WRAPPING = 1024;
const FIXED = MAGIC.length + 2;

/** No header is longer. */
export const MAX_HEADER = FIXED + MOST_WRAPPINGS * (3 + LONGEST_WRAPPING) + STREAM_HEADER_BYTES;

const PASSPHRASE = 1;
const ARGON2ID13 = 1;
const SALT_BYTES = 16;
const WRAPPED_BYTES = KEY_BYTES + TAG_BYTES;
const BODY = 2 + 8 + SALT_BYTES + NONCE_BYTES + WRAPPED_BYTES;

/** The key of the file, encrypted under a passphrase. Parameters as they stand there, not checked yet. */
export interface FileWrapping {
  readonly algorithm: number;
  readonly parallelism: number;
  readonly passes: number;
  readonly kibibytes: number;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

export interface BackupHeader {
  readonly wrapping: FileWrapping;
  readonly stream: Uint8Array;
  /** The header as it stands in the file: what every chunk authenticates the digest of. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function encodeHeader(
  wrapping: Omit<FileWrapping, 'algorithm' | 'parallelism'>,
  stream: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return concat(
    MAGIC,
    Uint8Array.of(VERSION, 1, PASSPHRASE, BODY >> 8, BODY & 0xff, ARGON2ID13, 1),
    u32be(wrapping.passes),
    u32be(wrapping.kibibytes),
    wrapping.salt,
    wrapping.nonce,
    wrapping.ciphertext,
    stream,
  );
}

/**
 * @param start of the file: `MAX_HEADER` bytes, or all of a shorter one
 * @throws BackupRefusal `backup-foreign`, `backup-newer`; BackupCryptoError `backup-damaged`
 */
export function parseHeader(start: Uint8Array): BackupHeader {
  if (start.length === 0 || MAGIC.some((byte, at) => at < start.length && start[at] !== byte))
    throw new BackupRefusal('backup-foreign');
  if (start.length < FIXED) throw new BackupCryptoError('backup-damaged');
  const [version, count] = start.subarray(MAGIC.length) as unknown as [number, number];
  if (version > VERSION) throw new BackupRefusal('backup-newer');
  if (version < 1 || count < 1 || count > MOST_WRAPPINGS)
    throw new BackupCryptoError('backup-damaged');
  let at = FIXED;
  const take = (length: number): Uint8Array => {
    if (at + length > start.length) throw new BackupCryptoError('backup-damaged');
    at += length;
    return start.subarray(at - length, at);
  };
  let wrapping: FileWrapping | undefined;
  for (let i = 0; i < count; i += 1) {
    const [kind, high, low] = take(3) as unknown as [number, number, number];
    const length = high * 256 + low;
    if (length > LONGEST_WRAPPING) throw new BackupCryptoError('backup-damaged');
    const body = take(length);
    // Another way in, of a program that knows more ways than this one.
    if (kind === PASSPHRASE && wrapping === undefined) wrapping = parseWrapping(body);
  }
  const stream = take(STREAM_HEADER_BYTES).slice();
  if (wrapping === undefined) throw new BackupRefusal('backup-newer');
  return { wrapping, stream, bytes: start.slice(0, at) as Uint8Array<ArrayBuffer> };
}

function parseWrapping(body: Uint8Array): FileWrapping {
  if (body.length !== BODY) throw new BackupCryptoError('backup-damaged');
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const salt = 10;
  const nonce = salt + SALT_BYTES;
  const ciphertext = nonce + NONCE_BYTES;
  return {
    algorithm: view.getUint8(0),
    parallelism: view.getUint8(1),
    passes: view.getUint32(2),
    kibibytes: view.getUint32(6),
    salt: body.slice(salt, nonce),
    nonce: body.slice(nonce, ciphertext),
    ciphertext: body.slice(ciphertext),
  };
}

/** Accepted as Argon2id v1.3, by the number the file gives it. */
export const isArgon2id = ({ algorithm }: FileWrapping): boolean => algorithm === ARGON2ID13;
