import type { Bytes } from '../bytes.ts';
import { type LogEntry, type Minute, parseEntry } from '../tlog/entry.ts';
import { TlogError } from '../tlog/errors.ts';
import { equalBytes } from '../tlog/hash.ts';
import { rightmostTiles, TILE_WIDTH } from '../tlog/tile.ts';
import { leafHash } from '../tlog/tree.ts';
import type { Edge, GrownTile } from './edge.ts';
import type { Finding } from './finding.ts';
import type { PublishedHead, PublishedHeads } from './heads.ts';
import { checkOpenPartials, checkPartialsOfFull, type OpenFile } from './partials.ts';
import { readEntries, readHashes, type Served } from './read-tiles.ts';
import type { LogSource } from './source.ts';
import type { Difference, HeadMismatch, TileMismatch, Walked } from './walked.ts';

/** Bundles read ahead. */
const AHEAD = 16;
/** Differing leaves remembered, to tell another order from other entries. */
const MAX_DIFFERENCES = 4096;

export type WalkOptions = {
  readonly source: LogSource;
  /** Entries to read up to. */
  readonly size: number;
  /** What is already known to be right. */
  readonly start: Edge;
  readonly startMinute: Minute | null;
  readonly heads: PublishedHeads;
  readonly report: (finding: Finding) => void;
  /** Told about every new entry that could be read. */
  readonly onEntry: (index: number, entry: LogEntry, bytes: Uint8Array) => void;
  readonly progress: (entries: number) => void;
};

type Pair = {
  readonly index: number;
  readonly width: number;
  readonly entries: Uint8Array[] | null;
  readonly bundle: Served | null;
  readonly hashes: Bytes[] | null;
  readonly tile: Served | null;
  readonly heads: readonly PublishedHead[];
};

/** Reads a log from a known edge to a size, bundle by bundle, and grows the tree in two ways. */
export class Walk {
  readonly #options: WalkOptions;
  readonly #byEntries: Edge;
  #byTiles: Edge | null = null;
  readonly #differences: Difference[] = [];
  readonly #tiles: TileMismatch[] = [];
  readonly #heads: HeadMismatch[] = [];
  readonly #published: number[] = [];
  #complete = true;
  #minute: Minute | null;
  #tilesRead = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#byEntries = options.start.clone();
    this.#minute = options.startMinute;
  }

  async run(): Promise<Walked> {
    const { start, size } = this.#options;
    const last = Math.ceil(size / TILE_WIDTH);
    let next = Math.floor(start.size / TILE_WIDTH);
    const ahead: Promise<Pair>[] = [];
    let open: Pair | null = null;
    while (next < last || ahead.length > 0) {
      while (next < last && ahead.length < AHEAD) {
        const pair = this.#read(next++);
        pair.catch(() => undefined); // Awaited below, unless an earlier one failed.
        ahead.push(pair);
      }
      const pair = await (ahead.shift() as Promise<Pair>);
      const grown = this.#grow(pair);
      if (grown === null) break;
      for (const [a, b] of grown) await this.#compareTile(a, b, TILE_WIDTH);
      open = pair.width === TILE_WIDTH ? null : pair;
      await this.#partialsOf(pair);
      this.#options.progress(this.#byEntries.size);
    }
    if (this.#complete) await this.#rightEdge(open);
    return {
      byEntries: this.#byEntries,
      byTiles: this.#byTiles ?? this.#byEntries,
      differences: this.#differences,
      tiles: this.#tiles,
      heads: this.#heads,
      complete: this.#complete,
      entries: this.#byEntries.size - start.size,
      tilesRead: this.#tilesRead,
      lastMinute: this.#minute,
    };
  }

  async #read(index: number): Promise<Pair> {
    const { source, size, start, heads, report } = this.#options;
    const from = index * TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, size - from);
    const [bundle, tile, published] = await Promise.all([
      readEntries(source, { index, width }, report),
      readHashes(source, { level: 0, index, width }, report),
      heads.between(Math.max(from, start.size), from + width, report),
    ]);
    return {
      index,
      width,
      entries: bundle?.entries ?? null,
      bundle: bundle?.served ?? null,
      hashes: tile?.hashes ?? null,
      tile: tile?.served ?? null,
      heads: published,
    };
  }

  /** @returns the tiles above level 0 that this bundle filled, by entries and by tiles; null when nothing can go on */
  #grow(pair: Pair): [GrownTile, GrownTile][] | null {
    const { start } = this.#options;
    const { entries, hashes, width } = pair;
    this.#tilesRead++;
    if (entries === null || hashes === null) this.#complete = false;
    if (entries === null && hashes === null) return null;
    const from = pair.index * TILE_WIDTH;
    const leaves = entries?.map(leafHash) ?? (hashes as Bytes[]);
    const known = start.size > from ? (start.rows[0] ?? []) : [];
    const byEntries: GrownTile[] = [];
    const byTiles: GrownTile[] = [];
    let nextHead = 0;
    for (let i = 0; i < width; i++) {
      const leaf = leaves[i] as Bytes;
      const ofTile = hashes?.[i] ?? leaf;
      const index = from + i;
      const before = known[i];
      if (before !== undefined) {
        if (!equalBytes(leaf, before) || !equalBytes(ofTile, before)) {
          this.#differ(pair, { index, ofEntry: leaf, ofTile, known: before });
        }
        continue;
      }
      if (!equalBytes(leaf, ofTile)) {
        this.#byTiles ??= this.#byEntries.clone();
        this.#differ(pair, { index, ofEntry: leaf, ofTile, known: null });
      }
      this.#byEntries.append(leaf, (tile) => tile.level > 0 && byEntries.push(tile));
      this.#byTiles?.append(ofTile, (tile) => tile.level > 0 && byTiles.push(tile));
      if (entries !== null) this.#entry(index, entries[i] as Uint8Array);
      for (; pair.heads[nextHead]?.size === index + 1; nextHead++) {
        this.#head(pair.heads[nextHead] as PublishedHead);
      }
    }
    return byEntries.map((tile, i) => [tile, this.#byTiles === null ? tile : (byTiles[i] ?? tile)]);
  }

  #differ({ bundle, tile }: Pair, difference: Omit<Difference, 'bundle' | 'tile'>): void {
    if (this.#differences.length >= MAX_DIFFERENCES) return;
    this.#differences.push({ ...difference, bundle, tile });
  }

  #entry(index: number, bytes: Uint8Array): void {
    const { report, onEntry } = this.#options;
    let entry: LogEntry;
    try {
      entry = parseEntry(bytes);
    } catch (error) {
      if (!(error instanceof TlogError)) throw error;
      const exhibits = [{ name: `entry-${index}.bin`, bytes }];
      report({ code: 'entry/format', index, detail: error.code, exhibits });
      return;
    }
    if (this.#minute !== null && entry.minute < this.#minute) {
      report({ code: 'entry/time', index, exhibits: [{ name: `entry-${index}.json`, bytes }] });
    } else {
      this.#minute = entry.minute;
    }
    onEntry(index, entry, bytes);
  }

  #head(head: PublishedHead): void {
    this.#published.push(head.size);
    const byEntries = equalBytes(this.#byEntries.root(), head.root);
    const byTiles =
      this.#byTiles === null ? byEntries : equalBytes(this.#byTiles.root(), head.root);
    if (!byEntries || !byTiles) this.#heads.push({ head, byEntries, byTiles });
  }

  async #compareTile(a: GrownTile, b: GrownTile, width: number): Promise<void> {
    const { source, report } = this.#options;
    const read = await readHashes(source, { ...a, width }, report);
    this.#tilesRead++;
    if (read === null) return;
    const same = (tile: GrownTile) =>
      read.hashes.every((hash, i) => equalBytes(hash, tile.hashes[i] as Bytes));
    const byEntries = same(a);
    const byTiles = a === b ? byEntries : same(b);
    if (!byEntries || !byTiles) {
      const { served } = read;
      this.#tiles.push({ level: a.level, path: served.path, served, byEntries, byTiles });
    } else if (width === TILE_WIDTH) {
      await checkPartialsOfFull(source, a.level, a.index, read.served, report);
    }
  }

  async #partialsOf({ index, width, bundle, tile }: Pair): Promise<void> {
    if (width < TILE_WIDTH) return;
    const { source, report } = this.#options;
    if (tile !== null) await checkPartialsOfFull(source, 0, index, tile, report);
    if (bundle !== null) await checkPartialsOfFull(source, 'entries', index, bundle, report);
  }

  /** The unfinished tiles: they must be served at this width, and at every published one. */
  async #rightEdge(open: Pair | null): Promise<void> {
    const { source, report, size } = this.#options;
    const byTiles = (this.#byTiles ?? this.#byEntries).openTiles();
    const files: OpenFile[] = [];
    for (const [i, tile] of this.#byEntries.openTiles().entries()) {
      if (tile.level > 0) await this.#compareTile(tile, byTiles[i] ?? tile, tile.hashes.length);
      files.push({ level: tile.level, index: tile.index, hashes: tile.hashes });
    }
    if (open?.entries != null) {
      files.push({ level: 'entries', index: open.index, entries: open.entries });
    }
    const sizes = this.#published.filter((published) => published < size);
    await checkOpenPartials(source, files, sizes.map(rightmostTiles), report);
  }
}
