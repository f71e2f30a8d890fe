import type { Bytes } from '../bytes.ts';
import { perfectRoot, TILE_HEIGHT, TILE_WIDTH } from '../tlog/tile.ts';
import { perfectSubtrees, RightEdge } from '../tlog/tree.ts';

/** A tile that came to be while a tree grew. */
export type GrownTile = {
  readonly level: number;
  readonly index: number;
  readonly hashes: readonly Bytes[];
};

/**
 * The growing right edge of a tree with the hashes of its unfinished tiles, one row for each level: enough to say
 * every root and every tile to come, a few kilobytes for a million entries.
 */
export class Edge {
  readonly #edge: RightEdge;
  readonly #rows: Bytes[][];

  /** @param rows as `rows` gave them for a tree of that size */
  constructor(size = 0, rows: readonly (readonly Bytes[])[] = []) {
    this.#rows = rows.map((row) => [...row]);
    const roots = [...this.#rows]
      .reverse()
      .flatMap((row) =>
        perfectSubtrees(0, row.length).map(({ level, index }) =>
          perfectRoot(row.slice(index * 2 ** level, (index + 1) * 2 ** level)),
        ),
      );
    this.#edge = new RightEdge(size, roots);
  }
  get size(): number {
    return this.#edge.size;
  }
  get rows(): readonly (readonly Bytes[])[] {
    return this.#rows.map((row) => [...row]);
  }
  clone(): Edge {
    return new Edge(this.size, this.#rows);
  }
  root(): Bytes {
    return this.#edge.root();
  }

  /** @param onTile told about every tile that this leaf fills, from level 0 up */
  append(leaf: Bytes, onTile?: (tile: GrownTile) => void): void {
    this.#edge.append(leaf, (height, hash) => {
      if (height % TILE_HEIGHT !== 0) return;
      const level = height / TILE_HEIGHT;
      let row = this.#rows[level];
      if (row === undefined) {
        row = [];
        this.#rows[level] = row;
      }
      row.push(hash);
      if (row.length < TILE_WIDTH) return;
      this.#rows[level] = [];
      // RightEdge counts the leaf only after it told about the nodes.
      const index = (this.#edge.size + 1) / TILE_WIDTH ** (level + 1) - 1;
      onTile?.({ level, index, hashes: row });
    });
  }

  /** The unfinished tiles, none of them empty. */
  openTiles(): GrownTile[] {
    return this.#rows.flatMap((hashes, level) =>
      hashes.length === 0
        ? []
        : [{ level, index: Math.floor(this.size / TILE_WIDTH ** (level + 1)), hashes }],
    );
  }
}
