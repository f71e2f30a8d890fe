/** Builds the proofs of RFC 6962 §2.1.1 and §2.1.2 from the roots of perfect subtrees, wherever those come from. */
import type { Bytes } from '../bytes.ts';
import { TlogError } from './errors.ts';
import { foldRight, type NodeId, perfectSubtrees, splitOf } from './tree.ts';

/** Reads the hashes of nodes, in their order. */
export type ReadNodes = (nodes: readonly NodeId[]) => Promise<readonly Bytes[]>;

/** One hash of a proof: the root over leaves `from` to `to`. */
type Range = { readonly from: number; readonly to: number };

function assertSizes(holds: boolean): void {
  if (!holds) throw new TlogError('tree/index');
}

/** PATH of RFC 6962 §2.1.1, from the leaf's sibling up. */
function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** SUBPROOF of RFC 6962 §2.1.2, from the bottom up. */
function consistencyRanges(older: number, newer: number): Range[] {
  const ranges: Range[] = [];
  let from = 0;
  let to = newer;
  while (older !== to) {
    const middle = from + splitOf(to - from);
    if (older <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  if (from !== 0) ranges.push({ from, to });
  return ranges.reverse();
}

async function build(ranges: readonly Range[], read: ReadNodes): Promise<Bytes[]> {
  const parts = ranges.map(({ from, to }) => perfectSubtrees(from, to));
  const hashes = await read(parts.flat());
  let at = 0;
  return parts.map(({ length }) => {
    at += length;
    return foldRight(hashes.slice(at - length, at));
  });
}

/** @throws TlogError `tree/index`, and what `read` throws */
export async function buildInclusion(
  { index, size }: { index: number; size: number },
  read: ReadNodes,
): Promise<Bytes[]> {
  assertSizes(index >= 0 && index < size);
  return build(inclusionRanges(index, size), read);
}

/** Between equal sizes, and from the empty tree, the proof is empty. @throws as `buildInclusion` */
export async function buildConsistency(
  { older, newer }: { older: number; newer: number },
  read: ReadNodes,
): Promise<Bytes[]> {
  assertSizes(older >= 0 && older <= newer);
  return older === 0 ? [] : build(consistencyRanges(older, newer), read);
}
