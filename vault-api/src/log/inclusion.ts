import { HASH_SIZE, nodeHash } from './hash.ts';
import { TILE_WIDTH } from './tile.ts';

/** Rows of hashes in a tile: its own, and each half as long as the one below. */
const HEIGHT = 8;

/** A tile with what lies between its hashes and its root: computed when it is asked for, and kept. */
export class WarmTile {
  private readonly rows: Buffer[][] = Array.from({ length: HEIGHT + 1 }, () => []);
  /** How many of its hashes are there. */
  readonly width: number;

  constructor(hashes: Uint8Array) {
    const bytes = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
    this.width = bytes.length / HASH_SIZE;
    const own = this.rows[0] as Buffer[];
    for (let i = 0; i < this.width; i++) {
      own.push(bytes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE));
    }
  }

  /** The root of the `place`-th run of 2^row hashes. */
  node(row: number, place: number): Buffer {
    const nodes = this.rows[row] as Buffer[];
    const known = nodes[place];
    if (known !== undefined) return known;
    const node = nodeHash(this.node(row - 1, 2 * place), this.node(row - 1, 2 * place + 1));
    nodes[place] = node;
    return node;
  }
}

/** The tile at this place with at least `width` hashes. */
export type ReadTile = (level: number, n: number, width: number) => WarmTile;

/** Makes proofs for one size of the tree, and keeps what many of them share. */
export class Prover {
  private readonly size: number;
  private readonly read: ReadTile;
  /** Roots of the subtrees that end with the tree, by where they begin. */
  private readonly edge = new Map<number, Buffer>();

  constructor(size: number, read: ReadTile) {
    this.size = size;
    this.read = read;
  }

  /**
   * RFC 6962 §2.1.1: what a leaf needs to reach the root, the lowest first.
   * @param index below the size
   */
  inclusion(index: number): Buffer[] {
    const path: Buffer[] = [];
    let [begin, end] = [0, this.size];
    while (end - begin > 1) {
      const middle = begin + largestPowerBelow(end - begin);
      if (index < middle) {
        path.push(this.root(middle, end));
        end = middle;
      } else {
        path.push(this.root(begin, middle));
        begin = middle;
      }
    }
    return path.reverse();
  }

  /** The root over the leaves from `begin` to before `end`, where RFC 6962 has a subtree. */
  root(begin: number, end: number): Buffer {
    const length = end - begin;
    const power = length === 1 ? 1 : largestPowerBelow(length) * 2;
    if (length === power) return this.complete(begin, length);
    const known = this.edge.get(begin);
    if (known !== undefined) return known;
    const middle = begin + power / 2;
    const root = nodeHash(this.root(begin, middle), this.root(middle, end));
    this.edge.set(begin, root);
    return root;
  }

  /** Some hashes of one tile, side by side. @param length a power of two */
  private complete(begin: number, length: number): Buffer {
    let [level, span] = [0, 1];
    while (span * TILE_WIDTH <= length) {
      span *= TILE_WIDTH;
      level++;
    }
    const first = begin / span;
    const run = length / span;
    const n = Math.floor(first / TILE_WIDTH);
    const offset = first - n * TILE_WIDTH;
    return this.read(level, n, offset + run).node(31 - Math.clz32(run), offset / run);
  }
}

/** One proof from tiles that are read for it. */
export function inclusionProof(
  index: number,
  size: number,
  read: (level: number, n: number, width: number) => Uint8Array,
): Buffer[] {
  const tiles = new Map<string, WarmTile>();
  const prover = new Prover(size, (level, n, width) => {
    const known = tiles.get(`${level}/${n}`);
    if (known !== undefined && known.width >= width) return known;
    const tile = new WarmTile(read(level, n, width));
    tiles.set(`${level}/${n}`, tile);
    return tile;
  });
  return prover.inclusion(index);
}

/** The largest power of two below n; n is at least 2. */
function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
