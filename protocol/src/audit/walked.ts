import type { Bytes } from '../bytes.ts';
import type { Minute } from '../tlog/entry.ts';
import type { Edge } from './edge.ts';
import type { PublishedHead } from './heads.ts';
import type { Served } from './read-tiles.ts';

/** An entry and the tile of level 0 beside it say different things. */
export type Difference = {
  readonly index: number;
  /** Leaf hash of the entry as served, and what the tile says. */
  readonly ofEntry: Bytes;
  readonly ofTile: Bytes;
  /** What an earlier visit verified at this place; null for a new entry. */
  readonly known: Bytes | null;
  readonly bundle: Served | null;
  readonly tile: Served | null;
};

/** A tile above level 0 that is not what one of the two trees says. */
export type TileMismatch = {
  readonly level: number;
  readonly path: string;
  readonly served: Served;
  readonly byEntries: boolean;
  readonly byTiles: boolean;
};

export type HeadMismatch = {
  readonly head: PublishedHead;
  readonly byEntries: boolean;
  readonly byTiles: boolean;
};

/** What a walk over a log found; `judge` says what it means. */
export type Walked = {
  /** The tree of the entries as served. */
  readonly byEntries: Edge;
  /** The tree of the tiles of level 0 as served; the same one while nothing differs. */
  readonly byTiles: Edge;
  readonly differences: readonly Difference[];
  readonly tiles: readonly TileMismatch[];
  readonly heads: readonly HeadMismatch[];
  /** False when bytes were missing or damaged, so that roots say nothing. */
  readonly complete: boolean;
  readonly entries: number;
  readonly tilesRead: number;
  readonly lastMinute: Minute | null;
};
