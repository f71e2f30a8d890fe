import type { Bytes } from '../bytes.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes.ts';
import { FormatError } from '../errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { type OpenCheckpoint, openCheckpoint, type Trust } from './checkpoint.ts';
import { TlogError } from './errors.ts';
import { MAX_NOTE } from './note.ts';
import {
  formatOpening,
  type Opened,
  type Opening,
  parseOpening,
  verifyOpening,
} from './opening.ts';
import { leafHash, verifyInclusion } from './tree.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** Characters: an opening of 256 K in base64, and a note. */
const MAX_PROOF = 1 << 20;
/** A tree of safe-integer size is no higher. */
const MAX_HASHES = 53;

/** C2SP tlog-proof@v1: an offline proof that an entry is in a log. */
export type TlogProof = {
  /** Opaque and not authenticated; ours carries an opening. */
  readonly extra: Bytes | null;
  readonly index: number;
  readonly hashes: readonly Bytes[];
  /** The checkpoint's signed note, verbatim. */
  readonly note: string;
};

/** @throws TlogError `proof/format`, `base64/format` */
export function parseTlogProof(text: string): TlogProof {
  if (text.length > MAX_PROOF + MAX_NOTE) throw new TlogError('proof/format');
  const split = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, split).split('\n');
  if (split === -1 || header !== HEADER) throw new TlogError('proof/format');
  const extra = lines[0]?.startsWith('extra ') ? decodeBase64(lines.shift()?.slice(6) ?? '') : null;
  const [, digits] = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '') ?? [];
  const index = Number(digits);
  if (!Number.isSafeInteger(index) || lines.length > MAX_HASHES) {
    throw new TlogError('proof/format');
  }
  const hashes = lines.map(decodeBase64);
  if (hashes.some(({ length }) => length !== 32)) throw new TlogError('proof/format');
  return { extra, index, hashes, note: text.slice(split + 2) };
}

export function formatTlogProof({ extra, index, hashes, note }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === null ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(encodeBase64),
  ];
  return `${lines.join('\n')}\n\n${note}`;
}

/**
 * The entry with this leaf hash is in the tree that the proof's checkpoint signs.
 * @throws TlogError `note/*`, `checkpoint/*`, `tree/*`
 */
export async function verifyTlogProof(
  proof: TlogProof,
  leaf: Bytes,
  trust: Trust,
): Promise<OpenCheckpoint> {
  const checkpoint = await openCheckpoint(proof.note, trust);
  verifyInclusion(leaf, { index: proof.index, ...checkpoint }, proof.hashes);
  return checkpoint;
}

/** Our proof: its `extra` is the opening of the entry it proves. @throws TlogError `opening/format`, `proof/format` */
export function openingOfProof({ extra }: TlogProof): Opening {
  if (extra === null) throw new TlogError('proof/format');
  try {
    return parseOpening(decodeUtf8(extra));
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new TlogError('opening/format', { cause });
  }
}

export function extraOfOpening(opening: Opening): Bytes {
  return encodeUtf8(formatOpening(opening));
}

/** An entry whose opening holds and which a signed tree contains. */
export type ProvenEntry = Opened & {
  readonly index: number;
  readonly leaf: Bytes;
  readonly checkpoint: OpenCheckpoint;
};

/**
 * Everything that one proof file can show by itself, except the act (`verifyAct`).
 * @throws TlogError
 */
export async function proveEntry(text: string, trust: Trust): Promise<ProvenEntry> {
  const proof = parseTlogProof(text);
  const opened = verifyOpening(openingOfProof(proof));
  const leaf = leafHash(encodeUtf8(opened.opening.entry));
  const checkpoint = await verifyTlogProof(proof, leaf, trust);
  return { ...opened, index: proof.index, leaf, checkpoint };
}
