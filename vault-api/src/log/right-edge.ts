import { HASH_SIZE, rootOf, rowsAbove } from './hash.ts';
import { hashesOf, TILE_WIDTH, widthAt } from './tile.ts';

/** A tile as far as it is filled. */
export type Tile = {
  readonly level: number;
  readonly n: number;
  readonly hashes: Buffer;
  /** The rows above its hashes, once it is full. */
  readonly inner: Buffer | null;
};

/**
 * A tree of any size, as far as one has to know it to let it grow: the unfinished tile of each level, from which its
 * root follows as well. Never changed; growing gives a new one.
 */
export class RightEdge {
  readonly size: number;
  /** By level; the hashes of the tile that is not full yet. */
  private readonly levels: readonly Buffer[];

  private constructor(size: number, levels: readonly Buffer[]) {
    this.size = size;
    this.levels = levels;
  }

  static readonly empty = new RightEdge(0, []);

  /**
   * @param read the tile at this place, or at least its first `width` hashes
   * @returns null when a tile is missing or too short
   */
  static read(
    size: number,
    read: (level: number, n: number, width: number) => Uint8Array | null,
  ): RightEdge | null {
    const levels: Buffer[] = [];
    for (let level = 0, hashes = size; hashes > 0; level++) {
      const n = Math.floor(hashes / TILE_WIDTH);
      const width = widthAt(level, n, size);
      const tile = width === 0 ? Buffer.alloc(0) : read(level, n, width);
      if (tile === null || tile.length < width * HASH_SIZE) return null;
      levels.push(Buffer.from(tile.subarray(0, width * HASH_SIZE)));
      hashes = n;
    }
    return new RightEdge(size, levels);
  }

  /**
   * @param leaves leaf hashes
   * @returns the larger tree, and every tile that has changed, full ones first at their level
   */
  append(leaves: readonly Uint8Array[]): { edge: RightEdge; tiles: Tile[] } {
    const levels = this.levels.map((hashes) => [hashes as Uint8Array]);
    const tiles: Tile[] = [];
    let rising: readonly Uint8Array[] = leaves;
    const size = this.size + leaves.length;
    for (let level = 0; rising.length > 0; level++) {
      const before = levels[level]?.[0] ?? Buffer.alloc(0);
      const first = Math.floor(this.size / TILE_WIDTH ** (level + 1));
      const all = Buffer.concat([before, ...rising]);
      const full = Math.floor(all.length / (TILE_WIDTH * HASH_SIZE));
      const above: Uint8Array[] = [];
      for (let n = 0; n <= full; n++) {
        const hashes = all.subarray(n * TILE_WIDTH * HASH_SIZE, (n + 1) * TILE_WIDTH * HASH_SIZE);
        const inner = n < full ? rowsAbove(hashes) : null;
        if (hashes.length > 0) tiles.push({ level, n: first + n, hashes, inner });
        if (inner !== null) above.push(inner.subarray(-HASH_SIZE));
        else levels[level] = [hashes];
      }
      rising = above;
    }
    const edge = new RightEdge(
      size,
      levels.map(([hashes]) => Buffer.from(hashes as Uint8Array)),
    );
    return { edge, tiles };
  }

  root(): Buffer {
    let below: Uint8Array[] = [];
    for (const hashes of this.levels) {
      const all = [...hashesOf(hashes), ...below];
      below = all.length === 0 ? [] : [rootOf(all)];
    }
    return below.length === 0 ? rootOf([]) : Buffer.from(below[0] as Uint8Array);
  }
}
