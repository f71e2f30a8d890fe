import { decodeBase64url, encodeBase64url } from '@zusage/protocol/bytes';
import {
  buildConsistency,
  EMPTY_ROOT,
  encodeBase64,
  foldRight,
  nodesFromTiles,
  type OpenCheckpoint,
  perfectSubtrees,
  type ReadTile,
  rootsOfConsistency,
  TlogError,
} from '@zusage/protocol/tlog';
import { equalBytes } from '@zusage/protocol/tlog/hash';
import { LogError } from '../network/log-api.ts';
import type { ConsistencyExhibit, KeptHead } from '../vault/log-records.ts';

export type Comparison =
  /** The larger tree contains the smaller one, or they are the same. */
  | { readonly outcome: 'consistent' }
  /** No tree has both roots. `proof`: null for two of one size, which need none. */
  | { readonly outcome: 'fork'; readonly proof: ConsistencyExhibit | null }
  /** The tiles that are served do not lead to the larger one. */
  | { readonly outcome: 'damaged' }
  /** The tiles of the larger one are not served. */
  | { readonly outcome: 'missing' }
  /** Nothing could be read. */
  | { readonly outcome: 'unreachable' };

/**
 * Compares two signed checkpoints of one log by the tiles it serves: about as many as a tree has levels, twice.
 * Without network where the sizes are equal.
 */
export async function compareHeads(
  one: KeptHead,
  other: KeptHead,
  readTile: ReadTile,
): Promise<Comparison> {
  const [older, newer] = one.size <= other.size ? [one, other] : [other, one];
  if (older.size === newer.size) {
    return older.root === newer.root ? { outcome: 'consistent' } : { outcome: 'fork', proof: null };
  }
  if (older.size === 0) {
    const isEmpty = older.root === encodeBase64url(EMPTY_ROOT);
    return { outcome: isEmpty ? 'consistent' : 'damaged' };
  }
  try {
    return await compareByTiles(older, newer, readTile);
  } catch (error) {
    if (error instanceof TlogError) return { outcome: 'damaged' };
    if (!(error instanceof LogError)) throw error;
    return { outcome: error.code === 'log-refused' ? 'missing' : 'unreachable' };
  }
}

async function compareByTiles(
  older: KeptHead,
  newer: KeptHead,
  readTile: ReadTile,
): Promise<Comparison> {
  const read = nodesFromTiles(newer.size, readTile);
  const served = foldRight(await read(perfectSubtrees(0, older.size)));
  const proof = await buildConsistency({ older: older.size, newer: newer.size }, read);
  const roots = rootsOfConsistency({ size: older.size, root: served }, newer.size, proof);
  const holds = equalBytes(roots.newer, decodeBase64url(newer.root));
  if (!holds || !equalBytes(roots.older, served)) return { outcome: 'damaged' };
  if (encodeBase64url(served) === older.root) return { outcome: 'consistent' };
  return {
    outcome: 'fork',
    proof: {
      older_size: older.size,
      newer_size: newer.size,
      root_in_newer_tree: encodeBase64(served),
      proof: proof.map(encodeBase64),
    },
  };
}

export function keptHead({ size, root, note }: OpenCheckpoint, on: number): KeptHead {
  return { size, root: encodeBase64url(root), note, on };
}
