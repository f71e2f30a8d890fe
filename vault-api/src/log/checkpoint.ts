import { HASH_SIZE } from './hash.ts';
import {
  type Note,
  type NoteSigner,
  parseNote,
  signersOf,
  signNote,
  type VerifierKey,
} from './note.ts';

/** C2SP tlog-checkpoint v1, without extension lines. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Buffer };

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** @returns the signed note */
export function signCheckpoint(size: number, root: Buffer, signer: NoteSigner): string {
  return signNote(checkpointText({ origin: signer.name, size, root }), signer);
}

/** @returns null for any other text */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin = '', digits = '', encoded = '', ...rest] = text.split('\n');
  if (rest.length !== 1 || rest[0] !== '' || !/^(?:0|[1-9][0-9]{0,15})$/.test(digits)) return null;
  const root = Buffer.from(encoded, 'base64');
  if (root.length !== HASH_SIZE || root.toString('base64') !== encoded) return null;
  return { origin, size: Number(digits), root };
}

/** @returns the checkpoint of a note that the log's key has signed; null for anything else */
export function openCheckpoint(
  note: string,
  key: VerifierKey,
): (Checkpoint & { note: Note }) | null {
  const parsed = parseNote(note);
  if (parsed === null || signersOf(parsed, [key])?.length !== 1) return null;
  const checkpoint = parseCheckpoint(parsed.text);
  if (checkpoint === null || checkpoint.origin !== key.name) return null;
  return { ...checkpoint, note: parsed };
}
