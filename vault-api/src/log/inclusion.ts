import { HASH_SIZE, nodeHash } from './hash.ts';
import { TILE_WIDTH } from './tile.ts';

/** Rows of hashes in a tile: its own, and each half as long as the one below. */
const HEIGHT = 8;

/** A tile with what lies between its hashes and its root: as it was kept, or computed when it is asked for. */
export class WarmTile {
  private readonly rows: Buffer[][] = Array.from({ length: HEIGHT + 1 }, () => []);
  private readonly hashes: Buffer;
  private readonly inner: Buffer | null;
  /** How many of its hashes are there. */
  readonly width: number;

  /** @param inner all rows above the hashes of a full tile, the lowest first */
  constructor(hashes: Uint8Array, inner: Uint8Array | null = null) {
    this.hashes = bufferOf(hashes);
    this.inner = inner === null ? null : bufferOf(inner);
    this.width = hashes.length / HASH_SIZE;
  }

  /** The root of the `place`-th run of 2^row hashes. */
  node(row: number, place: number): Buffer {
    const nodes = this.rows[row] as Buffer[];
    const known = nodes[place];
    if (known !== undefined) return known;
    const node = this.kept(row, place) ?? this.hashed(row, place);
    nodes[place] = node;
    return node;
  }

  private kept(row: number, place: number): Buffer | null {
    if (row === 0) return hashAt(this.hashes, place);
    // Row 1 begins at 0 and has half of the hashes, row 2 follows with half of those.
    return this.inner && hashAt(this.inner, TILE_WIDTH - TILE_WIDTH / 2 ** (row - 1) + place);
  }

  private hashed(row: number, place: number): Buffer {
    return nodeHash(this.node(row - 1, 2 * place), this.node(row - 1, 2 * place + 1));
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function hashAt(bytes: Buffer, place: number): Buffer {
  return bytes.subarray(place * HASH_SIZE, (place + 1) * HASH_SIZE);
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
