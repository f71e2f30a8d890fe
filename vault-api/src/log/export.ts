import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Store } from '../store/port.ts';
import { openCheckpoint } from './checkpoint.ts';
import { HASH_SIZE } from './hash.ts';
import { noteSigner, parseVkey, type VerifierKey, vkeyOf } from './note.ts';
import {
  bundleOf,
  bundlePath,
  TILE_WIDTH,
  type TilePlace,
  tilePath,
  tilesOf,
  widthAt,
} from './tile.ts';

type ExportStore = Pick<
  Store,
  'published' | 'publishedNote' | 'publishedSizes' | 'logTile' | 'logEntries'
>;

/**
 * Writes the published log as files, the checkpoint last: whoever reads it finds all it names. What is there already
 * is not written again, because it never changes.
 * @param key what the log is signed with
 * @returns null when nothing is published
 * @throws ExportError when the key is not the log's, or the folder holds another log, whose files have the same names,
 * or more of this one
 */
export async function exportLog(
  store: ExportStore,
  folder: string,
  key: KeyObject,
): Promise<{ origin: string; size: number } | null> {
  const published = await store.published();
  if (published === null) return null;
  const { log, size, note } = published;
  const origin = note.slice(0, note.indexOf('\n'));
  const vkey = vkeyOf(noteSigner(origin, key));
  if (openCheckpoint(note, parseVkey(vkey) as VerifierKey) === null) {
    throw new ExportError('The key that is here has not signed this log.');
  }
  await assertFolderFor(folder, { origin, size });
  const sizes = (await store.publishedSizes(log)).filter((each) => each <= size);
  const places = new Map(
    [...tilesOf(size), ...sizes.flatMap((each) => unfinished(each, size))].map((place) => [
      tilePath(place),
      place,
    ]),
  );
  for (const [path, { level, n, width }] of places) {
    await writeOnce(join(folder, path), async () => {
      const tile = (await store.logTile(log, level, n)) as Buffer;
      return tile.subarray(0, width * HASH_SIZE);
    });
    if (level > 0) continue;
    await writeOnce(join(folder, bundlePath(n, width)), async () => {
      const first = n * TILE_WIDTH;
      const entries = await store.logEntries(log, first, first + width);
      return bundleOf(entries.map((entry) => Buffer.from(entry)));
    });
  }
  for (const each of sizes) {
    const text = async () => Buffer.from((await store.publishedNote(log, each)) as string);
    await writeOnce(join(folder, 'note', String(each)), text);
  }
  await writeWhole(join(folder, 'key'), Buffer.from(`${vkey}\n`));
  await writeWhole(join(folder, 'checkpoint'), Buffer.from(note));
  return { origin, size };
}

/** Nothing was written, and why. The message is a sentence. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/** Whoever saw a checkpoint must never see a smaller one: it would look like a log that was cut. */
async function assertFolderFor(
  folder: string,
  { origin, size }: { origin: string; size: number },
): Promise<void> {
  const checkpoint = join(folder, 'checkpoint');
  if (!existsSync(checkpoint)) return;
  const [there, entries] = (await readFile(checkpoint, 'utf8')).split('\n');
  if (there !== origin) {
    throw new ExportError(
      `${folder} holds the log ${there}; export ${origin} into a folder of its own.`,
    );
  }
  if (Number(entries) > size) {
    throw new ExportError(
      `${folder} holds ${entries} entries of ${origin}, and here are only ${size} of them.`,
    );
  }
}

/** The partial tiles of a published size that are not full in the tree of `size` leaves either: these must stay. */
function unfinished(published: number, size: number): TilePlace[] {
  const tiles: TilePlace[] = [];
  for (let level = 0, hashes = published; hashes > 0; level++) {
    const n = Math.floor(hashes / TILE_WIDTH);
    const width = hashes % TILE_WIDTH;
    if (width > 0 && widthAt(level, n, size) < TILE_WIDTH) tiles.push({ level, n, width });
    hashes = n;
  }
  return tiles;
}

async function writeOnce(path: string, bytes: () => Promise<Buffer>): Promise<void> {
  if (!existsSync(path)) await writeWhole(path, await bytes());
}

/** A name never stands for half of a file. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  await writeFile(draft, bytes);
  await rename(draft, path);
}
