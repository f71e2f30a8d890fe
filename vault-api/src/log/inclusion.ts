import { HASH_SIZE, rootOf } from './hash.ts';
import { hashesOf, TILE_WIDTH } from './tile.ts';

/** The tile at this place with at least `width` hashes. */
export type ReadTile = (level: number, n: number, width: number) => Uint8Array;

/**
 * RFC 6962 §2.1.1: what a leaf needs to reach the root of a tree of `size` leaves, the lowest first.
 * @param index below `size`
 */
export function inclusionProof(index: number, size: number, read: ReadTile): Buffer[] {
  return pathTo(index, 0, size, cached(read));
}

function pathTo(index: number, begin: number, end: number, read: ReadTile): Buffer[] {
  if (end - begin <= 1) return [];
  const middle = begin + largestPowerBelow(end - begin);
  return index < middle
    ? [...pathTo(index, begin, middle, read), subtreeRoot(middle, end, read)]
    : [...pathTo(index, middle, end, read), subtreeRoot(begin, middle, read)];
}

/** The root over the leaves from `begin` to before `end`, where RFC 6962 has a subtree. */
export function subtreeRoot(begin: number, end: number, read: ReadTile): Buffer {
  const size = end - begin;
  const power = largestPowerBelow(size);
  if (size > 1 && size !== power * 2) {
    return rootOf([subtreeRoot(begin, begin + power, read), subtreeRoot(begin + power, end, read)]);
  }
  // Complete: some hashes of one tile, side by side.
  const level = Math.floor(Math.log2(size) / 8);
  const span = TILE_WIDTH ** level;
  const first = begin / span;
  const n = Math.floor(first / TILE_WIDTH);
  const offset = first % TILE_WIDTH;
  const until = offset + size / span;
  const tile = read(level, n, until);
  return rootOf(hashesOf(tile.subarray(offset * HASH_SIZE, until * HASH_SIZE)));
}

/** The largest power of two below n; n is at least 2. */
function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** One path looks at a tile several times. */
function cached(read: ReadTile): ReadTile {
  const tiles = new Map<string, Uint8Array>();
  return (level, n, width) => {
    const key = `${level}/${n}`;
    const known = tiles.get(key);
    if (known !== undefined && known.length >= width * HASH_SIZE) return known;
    const tile = read(level, n, width);
    tiles.set(key, tile);
    return tile;
  };
}
