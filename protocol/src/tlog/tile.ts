/** C2SP tlog-tiles at height 8: where hashes and entries of a tree lie, and what a bundle of entries holds. */
import type { Bytes } from '../bytes.ts';
import { TlogError } from './errors.ts';
import type { ReadNodes } from './proof.ts';
import { foldRight, type NodeId, nodeHash } from './tree.ts';

export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;
export const HASH_LENGTH = 32;
/** Longest entry that u16be can announce. */
export const MAX_ENTRY = 0xffff;

/** `width` hashes (or entries) from `index · 256` on; `level` counts tiles. */
export type Tile = { readonly level: number; readonly index: number; readonly width: number };

/** Three digits a part, all but the last with `x`: 1234067 → `x001/x234/067`. */
export function tileNumber(index: number): string {
  const parts = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    parts.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return parts.join('/');
}

const suffix = (width: number) => (width === TILE_WIDTH ? '' : `.p/${width}`);

/** Below the log's prefix. */
export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${tileNumber(index)}${suffix(width)}`;
}

/** The bundle beside a tile of level 0. */
export function entriesPath({ index, width }: Omit<Tile, 'level'>): string {
  return `tile/entries/${tileNumber(index)}${suffix(width)}`;
}

/** How many hashes a level has in a tree of this size: floor(size / 256^level). */
export function widthOfLevel(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The tile at this place in a tree of this size; its width is 0 when the tree does not reach it. */
export function tileAt(level: number, index: number, size: number): Tile {
  const width = Math.min(TILE_WIDTH, Math.max(0, widthOfLevel(level, size) - index * TILE_WIDTH));
  return { level, index, width };
}

/** The last tile of every level, partial or full: the tiles a tree of this size ends in. */
export function rightmostTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; widthOfLevel(level, size) > 0; level++) {
    tiles.push(tileAt(level, Math.floor((widthOfLevel(level, size) - 1) / TILE_WIDTH), size));
  }
  return tiles;
}

/** The tile that holds a node, and the hashes in it that the node is the root of. */
export function tileOfNode(
  { level, index }: NodeId,
  size: number,
): { tile: Tile; from: number; count: number } {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const count = 2 ** (level % TILE_HEIGHT);
  const first = index * count;
  const tile = tileAt(tileLevel, Math.floor(first / TILE_WIDTH), size);
  const from = first % TILE_WIDTH;
  if (from + count > tile.width) throw new TlogError('tree/index');
  return { tile, from, count };
}

/** @throws TlogError `tile/length` */
export function hashesOfTile(bytes: Uint8Array, width: number): Bytes[] {
  if (bytes.length !== width * HASH_LENGTH) throw new TlogError('tile/length');
  return Array.from({ length: width }, (_, i) => hashAt(bytes, i));
}

function hashAt(bytes: Uint8Array, i: number): Bytes {
  return new Uint8Array(bytes.subarray(i * HASH_LENGTH, (i + 1) * HASH_LENGTH));
}

/** Root of a run of hashes as one perfect subtree. @param hashes as many as a power of two */
export function perfectRoot(hashes: readonly Bytes[]): Bytes {
  let row = hashes;
  while (row.length > 1) {
    const above: Bytes[] = [];
    for (let i = 0; i + 1 < row.length; i += 2)
      above.push(nodeHash(row[i] as Bytes, row[i + 1] as Bytes));
    row = above;
  }
  return foldRight(row);
}

/** Reads a tile as it is served. Its length is checked here, its hashes by the proof that is built from them. */
export type ReadTile = (tile: Tile) => Promise<Uint8Array>;

/**
 * Nodes of a tree of this size, read from tiles. Tiles are kept while one call needs them.
 * @throws TlogError `tile/length`, `tree/index`, and what `readTile` throws
 */
export function nodesFromTiles(size: number, readTile: ReadTile): ReadNodes {
  return async (nodes) => {
    const places = nodes.map((node) => tileOfNode(node, size));
    const wanted = new Map(places.map(({ tile }) => [tilePath(tile), tile]));
    const read = new Map(
      await Promise.all(
        [...wanted].map(
          async ([path, tile]) => [path, hashesOfTile(await readTile(tile), tile.width)] as const,
        ),
      ),
    );
    return places.map(({ tile, from, count }) =>
      perfectRoot((read.get(tilePath(tile)) as Bytes[]).slice(from, from + count)),
    );
  };
}

/**
 * Entries of a bundle: u16be length ‖ bytes, `count` times.
 * @returns views into `bytes`
 * @throws TlogError `bundle/truncated`, `bundle/trailing`
 */
export function parseBundle(bytes: Uint8Array, count: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    const end = at + 2 + length;
    if (end > bytes.length) throw new TlogError('bundle/truncated');
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (at !== bytes.length) throw new TlogError('bundle/trailing');
  return entries;
}

/** @param entries each at most 65,535 bytes */
export function formatBundle(entries: readonly Uint8Array[]): Bytes {
  const bundle = new Uint8Array(entries.reduce((length, entry) => length + 2 + entry.length, 0));
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY) throw new TlogError('entry/too-large');
    view.setUint16(at, entry.length);
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}
