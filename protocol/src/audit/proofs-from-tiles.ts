import type { Bytes } from '../bytes.ts';
import { TlogError } from '../tlog/errors.ts';
import { buildConsistency, buildInclusion, type ReadNodes } from '../tlog/proof.ts';
import { nodesFromTiles, type Tile, tilePath } from '../tlog/tile.ts';
import { type NodeId, verifyConsistency, verifyInclusion } from '../tlog/tree.ts';
import type { Head } from './compare-heads.ts';
import { noteExhibit } from './compare-heads.ts';
import { type Finding, Undecided } from './finding.ts';
import { readTileBytes } from './read-tiles.ts';
import type { LogSource } from './source.ts';

/** Inclusion proofs built and verified in one visit, spread over the entries. */
const INCLUSIONS = 256;
/** Consistency proofs in one visit, spread over the published heads. */
const CONSISTENCIES = 64;
const CACHED_TILES = 256;

/** `count` of the numbers from `from` to `to`, evenly, the first and the last among them. */
function spread(from: number, to: number, count: number): number[] {
  const total = to - from;
  if (total <= count) return Array.from({ length: Math.max(0, total) }, (_, i) => from + i);
  return Array.from(
    { length: count },
    (_, i) => from + Math.round((i * (total - 1)) / (count - 1)),
  );
}

/**
 * The second way: the algorithms of RFC 9162 over proofs that are built from the served tiles alone, as anybody gets
 * them who did not read all entries.
 */
export async function proveFromTiles(
  source: LogSource,
  signed: Head,
  { from, heads }: { from: number; heads: readonly Head[] },
  report: (finding: Finding) => void,
): Promise<{ inclusions: number; consistencies: number }> {
  const cache = new Map<string, Promise<Uint8Array>>();
  const readTile = (tile: Tile) => {
    const path = tilePath(tile);
    const known = cache.get(path);
    if (known !== undefined) return known;
    if (cache.size >= CACHED_TILES) cache.delete(cache.keys().next().value as string);
    const bytes = readTileBytes(source, tile);
    cache.set(path, bytes);
    return bytes;
  };
  const nodes = remembering(nodesFromTiles(signed.size, readTile));
  const exhibits = [noteExhibit(signed, 'signed')];

  const indexes = spread(from, signed.size, INCLUSIONS);
  for (const index of indexes) {
    await holds(
      async () => {
        const place = { index, size: signed.size };
        const [leaf] = (await nodes([{ level: 0, index }])) as [Bytes];
        verifyInclusion(leaf, { ...place, root: signed.root }, await buildInclusion(place, nodes));
      },
      () => report({ code: 'proof/inclusion', index, exhibits }),
    );
  }

  const chosen = spread(0, heads.length, CONSISTENCIES).map((i) => heads[i] as Head);
  for (const head of chosen) {
    await holds(
      async () => {
        const sizes = { older: head.size, newer: signed.size };
        verifyConsistency(head, signed, await buildConsistency(sizes, nodes));
      },
      () =>
        report({
          code: 'proof/consistency',
          detail: `${head.size}`,
          exhibits: [...exhibits, noteExhibit(head, 'earlier')],
        }),
    );
  }
  return { inclusions: indexes.length, consistencies: chosen.length };
}

/** Proofs share the nodes high up, and each of those takes a tile's worth of hashing. */
function remembering(read: ReadNodes): ReadNodes {
  const known = new Map<string, Bytes>();
  const nameOf = ({ level, index }: NodeId) => `${level}/${index}`;
  return async (nodes) => {
    const unknown = nodes.filter((node) => !known.has(nameOf(node)));
    const hashes = await read(unknown);
    unknown.forEach((node, i) => {
      known.set(nameOf(node), hashes[i] as Bytes);
    });
    return nodes.map((node) => known.get(nameOf(node)) as Bytes);
  };
}

async function holds(work: () => Promise<void>, otherwise: () => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isMissing = error instanceof Undecided && / is not there\.$/.test(error.message);
    if (!(error instanceof TlogError) && !isMissing) throw error;
    otherwise();
  }
}
