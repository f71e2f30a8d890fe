import { randomBytes } from 'node:crypto';
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { leafHash, nodeHash, sha256 } from './hash.ts';
import { inclusionProof, WarmTile } from './inclusion.ts';
import { paddedSize, shuffled } from './padding.ts';
import { RightEdge } from './right-edge.ts';

const RUNS = process.env['FULL'] ? 200 : 20;

/** RFC 6962 §2.1, word for word. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Buffer;
  const k = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** RFC 6962 §2.1.1, word for word. */
function naivePath(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  if (m < k) return [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))];
  return [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
}

/** Grows a tree by these flushes and keeps its tiles, as a store would. */
function grow(flushes: readonly (readonly Buffer[])[]) {
  const tiles = new Map<string, Buffer>();
  let edge = RightEdge.empty;
  for (const flush of flushes) {
    const next = edge.append(flush.map(leafHash));
    for (const { level, n, hashes } of next.tiles) tiles.set(`${level} ${n}`, hashes);
    edge = next.edge;
  }
  const read = (level: number, n: number, width: number) =>
    tiles.get(`${level} ${n}`)?.subarray(0, width * 32) as Buffer;
  return { edge, read };
}

test('every size to 300 has the root of the naive tree, and every leaf its path', () => {
  const entries = Array.from({ length: 300 }, () => randomBytes(9));
  const leaves = entries.map(leafHash);
  for (let size = 0; size <= 300; size++) {
    const { edge, read } = grow([entries.slice(0, size)]);
    expect(edge.root().equals(naiveRoot(leaves.slice(0, size)))).toBe(true);
    for (let index = size % 41; index < size; index += 41) {
      const path = naivePath(index, leaves.slice(0, size));
      expect(inclusionProof(index, size, read)).toEqual(path);
    }
  }
});

property.prop([fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 12 }), fc.nat()], {
  numRuns: RUNS,
})('a tree grown flush by flush, and re-read in between, is the naive one', (sizes, at) => {
  const flushes = sizes.map((size) => Array.from({ length: size }, () => randomBytes(4)));
  const { edge, read } = grow(flushes);
  const leaves = flushes.flat().map(leafHash);
  expect(edge.root()).toEqual(naiveRoot(leaves));
  expect(RightEdge.read(edge.size, read)?.root()).toEqual(edge.root());
  if (leaves.length === 0) return;
  const index = at % leaves.length;
  const size = index + 1 + (at % (leaves.length - index));
  expect(inclusionProof(index, size, read)).toEqual(naivePath(index, leaves.slice(0, size)));
});

test('a large tree keeps its earlier roots', { timeout: 60_000 }, () => {
  const entries = Array.from({ length: 70_000 }, (_, i) => Buffer.from(String(i)));
  const { read } = grow([entries]);
  const leaves = entries.map(leafHash);
  for (const size of [65_535, 65_536, 65_537, 69_999]) {
    expect(RightEdge.read(size, read)?.root()).toEqual(naiveRoot(leaves.slice(0, size)));
  }
  expect(RightEdge.read(70_001, read)).toBeNull();
});

test('flushes are padded to 4, 16, 64 and 256', () => {
  expect([0, 1, 4, 5, 16, 17, 64, 65, 256].map(paddedSize)).toEqual([
    0, 4, 4, 16, 16, 64, 64, 256, 256,
  ]);
  expect(() => paddedSize(257)).toThrow(RangeError);
});

test('shuffling draws every order that keeps the order within a group', () => {
  const items = ['a1', 'a2', 'b1', 'p'];
  const seen = new Set<string>();
  for (let i = 0; i < 2000; i++) {
    const order = shuffled(items, (item) => (item === 'p' ? null : (item[0] as string)));
    expect(order.indexOf('a1')).toBeLessThan(order.indexOf('a2'));
    expect([...order].sort()).toEqual(items);
    seen.add(order.join());
  }
  expect(seen.size).toBe(12);
});

test('what is kept beside a full tile gives the same proofs as its hashes alone', () => {
  const leaves = Array.from({ length: 600 }, () => randomBytes(32));
  const { tiles } = RightEdge.empty.append(leaves);
  const full = tiles.filter(({ inner }) => inner !== null);
  expect(full.map(({ level, n }) => [level, n])).toEqual([
    [0, 0],
    [0, 1],
  ]);
  for (const { n, hashes, inner } of full) {
    const [kept, hashed] = [new WarmTile(hashes, inner), new WarmTile(hashes)];
    expect(kept.node(8, 0)).toEqual(naiveRoot(leaves.slice(n * 256, (n + 1) * 256)));
    for (let row = 0; row <= 8; row++) {
      for (let place = 0; place < 256 >> row; place++) {
        expect(kept.node(row, place)).toEqual(hashed.node(row, place));
      }
    }
  }
});
