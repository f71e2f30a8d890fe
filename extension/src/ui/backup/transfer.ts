import type { OfferView, RestoreView, SendView } from '../../messages.ts';
import { saveBlob } from '../save-file.ts';
import { failure, run } from '../session.ts';

/** Bytes in a message. */
const PIECE = 1024 * 1024;
/** Bytes; the worker takes no more, and what is larger need not be read. */
const MOST = 64 * PIECE;
const AS = { alphabet: 'base64url' } as const;

/** From 0 to 1. */
export type Progress = (done: number) => void;

/** Fetches a file from the worker and saves it. @returns whether that worked; `failure` says why not */
export async function saveSent({ id, name, parts }: SendView, onProgress: Progress) {
  const pieces: BlobPart[] = [];
  for (let part = 0; part < parts; part += 1) {
    onProgress(part / parts);
    const answer = await run('filePart', { id, part });
    if (answer === null) return false;
    pieces.push(Uint8Array.fromBase64(answer.piece, AS));
  }
  saveBlob(name, new Blob(pieces, { type: 'application/octet-stream' }));
  return true;
}

/** Gives the worker a backup file, piece by piece. @returns null when it was not taken; `failure` says why */
export async function offerFile(
  file: File,
  passphrase: string,
  onProgress: Progress,
): Promise<{ id: string; view: RestoreView } | null> {
  if (file.size > MOST) {
    failure.value = 'backup-too-large';
    return null;
  }
  const piece = async (from: number) =>
    new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer()).toBase64({
      ...AS,
      omitPadding: true,
    });
  onProgress(0);
  const { size } = file;
  let answer: OfferView | null = await run('offerBackup', {
    passphrase,
    size,
    piece: await piece(0),
  });
  for (let from = PIECE; answer !== null && from < size; from += PIECE) {
    onProgress(from / size);
    answer = await run('backupPiece', { id: answer.id, piece: await piece(from) });
  }
  return answer?.view ? { id: answer.id, view: answer.view } : null;
}
