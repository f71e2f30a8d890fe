import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Store } from '../store/port.ts';
import { HASH_SIZE } from './hash.ts';
import { bundleOf, bundlePath, TILE_WIDTH, tilePath, tilesOf } from './tile.ts';

type ExportStore = Pick<
  Store,
  'published' | 'publishedNote' | 'publishedSizes' | 'logTile' | 'logEntries'
>;

/**
 * Writes the published log as files, the checkpoint last: whoever reads it finds all it names. What is there already
 * is not written again, because it never changes.
 * @returns null when nothing is published
 */
export async function exportLog(
  store: ExportStore,
  folder: string,
): Promise<{ origin: string; size: number } | null> {
  const published = await store.published();
  if (published === null) return null;
  const { log, size, note } = published;
  for (const { level, n, width } of tilesOf(size)) {
    await writeOnce(join(folder, tilePath({ level, n, width })), async () => {
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
  for (const each of await store.publishedSizes(log)) {
    if (each > size) continue;
    const text = async () => Buffer.from((await store.publishedNote(log, each)) as string);
    await writeOnce(join(folder, 'note', String(each)), text);
  }
  await writeWhole(join(folder, 'checkpoint'), Buffer.from(note));
  return { origin: note.slice(0, note.indexOf('\n')), size };
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
