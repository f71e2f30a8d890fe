import { gunzipSync } from 'node:zlib';
import { UsageError } from './finding.ts';
import { folderSource } from './folder-source.ts';
import { httpSource } from './http-source.ts';

/** Where a log is read from: what lies below its prefix, by path. */
export type LogSource = {
  readonly where: string;
  readonly remote: boolean;
  /**
   * @param max bytes; more is answered with `max + 1` of them, so that a wrong length is seen and nothing fills memory
   * @returns null for what is not there
   * @throws Undecided when it cannot be known
   */
  readonly read: (path: string, max: number) => Promise<Uint8Array | null>;
  /** Names in a folder of the log, in no order; null where the source cannot list. */
  readonly list: (path: string) => Promise<readonly string[] | null>;
};

export type SourceOptions = {
  /** Milliseconds for one file. */
  readonly timeout: number;
  /** Requests at the same time. */
  readonly concurrency: number;
  /** Milliseconds to wait for a file that a checkpoint promises and that is not there yet. */
  readonly patience: number;
};
export const SOURCE_DEFAULTS: SourceOptions = { timeout: 20_000, concurrency: 8, patience: 3000 };

/** @param where an http(s) address of the log's prefix, or a folder with an exported log */
export function openSource(where: string, options: SourceOptions = SOURCE_DEFAULTS): LogSource {
  if (/^https?:\/\//i.test(where)) {
    if (!URL.canParse(where)) throw new UsageError(`${where} is no address.`);
    return httpSource(new URL(where), options);
  }
  return folderSource(where);
}

/** Entries may lie compressed; no entry bundle begins with these two bytes, which announce an entry of 8,075. */
export function unzipped(bytes: Uint8Array, max: number): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: max });
  } catch {
    return new Uint8Array();
  }
}
