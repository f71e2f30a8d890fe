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
  onProgress(0);
  const { size } = file;
  let piece = await pieceOf(file, 0);
  let answer: OfferView | null = null;
  if (piece !== null) answer = await run('offerBackup', { passphrase, size, piece });
  for (let from = PIECE; answer !== null && from < size; from += PIECE) {
    onProgress(from / size);
    piece = await pieceOf(file, from);
    answer = piece === null ? null : await run('backupPiece', { id: answer.id, piece });
  }
  if (piece === null) failure.value = 'unreadable';
  return answer?.view ? { id: answer.id, view: answer.view } : null;
}

/** @returns base64url; null when the file went away meanwhile, or may not be read */
async function pieceOf(file: File, from: number): Promise<string | null> {
  try {
    // One that was deleted has the size 0, and only as a whole it fails to be read.
    const part = file.size > PIECE ? file.slice(from, from + PIECE) : file;
    const bytes = new Uint8Array(await part.arrayBuffer());
    return bytes.toBase64({ ...AS, omitPadding: true });
  } catch {
    return null;
  }
}
