import type { Bytes } from '../bytes.ts';
import { encodeBase64 } from '../tlog/base64.ts';
import { TlogError } from '../tlog/errors.ts';
import { equalBytes } from '../tlog/hash.ts';
import { buildConsistency } from '../tlog/proof.ts';
import { nodesFromTiles } from '../tlog/tile.ts';
import { EMPTY_ROOT, foldRight, perfectSubtrees, rootsOfConsistency } from '../tlog/tree.ts';
import { type Exhibit, Undecided } from './finding.ts';
import { readTileBytes } from './read-tiles.ts';
import type { LogSource } from './source.ts';

/** A size and root that the log signed. */
export type Head = {
  readonly size: number;
  readonly root: Bytes;
  /** The signed note. */
  readonly note: string;
};

export type Comparison =
  /** The newer tree contains the older one. */
  | { readonly outcome: 'consistent' }
  /** The newer tree provably begins with another tree of the older size. */
  | { readonly outcome: 'fork'; readonly exhibit: Exhibit }
  /** The served tiles are not those of the newer tree. */
  | { readonly outcome: 'unproven' }
  /** The tiles of the newer tree are not served. */
  | { readonly outcome: 'missing' };

/**
 * Compares two signed heads by the tiles the log serves. A fork comes with a consistency proof that leads to the
 * newer root and away from the older one: anybody can check it against the two signatures.
 */
export async function compareHeads(
  source: LogSource,
  older: Head,
  newer: Head,
): Promise<Comparison> {
  if (older.size === 0) {
    return { outcome: equalBytes(older.root, EMPTY_ROOT) ? 'consistent' : 'unproven' };
  }
  if (older.size === newer.size && equalBytes(older.root, newer.root)) {
    return { outcome: 'consistent' };
  }
  const read = nodesFromTiles(newer.size, (tile) => readTileBytes(source, tile));
  try {
    const served = foldRight(await read(perfectSubtrees(0, older.size)));
    const sizes = { older: older.size, newer: newer.size };
    const proof = await buildConsistency(sizes, read);
    const roots = rootsOfConsistency({ size: older.size, root: served }, newer.size, proof);
    if (!equalBytes(roots.newer, newer.root) || !equalBytes(roots.older, served)) {
      return { outcome: 'unproven' };
    }
    if (equalBytes(served, older.root)) return { outcome: 'consistent' };
    return { outcome: 'fork', exhibit: exhibitOf(older, newer, served, proof) };
  } catch (error) {
    if (error instanceof Undecided && !source.remote) return { outcome: 'missing' };
    if (error instanceof Undecided && / is not there\.$/.test(error.message)) {
      return { outcome: 'missing' };
    }
    if (error instanceof TlogError) return { outcome: 'unproven' };
    throw error;
  }
}

function exhibitOf(older: Head, newer: Head, served: Bytes, proof: readonly Bytes[]): Exhibit {
  const text = JSON.stringify(
    {
      about:
        'RFC 6962 consistency proof. With root_in_newer_tree it leads to the newer signed root; the log signed older_signed_root for that size.',
      older_size: older.size,
      older_signed_root: encodeBase64(older.root),
      root_in_newer_tree: encodeBase64(served),
      newer_size: newer.size,
      newer_signed_root: encodeBase64(newer.root),
      proof: proof.map(encodeBase64),
    },
    null,
    2,
  );
  return { name: 'consistency-proof.json', bytes: new TextEncoder().encode(`${text}\n`) };
}

export function noteExhibit({ size, note }: Pick<Head, 'size' | 'note'>, which: string): Exhibit {
  return { name: `${which}-checkpoint-${size}.txt`, bytes: new TextEncoder().encode(note) };
}
