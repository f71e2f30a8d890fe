import type { Bytes } from '../bytes.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { TlogError } from './errors.ts';
import { type Note, parseNote, verifySignatures } from './note.ts';
import { isKeyName, type VerifierKey } from './vkey.ts';

/** C2SP tlog-checkpoint in the log's profile: three lines, no extensions. */
export type Checkpoint = {
  readonly origin: string;
  /** Entries in the tree, a safe integer. */
  readonly size: number;
  /** RFC 6962 root, 32 bytes. */
  readonly root: Bytes;
};

export type Cosignature = {
  readonly name: string;
  /** Seconds since 1970, by the witness's clock. */
  readonly time: number;
};

/** A checkpoint whose log signature verified. */
export type OpenCheckpoint = Checkpoint & {
  /** The note as it was read. */
  readonly note: string;
  /** Of the witnesses asked for; nobody else's line says anything. */
  readonly cosignatures: readonly Cosignature[];
};

/** Whom a reader believes: the log's key, and witnesses. */
export type Trust = { readonly log: VerifierKey; readonly witnesses?: readonly VerifierKey[] };

export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/** @throws TlogError `checkpoint/format`, `base64/format` */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, digits, root, end, ...more] = text.split('\n');
  const size = Number(digits);
  if (
    origin === undefined ||
    root === undefined ||
    end !== '' ||
    more.length > 0 ||
    !isKeyName(origin) ||
    !/^(?:0|[1-9][0-9]{0,15})$/.test(digits ?? '') ||
    !Number.isSafeInteger(size)
  ) {
    throw new TlogError('checkpoint/format');
  }
  const bytes = decodeBase64(root);
  if (bytes.length !== 32) throw new TlogError('checkpoint/format');
  return { origin, size, root: bytes };
}

/**
 * @param note the signed note as it was read
 * @throws TlogError `note/*`, `checkpoint/*`, `base64/format`; `note/unsigned` when no line is of the log's key
 */
export async function openCheckpoint(note: string, trust: Trust): Promise<OpenCheckpoint> {
  const parsed = parseNote(note);
  const cosignatures = await verifyLines(parsed, trust);
  const checkpoint = parseCheckpoint(parsed.text);
  if (checkpoint.origin !== trust.log.name) throw new TlogError('checkpoint/origin');
  return { ...checkpoint, note, cosignatures };
}

async function verifyLines(note: Note, { log, witnesses = [] }: Trust): Promise<Cosignature[]> {
  const verified = await verifySignatures(note, [log, ...witnesses]);
  if (!verified.some(({ key }) => key === log)) throw new TlogError('note/unsigned');
  return verified.flatMap(({ key, time }) => (time === null ? [] : [{ name: key.name, time }]));
}
