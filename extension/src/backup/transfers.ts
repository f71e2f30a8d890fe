/**
 * Files on their way between a page and the worker, piece by piece, since a message holds only so much. They live in
 * this worker's memory and nowhere else: when it dies, the page begins again.
 */
import { concat } from '@zusage/protocol/bytes';
import type { BackupContents } from './contents.ts';
import { BackupReader } from './read-backup.ts';

/** Bytes in a piece. */
const PIECE = 1024 * 1024;
/** Milliseconds after the last piece for which what was read is kept. */
const KEPT = 10 * 60_000;

interface Outgoing {
  readonly id: string;
  readonly parts: readonly Uint8Array[];
}

interface Incoming {
  readonly id: string;
  readonly reader: BackupReader;
  contents: BackupContents | null;
}

/** One file out and one in at a time: a new one takes the place of the one before. */
export class Transfers {
  #outgoing: Outgoing | null = null;
  #incoming: Incoming | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @returns its name here, and in how many pieces it can be had */
  send(pieces: readonly Uint8Array[]): { id: string; parts: number } {
    const whole = concat(...pieces);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < whole.length; at += PIECE) parts.push(whole.subarray(at, at + PIECE));
    const id = crypto.randomUUID();
    this.#outgoing = { id, parts };
    this.#forgetLater();
    return { id, parts: parts.length };
  }

  /** A piece of a file that is being sent; undefined when there is none. The last one is given once. */
  part(id: string, number: number): { bytes: Uint8Array; last: boolean } | undefined {
    if (this.#outgoing?.id !== id) return undefined;
    const { parts } = this.#outgoing;
    const bytes = parts[number];
    if (bytes === undefined) return undefined;
    const last = number === parts.length - 1;
    if (last) this.#outgoing = null;
    return { bytes, last };
  }

  /** @throws BackupRefusal `backup-too-large` */
  receive(size: number, passphrase: string): string {
    const id = crypto.randomUUID();
    this.#incoming = { id, reader: new BackupReader(size, passphrase), contents: null };
    return id;
  }

  /** @returns undefined when this file is not known (any more) @throws as `BackupReader.push` */
  async take(id: string, piece: Uint8Array): Promise<BackupContents | null | undefined> {
    const incoming = this.#incoming;
    if (incoming?.id !== id || incoming.contents !== null) return undefined;
    try {
      incoming.contents = await incoming.reader.push(piece);
    } catch (error) {
      this.forget();
      throw error;
    }
    this.#forgetLater();
    return incoming.contents;
  }

  /** What was read, whole and verified. */
  contents(id: string): BackupContents | undefined {
    return (this.#incoming?.id === id && this.#incoming.contents) || undefined;
  }

  forget(): void {
    this.#incoming = null;
    this.#outgoing = null;
    clearTimeout(this.#timer);
  }

  #forgetLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.forget(), KEPT);
    // In Node a timer would keep a finished test alive; a worker's is a number.
    (this.#timer as { unref?: () => void }).unref?.();
  }
}
