/** RFC 6962 §2.1 with SHA-256: hashes, a tree that grows, and the verification of RFC 9162 §2.1.3.2 and §2.1.4.2. */
import type { Bytes } from '../bytes.ts';
import { TlogError } from './errors.ts';
import { equalBytes, sha256 } from './hash.ts';

/** Root of the tree without leaves. */
export const EMPTY_ROOT: Bytes = sha256(new Uint8Array());

export function leafHash(entry: Uint8Array): Bytes {
  const input = new Uint8Array(1 + entry.length);
  input.set(entry, 1);
  return sha256(input);
}

// One buffer for all: hashing is synchronous, and a tree takes as many of these as it has leaves.
const pair = new Uint8Array(65).fill(1, 0, 1);

export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  pair.set(left, 1);
  pair.set(right, 33);
  return sha256(pair);
}

/**
 * A tree of which only the right edge is kept: the roots of its perfect subtrees, from the left, so that a million
 * leaves take twenty hashes of memory.
 */
export class RightEdge {
  #size = 0;
  readonly #roots: Bytes[] = [];

  /** @param roots as `roots` gave them for a tree of that size */
  constructor(size = 0, roots: readonly Bytes[] = []) {
    if (roots.length !== perfectSubtrees(0, size).length) throw new TlogError('tree/index');
    this.#size = size;
    this.#roots = [...roots];
  }
  get size(): number {
    return this.#size;
  }
  get roots(): readonly Bytes[] {
    return [...this.#roots];
  }

  /** @param onNode told about every perfect subtree that this leaf completes, from the leaf up */
  append(leaf: Bytes, onNode?: (level: number, hash: Bytes) => void): void {
    let hash = leaf;
    let level = 0;
    onNode?.(level, hash);
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      hash = nodeHash(this.#roots.pop() as Bytes, hash);
      onNode?.(++level, hash);
    }
    this.#roots.push(hash);
    this.#size++;
  }

  root(): Bytes {
    return this.#roots.length === 0 ? EMPTY_ROOT : foldRight(this.#roots);
  }
}

/** Root over perfect subtrees of falling size. @param hashes at least one */
export function foldRight(hashes: readonly Bytes[]): Bytes {
  let root = hashes.at(-1) as Bytes;
  for (let i = hashes.length - 2; i >= 0; i--) root = nodeHash(hashes[i] as Bytes, root);
  return root;
}

/** The perfect subtree over leaves `index · 2^level` to `(index + 1) · 2^level`. */
export type NodeId = { readonly level: number; readonly index: number };

/**
 * The perfect subtrees of falling size that make up leaves `from` to `to`.
 * @param from a multiple of every power of two below `to - from`, as it is for every subtree of RFC 6962
 */
export function perfectSubtrees(from: number, to: number): NodeId[] {
  const nodes: NodeId[] = [];
  let start = from;
  while (start < to) {
    let level = 0;
    let width = 1;
    while (start % (width * 2) === 0 && start + width * 2 <= to) {
      width *= 2;
      level++;
    }
    nodes.push({ level, index: start / width });
    start += width;
  }
  return nodes;
}

/** The largest power of two below n. @param n at least 2 */
export function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

const half = (n: number) => Math.floor(n / 2);
const isOdd = (n: number) => n % 2 === 1;

function assertIndex(holds: boolean): void {
  if (!holds) throw new TlogError('tree/index');
}

/** The root that an inclusion proof leads to. @throws TlogError `tree/index`, `tree/inclusion` (wrong length) */
export function rootOfInclusion(
  leaf: Bytes,
  { index, size }: { index: number; size: number },
  proof: readonly Bytes[],
): Bytes {
  assertIndex(Number.isSafeInteger(index) && Number.isSafeInteger(size));
  assertIndex(index >= 0 && index < size);
  let fn = index;
  let sn = size - 1;
  let root = leaf;
  for (const hash of proof) {
    if (sn === 0 || hash.length !== 32) throw new TlogError('tree/inclusion');
    if (isOdd(fn) || fn === sn) {
      root = nodeHash(hash, root);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      root = nodeHash(root, hash);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) throw new TlogError('tree/inclusion');
  return root;
}

/** @param leaf its leaf hash @throws TlogError `tree/inclusion`, `tree/index` */
export function verifyInclusion(
  leaf: Bytes,
  place: { index: number; size: number; root: Bytes },
  proof: readonly Bytes[],
): void {
  if (!equalBytes(rootOfInclusion(leaf, place, proof), place.root)) {
    throw new TlogError('tree/inclusion');
  }
}

type Head = { readonly size: number; readonly root: Bytes };

/**
 * The two roots that a consistency proof leads to, given the older one's.
 * @throws TlogError `tree/index` unless 0 < old ≤ new; `tree/consistency` for a proof of the wrong length
 */
export function rootsOfConsistency(
  older: Head,
  newSize: number,
  proof: readonly Bytes[],
): { older: Bytes; newer: Bytes } {
  const { size } = older;
  assertIndex(Number.isSafeInteger(size) && Number.isSafeInteger(newSize));
  assertIndex(size > 0 && size <= newSize);
  const isPerfect = perfectSubtrees(0, size).length === 1;
  const [seed, ...path] = isPerfect ? [older.root, ...proof] : proof;
  if (seed === undefined || seed.length !== 32) throw new TlogError('tree/consistency');
  let fn = size - 1;
  let sn = newSize - 1;
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [seed, seed];
  for (const hash of path) {
    if (sn === 0 || hash.length !== 32) throw new TlogError('tree/consistency');
    if (isOdd(fn) || fn === sn) {
      fr = nodeHash(hash, fr);
      sr = nodeHash(hash, sr);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHash(sr, hash);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) throw new TlogError('tree/consistency');
  return { older: fr, newer: sr };
}

/**
 * The older tree is a prefix of the newer one. The empty tree is a prefix of all, by the empty proof.
 * @throws TlogError `tree/consistency`, `tree/index`
 */
export function verifyConsistency(older: Head, newer: Head, proof: readonly Bytes[]): void {
  if (older.size === newer.size || older.size === 0) {
    const expected = older.size === newer.size ? newer.root : EMPTY_ROOT;
    if (proof.length > 0 || !equalBytes(older.root, expected)) {
      throw new TlogError('tree/consistency');
    }
    return;
  }
  const roots = rootsOfConsistency(older, newer.size, proof);
  if (!equalBytes(roots.older, older.root) || !equalBytes(roots.newer, newer.root)) {
    throw new TlogError('tree/consistency');
  }
}
