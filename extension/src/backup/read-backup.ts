import { concat } from '@zusage/protocol/bytes';
import { sha256 } from '@zusage/protocol/crypto';
import { passphraseBytes } from '../vault/passphrase.ts';
import {
  openStream,
  pullChunk,
  ready,
  STREAM_CHUNK_EXTRA,
  STREAM_TAG,
  type StreamState,
  unpad,
  wipe,
} from '../vault/sodium.ts';
import { type BackupContents, ContentsReader } from './contents.ts';
import { BackupCryptoError, BackupRefusal } from './errors.ts';
import { openFileKey } from './file-key.ts';
import { MAX_HEADER, parseHeader } from './header.ts';
import { CHUNK, MAX_FILE } from './write-backup.ts';

const SEALED = CHUNK + STREAM_CHUNK_EXTRA;

interface Stream {
  readonly state: StreamState;
  readonly ad: Uint8Array;
}

/**
 * Reads a backup file that comes in pieces of any length. Nothing of it is given out before all of it has been
 * verified: every chunk in its place, the last one marked as such, nothing after it.
 */
export class BackupReader {
  readonly #size: number;
  readonly #passphrase: string;
  readonly #contents = new ContentsReader();
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array();
  #given = 0;
  #stream: Stream | undefined;
  #ended = false;

  /**
   * @param size of the file, as the browser states it
   * @throws BackupRefusal `backup-too-large`: nothing of such a file is read
   */
  constructor(size: number, passphrase: string) {
    if (size > MAX_FILE) throw new BackupRefusal('backup-too-large');
    this.#size = size;
    this.#passphrase = passphrase;
  }

  /**
   * @returns the contents with the last piece, null before
   * @throws BackupRefusal `backup-foreign`, `backup-newer`, `backup-kdf`; BackupCryptoError `backup-passphrase`,
   *   `backup-damaged`; VaultRefusal `vault/passphrase`
   */
  async push(piece: Uint8Array): Promise<BackupContents | null> {
    this.#given += piece.length;
    if (this.#given > this.#size) throw new BackupCryptoError('backup-damaged');
    this.#rest = concat(this.#rest, piece);
    const isLast = this.#given === this.#size;
    if (this.#stream === undefined && (isLast || this.#rest.length >= MAX_HEADER))
      await this.#begin();
    if (this.#stream === undefined) return null;
    let at = 0;
    for (; this.#rest.length - at >= SEALED; at += SEALED)
      this.#chunk(this.#stream, this.#rest.subarray(at, at + SEALED));
    this.#rest = this.#rest.slice(at);
    if (!isLast) return null;
    if (!this.#ended || this.#rest.length > 0) throw new BackupCryptoError('backup-damaged');
    return this.#contents.end();
  }

  async #begin(): Promise<void> {
    const header = parseHeader(this.#rest);
    const typed = passphraseBytes(this.#passphrase);
    await ready;
    const key = openFileKey(header.wrapping, typed);
    wipe(typed);
    const state = openStream(header.stream, key);
    wipe(key);
    if (state === null) throw new BackupCryptoError('backup-damaged');
    this.#stream = { state, ad: await sha256(header.bytes) };
    this.#rest = this.#rest.slice(header.bytes.length);
  }

  #chunk({ state, ad }: Stream, sealed: Uint8Array): void {
    const chunk = this.#ended ? null : pullChunk(state, sealed, ad);
    if (chunk === null) throw new BackupCryptoError('backup-damaged');
    this.#ended = chunk.tag === STREAM_TAG.final;
    const isMessage = chunk.tag === STREAM_TAG.message;
    const plaintext = this.#ended ? unpad(chunk.plaintext, CHUNK) : chunk.plaintext;
    if (plaintext === null || !(isMessage || this.#ended))
      throw new BackupCryptoError('backup-damaged');
    this.#contents.push(plaintext);
  }
}
