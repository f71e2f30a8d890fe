import type { Store } from '../store/port.ts';
import { openCheckpoint, signCheckpoint } from './checkpoint.ts';
import type { HeadFile } from './head-file.ts';
import { type NoteSigner, noteSigner, parseVkey, type VerifierKey, vkeyOf } from './note.ts';
import { storedEdge } from './read-edge.ts';
import { RightEdge } from './right-edge.ts';

export type LogStore = Pick<Store, 'logHead' | 'logTile' | 'published' | 'publish'>;

/** What is in the database is not what was signed. Nothing more may be published. */
export class LogDamage extends Error {
  override readonly name = 'LogDamage';
}

/**
 * Publishes the head: read back as it is committed, held against the tiles, remembered outside the database, and only
 * then given away. Of one size there is never more than one note, because a note leaves the process only after it was
 * read from a committed row.
 * @returns whether there was something to publish
 * @throws LogDamage; StoreError; errors of the file system. Repeating it is safe
 */
export async function publishHead(
  store: LogStore,
  signer: NoteSigner,
  file: HeadFile,
): Promise<boolean> {
  const { log, size, root, note } = await store.logHead();
  const last = await store.published();
  if (last !== null && last.log === log && last.size >= size) return false;
  const signed = note ?? signCheckpoint(0, RightEdge.empty.root(), signer);
  const checkpoint = openOwn(signed, signer);
  const edge = await storedEdge(store, log, size);
  if (
    checkpoint === null ||
    checkpoint.size !== size ||
    !checkpoint.root.equals(root) ||
    edge === null ||
    !edge.root().equals(root)
  ) {
    throw new LogDamage('The head of the log does not follow from what is stored.');
  }
  // Cosignatures of witnesses belong to the note from here on (`withCosignatures`); none is asked yet.
  await file.write(signed);
  return store.publish({ log, size, note: signed });
}

/**
 * A checkpoint signed by the log's key for this log. The host may have been another one: a service in development takes
 * any port, and the tree is the same.
 */
function openOwn(note: string, { name, key }: NoteSigner): ReturnType<typeof openCheckpoint> {
  const origin = note.slice(0, note.indexOf('\n'));
  if (pathOf(origin) !== pathOf(name)) return null;
  return openCheckpoint(note, verifierOf(noteSigner(origin, key)));
}

function pathOf(origin: string): string {
  return origin.slice(origin.indexOf('/'));
}

function verifierOf(signer: NoteSigner): VerifierKey {
  return parseVkey(vkeyOf(signer)) as VerifierKey;
}

/** How the database compares to what was published: anything but `same` means that it is not the latest. */
export type Comparison = 'same' | 'missing' | 'ahead' | 'different' | 'damaged';

/**
 * At the start: the database must hold all that was ever published. `missing`: no file beside a log with entries;
 * `ahead`: the file knows of more; `different`: of another log; `damaged`: its head does not follow from its tiles.
 */
export async function compareHead(
  store: LogStore,
  signer: NoteSigner,
  file: HeadFile,
): Promise<Comparison> {
  const { log, size } = await store.logHead();
  const note = await file.read();
  if (note === null) return size === 0 ? 'same' : 'missing';
  const known = openOwn(note, signer);
  if (known === null) return 'different';
  if (known.size > size) return 'ahead';
  const edge = await storedEdge(store, log, known.size);
  return edge?.root().equals(known.root) ? 'same' : 'different';
}

/**
 * Compares, and publishes what was not published before the process ended: of an empty log the empty checkpoint, so
 * that the file is there before the first entry is.
 * @throws StoreError, PrivateFileError
 */
export async function startLog(
  store: LogStore,
  signer: NoteSigner,
  file: HeadFile,
): Promise<Comparison> {
  const comparison = await compareHead(store, signer, file);
  if (comparison !== 'same') return comparison;
  try {
    await publishHead(store, signer, file);
  } catch (error) {
    if (error instanceof LogDamage) return 'damaged';
    // What can be read is served while nothing can be written; whoever keeps the log publishes as soon as it can.
    if ((await store.published()) === null) throw error;
  }
  return 'same';
}
