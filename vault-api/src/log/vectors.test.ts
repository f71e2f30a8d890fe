import { createPrivateKey, hash } from 'node:crypto';
import { expect, test } from 'vitest';
import entryVectors from '../../../protocol/vectors/log-entry.json' with { type: 'json' };
import vectors from '../../../protocol/vectors/tlog.json' with { type: 'json' };
import { openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { commitTo, disclosureOf, type Field, saltAt } from './commitment.ts';
import { LIFECYCLE_SIZE, lifecycleText } from './entry.ts';
import { leafHash } from './hash.ts';
import { inclusionProof } from './inclusion.ts';
import { noteSigner, parseVkey, type VerifierKey, vkeyOf, withCosignatures } from './note.ts';
import { RightEdge } from './right-edge.ts';
import { epochKey, tagOf } from './stream.ts';
import { bundleOf, bundlePath, parseTileNumber, tilePath, tilesOf } from './tile.ts';
import { tlogProof } from './tlog-proof.ts';

const entries = (size: number) => Array.from({ length: size }, (_, i) => Buffer.from(`entry-${i}`));
const sha = (bytes: Buffer) => hash('sha256', bytes, 'hex');

/** A tree grown in flushes of odd sizes, with the tiles it left. */
function grown(size: number) {
  const tiles = new Map<string, Buffer>();
  let edge = RightEdge.empty;
  const all = entries(size);
  while (edge.size < size) {
    const flush = all.slice(edge.size, edge.size + 1 + ((edge.size * 7) % 1500));
    const next = edge.append(flush.map(leafHash));
    for (const { level, n, hashes } of next.tiles) tiles.set(`${level} ${n}`, hashes);
    edge = next.edge;
  }
  const read = (level: number, n: number, width: number) =>
    (tiles.get(`${level} ${n}`) as Buffer).subarray(0, width * 32);
  return { edge, read };
}

test('leaf hashes', () => {
  const { empty, ...others } = vectors.leaf_hash;
  expect(leafHash(Buffer.alloc(0)).toString('base64')).toBe(empty);
  for (const [entry, expected] of Object.entries(others)) {
    expect(leafHash(Buffer.from(entry)).toString('base64')).toBe(expected);
  }
});

test.each(Object.entries(vectors.roots))('root of %s entries', (size, root) => {
  expect(grown(Number(size)).edge.root().toString('base64')).toBe(root);
});

test.each(vectors.tiles)('tiles of $size entries', (vector) => {
  const { size, count, tiles_shown, sha256_of_all_tile_sha256s_in_level_then_index_order } = vector;
  const { read } = grown(size);
  const tiles = tilesOf(size);
  expect(tiles).toHaveLength(count);
  const hashes = tiles.map(({ level, n, width }) => sha(read(level, n, width)));
  expect(sha(Buffer.from(hashes.join(''), 'hex'))).toBe(
    sha256_of_all_tile_sha256s_in_level_then_index_order,
  );
  for (const shown of tiles_shown) {
    const place = tiles.findIndex((tile) => tilePath(tile) === shown.path);
    expect([hashes[place], (tiles[place]?.width ?? 0) * 32]).toEqual([shown.sha256, shown.bytes]);
  }
});

test('tile paths, written and read', () => {
  for (const [label, path] of Object.entries(vectors.tile_paths_level0)) {
    const [n, width] = [Number.parseInt(label, 10), label.includes('W=7') ? 7 : 256];
    expect(tilePath({ level: 0, n, width })).toBe(path);
    expect(parseTileNumber(path.slice('tile/0/'.length))).toEqual({ n, width });
  }
  for (const path of ['1', '0001', 'x000/001', '001/002', '001.p/0', '001.p/256', '001.p/07']) {
    expect(parseTileNumber(path)).toBeNull();
  }
});

test('entry bundles', () => {
  const bundles = vectors.entry_bundles;
  const all = entries(70_000);
  expect(sha(bundleOf(all.slice(0, 256)))).toBe(bundles['tile/entries/000 sha256']);
  expect(bundleOf(all.slice(0, 3)).toString('hex')).toBe(bundles['tile/entries/000.p/3 hex']);
  expect(sha(bundleOf(all.slice(273 * 256)))).toBe(
    bundles['tile/entries/273.p/112 sha256 (size 70000)'],
  );
  expect(bundlePath(273, 112)).toBe('tile/entries/273.p/112');
});

test.each(vectors.inclusion)('inclusion of $index in $size', ({ index, size, proof }) => {
  const { read } = grown(size);
  expect(inclusionProof(index, size, read).map((hash) => hash.toString('base64'))).toEqual(proof);
});

const { keys } = vectors;
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const logKey = createPrivateKey({
  key: Buffer.concat([PKCS8, Buffer.from(keys['log seed hex'], 'hex')]),
  format: 'der',
  type: 'pkcs8',
});
const signer = noteSigner('example.com/grantlog', logKey);
const log = parseVkey(keys['log vkey']) as VerifierKey;
const witness = parseVkey(keys['witness vkey']) as VerifierKey;

test('checkpoints, signed and opened, with and without a cosignature', () => {
  const root = Buffer.from(vectors.roots['257'], 'base64');
  const note = signCheckpoint(257, root, signer);
  expect(note).toBe(vectors.checkpoint_257);
  expect(vkeyOf(signer)).toBe(keys['log vkey']);
  const cosigned = vectors.checkpoint_257_cosigned_t1700000000;
  for (const text of [note, cosigned]) {
    expect(openCheckpoint(text, log)).toMatchObject({ origin: signer.name, size: 257, root });
  }
  const line = cosigned.slice(note.length);
  expect(withCosignatures(note, line, [witness])).toBe(cosigned);
  expect(withCosignatures(cosigned, line, [witness])).toBe(cosigned);
  expect(withCosignatures(note, line, [])).toBe(note);
  const bad = line.replace('AAB', 'AAC').replace('AUf7', 'AUf8');
  expect(bad).not.toBe(line);
  expect(withCosignatures(note, bad, [witness])).toBeNull();
  expect(openCheckpoint(note.replace('\n257\n', '\n256\n'), log)).toBeNull();
  expect(openCheckpoint(note, { ...log, name: 'other' })).toBeNull();
});

test('sixteen signatures of the largest kind, of keys that nobody knows, are ignored', () => {
  const line = `— witness.example/pq ${Buffer.alloc(5000, 7).toString('base64')}\n`;
  const note = vectors.checkpoint_257 + line.repeat(16);
  expect(openCheckpoint(note, log)).toMatchObject({ size: 257 });
});

test('a proof in one file', () => {
  const { read } = grown(257);
  const proof = { index: 5, hashes: inclusionProof(5, 257, read) };
  expect(tlogProof({ ...proof, note: vectors.checkpoint_257_cosigned_t1700000000 })).toBe(
    vectors.tlog_proof_257_5,
  );
});

test.each(entryVectors.entries)('the entry $label', (vector) => {
  const fields = vector.fields as unknown as Field[];
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  const salts = Buffer.concat(vector.salts.map(bytes));
  const { payload, commitment, digests } = commitTo(fields, salts, bytes(vector.r));
  const disclosures = fields.map((field, i) => disclosureOf(saltAt(salts, i), field));
  expect(disclosures).toEqual(vector.disclosures);
  expect(digests).toEqual(vector.digests);
  expect(payload).toBe(vector.payload);
  expect(commitment.toString('base64url')).toBe(vector.commitment);

  const month = vector.t.slice(0, 7);
  const brand = epochKey(bytes(entryVectors.brand_stream_root), 'brand', month);
  const person = epochKey(bytes(entryVectors.person_stream_root), 'person', month);
  expect(brand.toString('base64url')).toBe(vector.brand_epoch_key);
  expect(person.toString('base64url')).toBe(vector.person_epoch_key);
  const tags = { b: tagOf(brand, vector.brand_seq), s: tagOf(person, vector.person_seq) };
  expect(tags.b.toString('base64url')).toBe(vector.brand_tag);
  expect(tags.s.toString('base64url')).toBe(vector.person_tag);

  const text = lifecycleText(Date.parse(vector.t) / 1000, { c: commitment, ...tags });
  expect(text).toBe(vector.entry);
  expect(text).toHaveLength(LIFECYCLE_SIZE);
  expect(leafHash(Buffer.from(text)).toString('base64')).toBe(vector.leaf_hash);
});
