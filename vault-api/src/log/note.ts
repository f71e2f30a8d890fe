import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { sha256 } from './hash.ts';

/** C2SP signed-note v1, with Ed25519 signatures (0x01) and timestamped Ed25519 cosignatures (0x04, tlog-cosignature v1). */
const ED25519 = 1;
const COSIGNATURE = 4;

export type VerifierKey = {
  readonly name: string;
  /** Four bytes. */
  readonly id: Buffer;
  readonly type: number;
  readonly key: KeyObject;
};
export type NoteSigner = { readonly name: string; readonly id: Buffer; readonly key: KeyObject };

/** A note whose text is there and whose lines are well-formed; nothing about it is verified yet. */
export type Note = {
  /** Ends in a line feed. */
  readonly text: string;
  readonly lines: readonly SignatureLine[];
};
type SignatureLine = {
  readonly name: string;
  readonly id: Buffer;
  readonly signature: Buffer;
  readonly line: string;
};

const NAME = /^[^\s+]+$/u;
const LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
/** Characters of a note, at least sixteen signatures of any kind that C2SP has assigned. */
const MAX_NOTE = 262_144;
/** DER of an Ed25519 SubjectPublicKeyInfo up to the 32 bytes of the key (RFC 8410 §4). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** SHA-256(name ‖ LF ‖ type ‖ public key)[:4] */
function keyId(name: string, type: number, publicKey: Uint8Array): Buffer {
  return sha256(Buffer.from(`${name}\n`), Buffer.of(type), publicKey).subarray(0, 4);
}

/** @param key Ed25519 private key */
export function noteSigner(name: string, key: KeyObject): NoteSigner {
  return { name, id: keyId(name, ED25519, rawPublicKey(key)), key };
}

/** `name+hex8(key id)+base64(type ‖ key)` of a log's key. */
export function vkeyOf({ name, id, key }: NoteSigner): string {
  const typed = Buffer.concat([Buffer.of(ED25519), rawPublicKey(key)]);
  return `${name}+${id.toString('hex')}+${typed.toString('base64')}`;
}

function rawPublicKey(key: KeyObject): Buffer {
  const half = key.type === 'public' ? key : createPublicKey(key);
  return (half.export({ format: 'der', type: 'spki' }) as Buffer).subarray(-32);
}

/** @returns null for what is no key of type 0x01 or 0x04, or has an id that is not its own */
export function parseVkey(vkey: string): VerifierKey | null {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(vkey);
  if (match === null) return null;
  const [, name = '', hex = '', encoded = ''] = match;
  const typed = Buffer.from(encoded, 'base64');
  const type = typed[0];
  if (typed.length !== 33 || (type !== ED25519 && type !== COSIGNATURE)) return null;
  const raw = typed.subarray(1);
  const id = keyId(name, type, raw);
  if (id.toString('hex') !== hex) return null;
  const der = Buffer.concat([SPKI, raw]);
  return { name, id, type, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/** @param text ends in a line feed */
export function signNote(text: string, signer: NoteSigner): string {
  if (!NAME.test(signer.name) || !text.endsWith('\n')) throw new TypeError('no text for a note');
  const signature = sign(null, Buffer.from(text), signer.key);
  return `${text}\n${signatureLine(signer.name, signer.id, signature)}`;
}

function signatureLine(name: string, id: Buffer, signature: Buffer): string {
  return `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

/** @returns null for what is no signed note */
export function parseNote(note: string): Note | null {
  if (note.length > MAX_NOTE) return null;
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n')) return null;
  const lines: SignatureLine[] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const match = LINE.exec(line);
    if (match === null) return null;
    const bytes = Buffer.from(match[2] as string, 'base64');
    if (bytes.length < 5) return null;
    lines.push({
      name: match[1] as string,
      id: bytes.subarray(0, 4),
      signature: bytes.subarray(4),
      line: `${line}\n`,
    });
  }
  return { text: note.slice(0, end + 1), lines };
}

/**
 * Which of the keys have signed. Lines of others are ignored; a line of one of these with a bad signature makes the
 * note none.
 * @returns null for a note with a bad signature
 */
export function signersOf(note: Note, keys: readonly VerifierKey[]): VerifierKey[] | null {
  const signers: VerifierKey[] = [];
  for (const { name, id, signature } of note.lines) {
    const key = keys.find((candidate) => candidate.name === name && candidate.id.equals(id));
    if (key === undefined) continue;
    if (!isGood(note.text, signature, key)) return null;
    signers.push(key);
  }
  return signers;
}

function isGood(text: string, signature: Buffer, { type, key }: VerifierKey): boolean {
  if (type === ED25519) {
    return signature.length === 64 && verify(null, Buffer.from(text), key, signature);
  }
  if (signature.length !== 72) return false;
  const message = cosignedMessage(text, signature.readBigUInt64BE());
  return verify(null, message, key, signature.subarray(8));
}

/** What a witness signs; `time` in seconds. */
function cosignedMessage(text: string, time: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
}

/**
 * The note with the cosignatures of known witnesses that verify, one of each.
 * @param lines signature lines as a witness answers them, each ending in a line feed
 * @returns null when one of a known witness does not verify
 */
export function withCosignatures(
  note: string,
  lines: string,
  witnesses: readonly VerifierKey[],
): string | null {
  const parsed = parseNote(note);
  const answered = parseNote(`${parsed?.text}\n${lines}`);
  if (parsed === null || answered === null) return null;
  if (signersOf(answered, witnesses) === null) return null;
  const isThere = (line: SignatureLine) =>
    parsed.lines.some(({ name, id }) => name === line.name && id.equals(line.id));
  const isKnown = ({ name, id }: SignatureLine) =>
    witnesses.some((witness) => witness.name === name && witness.id.equals(id));
  const added = answered.lines.filter((line) => isKnown(line) && !isThere(line));
  return note + added.map(({ line }) => line).join('');
}
