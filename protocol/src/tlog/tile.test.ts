import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Bytes, concat, encodeUtf8 } from '../bytes.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { buildConsistency, buildInclusion } from './proof.ts';
import {
  entriesPath,
  formatBundle,
  hashesOfTile,
  nodesFromTiles,
  parseBundle,
  perfectRoot,
  rightmostTiles,
  type Tile,
  tileAt,
  tilePath,
  widthOfLevel,
} from './tile.ts';
import { leafHash } from './tree.ts';
import { tlogVectors } from './vectors.fixture.ts';

const SIZE = 70_000;
const entries = Array.from({ length: SIZE }, (_, i) => encodeUtf8(`entry-${i}`));
const levels: Bytes[][] = [entries.map(leafHash)];
for (let row = levels[0] as Bytes[]; row.length >= 256; ) {
  const above: Bytes[] = [];
  for (let i = 0; i + 256 <= row.length; i += 256) above.push(perfectRoot(row.slice(i, i + 256)));
  levels.push(above);
  row = above;
}
const bytesOf = ({ level, index, width }: Tile) =>
  concat(...(levels[level] as Bytes[]).slice(index * 256, index * 256 + width));
const hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function allTiles(size: number): Tile[] {
  return rightmostTiles(size).flatMap(({ level, index }) =>
    Array.from({ length: index + 1 }, (_, i) => tileAt(level, i, size)),
  );
}

describe('vectors of golang.org/x/mod/sumdb', () => {
  test('paths', () => {
    for (const [what, path] of Object.entries(tlogVectors.tile_paths_level0)) {
      const [number, width] = what.split(' W=');
      const tile = { level: 0, index: Number(number), width: Number(width ?? 256) };
      expect(tilePath(tile)).toBe(path);
      expect(entriesPath(tile)).toBe(path.replace('tile/0/', 'tile/entries/'));
    }
  });

  test.each(tlogVectors.tiles)('tiles of a tree of $size', (vector) => {
    const tiles = allTiles(vector.size);
    expect(tiles).toHaveLength(vector.count);
    const all = tiles.map((tile) => createHash('sha256').update(bytesOf(tile)).digest());
    expect(hex(Buffer.concat(all))).toBe(
      vector.sha256_of_all_tile_sha256s_in_level_then_index_order,
    );
    for (const { bytes, path, sha256 } of vector.tiles_shown) {
      const tile = tiles.find((candidate) => tilePath(candidate) === path);
      if (tile === undefined) expect.fail(`no tile ${path}`);
      expect(bytesOf(tile)).toHaveLength(bytes);
      expect(hex(bytesOf(tile))).toBe(sha256);
    }
  });

  test('entry bundles, written and read', () => {
    const bundle = (index: number, width: number) =>
      formatBundle(entries.slice(index * 256, index * 256 + width));
    const vectors = tlogVectors.entry_bundles;
    expect(hex(bundle(0, 256))).toBe(vectors['tile/entries/000 sha256']);
    expect(Buffer.from(bundle(0, 3)).toString('hex')).toBe(vectors['tile/entries/000.p/3 hex']);
    expect(hex(bundle(0, 3))).toBe(vectors['tile/entries/000.p/3 sha256']);
    expect(hex(bundle(273, 112))).toBe(vectors['tile/entries/273.p/112 sha256 (size 70000)']);
    expect(parseBundle(bundle(273, 112), 112)).toEqual(entries.slice(273 * 256, 273 * 256 + 112));
  });

  test('proofs from tiles', async () => {
    const read = (size: number) => nodesFromTiles(size, async (tile) => bytesOf(tile));
    for (const { index, size, proof } of tlogVectors.inclusion) {
      const built = await buildInclusion({ index, size }, read(size));
      expect(built.map(encodeBase64)).toEqual(proof);
    }
    for (const { old, new: size, proof } of tlogVectors.consistency) {
      const built = await buildConsistency({ older: old, newer: size }, read(size));
      expect(built.map(encodeBase64)).toEqual(proof);
    }
  });
});

test('the tiles at the right edge are those of C2SP: floor(s / 256^l) mod 256 wide, or full', () => {
  expect(rightmostTiles(0)).toEqual([]);
  expect(rightmostTiles(SIZE)).toEqual([
    { level: 0, index: 273, width: 112 },
    { level: 1, index: 1, width: 17 },
    { level: 2, index: 0, width: 1 },
  ]);
  expect(rightmostTiles(256)).toEqual([
    { level: 0, index: 0, width: 256 },
    { level: 1, index: 0, width: 1 },
  ]);
  expect(widthOfLevel(4, 2 ** 45)).toBe(2 ** 13);
});

test('a tile or bundle of the wrong length is refused', () => {
  const hash = decodeBase64(tlogVectors.roots['1'] as string);
  expect(() => hashesOfTile(hash, 2)).toThrow('tile/length');
  expect(() => hashesOfTile(hash.subarray(1), 1)).toThrow('tile/length');
  const bundle = formatBundle(entries.slice(0, 3));
  expect(() => parseBundle(bundle, 4)).toThrow('bundle/truncated');
  expect(() => parseBundle(bundle.subarray(0, -1), 3)).toThrow('bundle/truncated');
  expect(() => parseBundle(bundle, 2)).toThrow('bundle/trailing');
  expect(() => formatBundle([new Uint8Array(65_536)])).toThrow('entry/too-large');
});
