import { encodeUtf8 } from '../bytes.ts';
import { type Minute, minuteAt, parseEntry } from '../tlog/entry.ts';
import { TlogError } from '../tlog/errors.ts';
import { equalBytes } from '../tlog/hash.ts';
import type { Opened } from '../tlog/opening.ts';
import { buildInclusion } from '../tlog/proof.ts';
import { nodesFromTiles, TILE_WIDTH } from '../tlog/tile.ts';
import type { ProvenEntry } from '../tlog/tlog-proof.ts';
import { leafHash, verifyInclusion } from '../tlog/tree.ts';
import { Undecided } from './finding.ts';
import type { PublishedHead } from './heads.ts';
import { readEntries, readTileBytes } from './read-tiles.ts';
import type { LogSource } from './source.ts';

/** Before every minute, so that a damaged entry never ends a search too early. */
const BEFORE_ALL: Minute = minuteAt(0);

/**
 * Finds the entry of an opening in the log and proves its place, as a proof file would have. The minutes of a log
 * never go back, so a binary search over the bundles finds the first that may hold it.
 */
export class Locator {
  readonly #source: LogSource;
  readonly #head: PublishedHead;
  readonly #bundles = new Map<number, Promise<Uint8Array[]>>();

  constructor(source: LogSource, head: PublishedHead) {
    this.#source = source;
    this.#head = head;
  }

  /** @returns null when the log does not hold the entry @throws Undecided, TlogError `tree/inclusion` */
  async find(opened: Opened): Promise<ProvenEntry | null> {
    const entry = encodeUtf8(opened.opening.entry);
    const { minute } = opened.entry;
    const count = Math.ceil(this.#head.size / TILE_WIDTH);
    for (let n = await this.#firstOf(minute, count); n < count; n++) {
      const entries = await this.#bundle(n);
      const at = entries.findIndex((candidate) => equalBytes(candidate, entry));
      if (at !== -1) return this.#prove(opened, entry, n * TILE_WIDTH + at);
      if (minuteOf(entries[0]) > minute) break;
    }
    return null;
  }

  /** The first bundle whose last entry is not before the minute. */
  async #firstOf(minute: Minute, count: number): Promise<number> {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (minuteOf((await this.#bundle(middle)).at(-1)) < minute) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #bundle(index: number): Promise<Uint8Array[]> {
    const known = this.#bundles.get(index) ?? this.#read(index);
    this.#bundles.set(index, known);
    return known;
  }

  async #read(index: number): Promise<Uint8Array[]> {
    const width = Math.min(TILE_WIDTH, this.#head.size - index * TILE_WIDTH);
    const read = await readEntries(this.#source, { index, width }, ({ path }) => {
      throw new Undecided(`${path} is missing or damaged; verify says more.`);
    });
    return read?.entries ?? [];
  }

  async #prove(opened: Opened, entry: Uint8Array, index: number): Promise<ProvenEntry> {
    const { size, root, note, cosignatures } = this.#head;
    const nodes = nodesFromTiles(size, (tile) => readTileBytes(this.#source, tile));
    const leaf = leafHash(entry);
    verifyInclusion(leaf, { index, size, root }, await buildInclusion({ index, size }, nodes));
    const origin = note.slice(0, note.indexOf('\n'));
    return { ...opened, index, leaf, checkpoint: { origin, size, root, note, cosignatures } };
  }
}

function minuteOf(entry: Uint8Array | undefined): Minute {
  try {
    return entry === undefined ? BEFORE_ALL : parseEntry(entry).minute;
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    return BEFORE_ALL;
  }
}
