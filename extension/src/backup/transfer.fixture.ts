/** What a page does with files, in pieces, for the tests. */
import { decodeBase64url, encodeBase64url } from '@zusage/protocol/bytes';
import type { RestoreView } from '../messages.ts';
import type { Person } from '../sharing/person.fixture.ts';

export const FILE_PASSPHRASE = 'Wetterhahn im Nebel 12';

/** Makes a backup and fetches all of it. */
export async function backupOf(person: Person): Promise<Uint8Array> {
  return fetched(person, await person.run('makeBackup', { passphrase: FILE_PASSPHRASE }));
}

export async function exportOf(person: Person, keys: boolean): Promise<Record<string, unknown>> {
  const bytes = await fetched(person, await person.run('exportAll', { keys }));
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

async function fetched(
  person: Person,
  { id, parts }: { id: string; parts: number },
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let part = 0; part < parts; part += 1)
    pieces.push(decodeBase64url((await person.run('filePart', { id, part })).piece));
  return Buffer.concat(pieces);
}

/** Offers a backup file, piece by piece, and gives what it would do. */
export async function offer(
  person: Person,
  file: Uint8Array,
  { passphrase = FILE_PASSPHRASE, size = file.length, piece = 1_000_000 } = {},
): Promise<{ id: string; view: RestoreView }> {
  const at = (from: number) => encodeBase64url(file.subarray(from, from + piece));
  let answer = await person.run('offerBackup', { passphrase, size, piece: at(0) });
  for (let from = piece; from < file.length; from += piece)
    answer = await person.run('backupPiece', { id: answer.id, piece: at(from) });
  if (answer.view === null) throw new Error('the backup was not read to its end');
  return { id: answer.id, view: answer.view };
}
