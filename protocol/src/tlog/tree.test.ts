import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type Bytes, encodeUtf8 } from '../bytes.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { equalBytes } from './hash.ts';
import { buildConsistency, buildInclusion, type ReadNodes } from './proof.ts';
import {
  EMPTY_ROOT,
  leafHash,
  nodeHash,
  RightEdge,
  verifyConsistency,
  verifyInclusion,
} from './tree.ts';
import { tlogVectors } from './vectors.fixture.ts';

const LARGEST = 100_000;
const leaves = Array.from({ length: LARGEST }, (_, i) => leafHash(encodeUtf8(`entry-${i}`)));

/** RFC 6962 §2.1 as it is written, without a thought for speed; full subtrees are remembered. */
const known = new Map<string, Bytes>();
function naiveRoot(from: number, to: number): Bytes {
  if (to === from) return EMPTY_ROOT;
  if (to - from === 1) return leaves[from] as Bytes;
  const key = `${from}-${to}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  let k = 1;
  while (k * 2 < to - from) k *= 2;
  const root = nodeHash(naiveRoot(from, from + k), naiveRoot(from + k, to));
  if (k * 2 === to - from) known.set(key, root);
  return root;
}
/** PATH of RFC 6962 §2.1.1. */
function naivePath(m: number, from: number, to: number): Bytes[] {
  if (to - from === 1) return [];
  let k = 1;
  while (k * 2 < to - from) k *= 2;
  return m < k
    ? [...naivePath(m, from, from + k), naiveRoot(from + k, to)]
    : [...naivePath(m - k, from + k, to), naiveRoot(from, from + k)];
}
/** SUBPROOF of RFC 6962 §2.1.2. */
function naiveSubproof(m: number, from: number, to: number, whole: boolean): Bytes[] {
  if (m === to - from) return whole ? [] : [naiveRoot(from, to)];
  let k = 1;
  while (k * 2 < to - from) k *= 2;
  return m <= k
    ? [...naiveSubproof(m, from, from + k, whole), naiveRoot(from + k, to)]
    : [...naiveSubproof(m - k, from + k, to, false), naiveRoot(from, from + k)];
}

const readNodes: ReadNodes = async (nodes) =>
  nodes.map(({ level, index }) => naiveRoot(index * 2 ** level, (index + 1) * 2 ** level));

const edge = new RightEdge();
const roots: Bytes[] = [edge.root()];
for (const leaf of leaves) {
  edge.append(leaf);
  roots.push(edge.root());
}
const rootAt = (size: number) => roots[size] as Bytes;
const headAt = (size: number) => ({ size, root: rootAt(size) });

describe('vectors of golang.org/x/mod/sumdb', () => {
  test('leaf hashes and roots', () => {
    expect(encodeBase64(leafHash(new Uint8Array()))).toBe(tlogVectors.leaf_hash['empty']);
    for (const i of [0, 69_999]) {
      expect(encodeBase64(leaves[i] as Bytes)).toBe(tlogVectors.leaf_hash[`entry-${i}`]);
    }
    for (const [size, root] of Object.entries(tlogVectors.roots)) {
      expect(encodeBase64(rootAt(Number(size)))).toBe(root);
    }
  });

  test('inclusion proofs are built and verify', async () => {
    for (const { index, size, proof } of tlogVectors.inclusion) {
      const built = await buildInclusion({ index, size }, readNodes);
      expect(built.map(encodeBase64)).toEqual(proof);
      verifyInclusion(leaves[index] as Bytes, { index, ...headAt(size) }, proof.map(decodeBase64));
    }
  });

  test('consistency proofs are built and verify', async () => {
    for (const { old, new: size, proof } of tlogVectors.consistency) {
      const built = await buildConsistency({ older: old, newer: size }, readNodes);
      expect(built.map(encodeBase64)).toEqual(proof);
      verifyConsistency(headAt(old), headAt(size), proof.map(decodeBase64));
    }
  });
});

describe('every size to 300 against the naive tree', () => {
  test('roots', () => {
    for (let size = 0; size <= 300; size++) {
      expect(equalBytes(rootAt(size), naiveRoot(0, size)), `${size}`).toBe(true);
    }
  });

  test('every inclusion', async () => {
    for (let size = 1; size <= 300; size++) {
      for (let index = 0; index < size; index++) {
        const proof = await buildInclusion({ index, size }, readNodes);
        const naive = naivePath(index, 0, size);
        if (!sameHashes(proof, naive)) expect.fail(`${index} of ${size}`);
        verifyInclusion(leaves[index] as Bytes, { index, ...headAt(size) }, proof);
      }
    }
  });

  test('every consistency', async () => {
    for (let newer = 1; newer <= 300; newer++) {
      for (let older = 1; older <= newer; older++) {
        const proof = await buildConsistency({ older, newer }, readNodes);
        if (!sameHashes(proof, naiveSubproof(older, 0, newer, true))) {
          expect.fail(`${older} to ${newer}`);
        }
        verifyConsistency(headAt(older), headAt(newer), proof);
      }
    }
  });
});

function sameHashes(a: readonly Bytes[], b: readonly Bytes[]): boolean {
  return a.length === b.length && a.every((hash, i) => equalBytes(hash, b[i] as Bytes));
}

function flipped(bytes: Bytes, bit: number): Bytes {
  const other = bytes.slice();
  other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
  return other;
}

const pairs = fc
  .tuple(fc.integer({ min: 1, max: LARGEST }), fc.integer({ min: 1, max: LARGEST }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const bit = fc.integer({ min: 0, max: 255 });

property.prop([pairs, bit, fc.nat()])(
  'inclusion at random sizes: holds; refused with a flipped bit, a hash less or more, another index or size',
  async ([place, size], bit, which) => {
    const index = place - 1;
    const leaf = leaves[index] as Bytes;
    const at = { index, ...headAt(size) };
    const proof = await buildInclusion(at, readNodes);
    expect(sameHashes(proof, naivePath(index, 0, size))).toBe(true);
    expect(equalBytes(at.root, naiveRoot(0, size))).toBe(true);
    verifyInclusion(leaf, at, proof);
    const refused = (...args: Parameters<typeof verifyInclusion>) =>
      expect(() => verifyInclusion(...args)).toThrow(/^tree\/(inclusion|index)$/);
    refused(flipped(leaf, bit), at, proof);
    refused(leaf, { ...at, root: flipped(at.root, bit) }, proof);
    refused(leaf, at, [...proof, leaf]);
    refused(leaf, { ...at, index: size }, proof);
    if (proof.length === 0) return;
    const target = which % proof.length;
    refused(leaf, at, proof.with(target, flipped(proof[target] as Bytes, bit)));
    refused(leaf, at, proof.slice(0, -1));
    refused(leaf, { ...at, index: index === 0 ? 1 : index - 1 }, proof);
  },
);

property.prop([pairs, bit, fc.nat()])(
  'consistency at random sizes: holds; refused with a flipped bit, a hash less or more',
  async ([older, newer], bit, which) => {
    const from = headAt(older);
    const to = headAt(newer);
    const proof = await buildConsistency({ older, newer }, readNodes);
    expect(sameHashes(proof, naiveSubproof(older, 0, newer, true))).toBe(true);
    verifyConsistency(from, to, proof);
    const refused = (...args: Parameters<typeof verifyConsistency>) =>
      expect(() => verifyConsistency(...args)).toThrow(/^tree\/(consistency|index)$/);
    refused({ ...from, root: flipped(from.root, bit) }, to, proof);
    refused(from, { ...to, root: flipped(to.root, bit) }, proof);
    refused(from, to, [...proof, from.root]);
    if (older !== newer) refused(to, from, proof);
    if (proof.length === 0) return;
    const target = which % proof.length;
    refused(from, to, proof.with(target, flipped(proof[target] as Bytes, bit)));
    refused(from, to, proof.slice(0, -1));
  },
);

test('the empty tree is a prefix of every tree by the empty proof, and of none by another', () => {
  verifyConsistency(headAt(0), headAt(5), []);
  expect(() => verifyConsistency(headAt(0), headAt(5), [EMPTY_ROOT])).toThrow('tree/consistency');
  const other = { size: 0, root: rootAt(1) };
  expect(() => verifyConsistency(other, headAt(5), [])).toThrow('tree/consistency');
});

property.prop([fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 600 })])(
  'a right edge taken up again grows to the same roots',
  (size, more) => {
    const whole = new RightEdge();
    for (const leaf of leaves.slice(0, size)) whole.append(leaf);
    const resumed = new RightEdge(size, whole.roots);
    for (const leaf of leaves.slice(size, size + more)) resumed.append(leaf);
    expect(equalBytes(resumed.root(), rootAt(size + more))).toBe(true);
    expect(() => new RightEdge(size + 1, [...whole.roots, EMPTY_ROOT, EMPTY_ROOT])).toThrow(
      'tree/index',
    );
  },
);
