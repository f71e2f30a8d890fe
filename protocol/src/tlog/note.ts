import { type Bytes, concat, encodeUtf8 } from '../bytes.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { TlogError } from './errors.ts';
import { ed25519 } from './hash.ts';
import { hexOf, isKeyName, KeyType, type VerifierKey } from './vkey.ts';

/** Characters of a note, at least sixteen signatures of any kind that C2SP has assigned. */
export const MAX_NOTE = 262_144;
const MAX_SIGNATURES = 100;
const SIGNATURE = /^— (\S+) ([A-Za-z0-9+/=]+)$/;
/** ASCII control characters other than LF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: C2SP signed-note forbids them.
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

export type NoteSignature = {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly signature: Bytes;
};

/** C2SP signed-note, taken apart; nothing about it is verified yet. */
export type Note = {
  /** The signed text, ending in LF. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};

/** A signature that verified; `time` (seconds since 1970) is the witness's word, null for type 0x01. */
export type VerifiedSignature = { readonly key: VerifierKey; readonly time: number | null };

/** @throws TlogError `note/format`, `base64/format` */
export function parseNote(note: string): Note {
  if (note.length > MAX_NOTE || CONTROL.test(note) || !note.isWellFormed()) {
    throw new TlogError('note/format');
  }
  const split = note.lastIndexOf('\n\n');
  if (split <= 0 || !note.endsWith('\n')) throw new TlogError('note/format');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new TlogError('note/format');
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [, name, encoded] = SIGNATURE.exec(line) ?? [];
  if (name === undefined || encoded === undefined || !isKeyName(name)) {
    throw new TlogError('note/format');
  }
  const bytes = decodeBase64(encoded);
  if (bytes.length < 5) throw new TlogError('note/format');
  return { name, id: hexOf(bytes.subarray(0, 4)), signature: bytes.slice(4) };
}

export function formatNote({ text, signatures }: Note): string {
  const lines = signatures.map(({ name, id, signature }) => {
    const keyId = Uint8Array.from({ length: 4 }, (_, i) =>
      Number.parseInt(id.slice(i * 2, i * 2 + 2), 16),
    );
    return `— ${name} ${encodeBase64(concat(keyId, signature))}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** The bytes a C2SP cosignature/v1 signs: a time before the whole checkpoint text. */
export function cosignedMessage(text: string, time: number): Bytes {
  return encodeUtf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/**
 * Ignores lines of unknown keys (a name and id that is none of `keys`); one bad signature of a known key rejects the
 * note.
 * @returns the signatures that verified, in the order of the lines; a second line of the same key counts once
 * @throws TlogError `note/signature`, `note/cosignature`
 */
export async function verifySignatures(
  note: Note,
  keys: readonly VerifierKey[],
): Promise<VerifiedSignature[]> {
  const verified: VerifiedSignature[] = [];
  for (const { name, id, signature } of note.signatures) {
    const key = keys.find((known) => known.name === name && known.id === id);
    if (key === undefined) continue;
    const time = await verifyOne(key, signature, note.text);
    if (!verified.some((earlier) => earlier.key === key)) verified.push({ key, time });
  }
  return verified;
}

async function verifyOne(key: VerifierKey, signature: Bytes, text: string): Promise<number | null> {
  if (key.type === KeyType.ed25519) {
    const holds = signature.length === 64 && (await verifierOf(key)(signature, encodeUtf8(text)));
    if (!holds) throw new TlogError('note/signature');
    return null;
  }
  const time = signature.length === 72 ? timeOf(signature) : 0;
  const holds =
    time > 0 && (await verifierOf(key)(signature.slice(8), cosignedMessage(text, time)));
  if (!holds) throw new TlogError('note/cosignature');
  return time;
}

/** u64be seconds; what no date can hold is no time. */
function timeOf(signature: Bytes): number {
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return time <= 253_402_300_799n ? Number(time) : 0;
}

type Verifier = ReturnType<typeof ed25519>;
const verifiers = new WeakMap<VerifierKey, Verifier>();

/** A key is imported once: a log has many notes. */
function verifierOf(key: VerifierKey): Verifier {
  const known = verifiers.get(key);
  if (known !== undefined) return known;
  const verifier = ed25519(key.publicKey);
  verifiers.set(key, verifier);
  return verifier;
}
