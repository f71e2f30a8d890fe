import { randomFillSync } from 'node:crypto';
import { signCheckpoint } from './checkpoint.ts';
import { commitTo, R_SIZE } from './commitment.ts';
import { accessText, keyText, lifecycleText, MAX_KEY_EVENT, minuteOf, monthOf } from './entry.ts';
import { leafHash, type Mac, macUnder, sha256 } from './hash.ts';
import { fieldsOf, type LifecycleValues, PAD, RANDOM_SIZE } from './lifecycle.ts';
import type { NoteSigner } from './note.ts';
import { type OpeningParts, partsOf } from './opening.ts';
import { paddedSize, shuffled } from './padding.ts';
import { randomsOf } from './randoms.ts';
import type { RightEdge, Tile } from './right-edge.ts';
import { epochKey, STREAM_ROOT_SIZE, type StreamKind, TAG_SIZE, tagUnder } from './stream.ts';

/** A row that waits for its index: a lifecycle entry, or a key event in clear. */
export type Waiting = { readonly qid: number } & (
  | {
      readonly kind: 'e';
      readonly grant: string;
      readonly grantSeq: number;
      readonly fields: LifecycleValues;
      /** Claims of the receipt but `log` and `stream`; null when nobody gets one. */
      readonly receipt: object | null;
    }
  | { readonly kind: 'k'; readonly fields: KeyEvent }
);
export type KeyEvent = { readonly type: string; readonly body: object };

/** Where a brand's or a person's entries are in their own sequence. */
export type Stream = {
  readonly kind: StreamKind;
  /** DID or pseudonym. */
  readonly name: string;
  readonly root: Buffer;
  /** UTC month of its last entry; '' before the first. */
  readonly month: string;
  /** Number of its last entry in that month. */
  readonly seq: number;
  /** base64url commitment of its last entry; kept for brands. */
  readonly prev: string | null;
};

export type BatchInput = {
  readonly edge: RightEdge;
  /** In their order in the queue, and in the order of `grantSeq` for each grant. */
  readonly rows: readonly Waiting[];
  /** Those the rows name, as far as they exist. */
  readonly streams: readonly Stream[];
  /** Root of an access batch that is to be sealed with it. */
  readonly access: Buffer | null;
  /** A key event that precedes everything: the first entry of a log that follows another. */
  readonly first: KeyEvent | null;
  /** NumericDate, not before the last batch's. */
  readonly time: number;
};

/** With what a batch is signed; everything happens at once, inside a transaction. */
export type BatchSigner = {
  readonly checkpoint: NoteSigner;
  /** @returns the compact JWS of a receipt */
  readonly receipt: (claims: object) => string;
};

export type PlannedEntry = {
  readonly index: number;
  readonly text: string;
  /** Lifecycle entries only. */
  readonly opening: OpeningParts | null;
};

/** Everything that one flush writes. */
export type Batch = {
  readonly edge: RightEdge;
  readonly root: Buffer;
  readonly time: number;
  /** UTC month of its entries. */
  readonly month: string;
  /** The signed checkpoint. */
  readonly note: string;
  readonly entries: readonly PlannedEntry[];
  readonly tiles: readonly Tile[];
  readonly placed: readonly {
    readonly row: Waiting;
    readonly index: number;
    readonly receipt: string | null;
  }[];
  /** New and changed ones. */
  readonly streams: readonly Stream[];
  /** Index of the access entry, if there is one. */
  readonly accessIndex: number | null;
};

type Lifecycle = Extract<Waiting, { kind: 'e' }>;
/** An entry before it has an index. */
type Draft = {
  readonly text: string;
  readonly row: Waiting | null;
  readonly opening: OpeningParts | null;
  /** base64url SHA-256 of the person's stream root. */
  readonly stream: string | null;
  readonly isAccess?: boolean;
};

/** Entries, openings, tiles, streams, receipts and the checkpoint of one flush. Reads and writes nothing. */
export function planBatch(input: BatchInput, signer: BatchSigner): Batch {
  const { edge, rows, time, access, first } = input;
  const month = monthOf(time);
  const streams = new StreamBook(input.streams, month);
  const lifecycle = rows.filter((row) => row.kind === 'e');
  const keyEvents = rows.filter((row) => row.kind === 'k');

  const secret = lifecycleDrafts(lifecycle, streams, time);
  const open: Draft[] = [
    ...(first === null ? [] : [keyDraft(first, null, time)]),
    ...keyEvents.map((row) => keyDraft(row.fields, row, time)),
    ...streams.newEpochs().map((event) => keyDraft(event, null, time)),
    ...(access === null ? [] : [{ ...EMPTY, text: accessText(time, access), isAccess: true }]),
  ];
  const drafts = [...open, ...secret];
  const leaves = drafts.map(({ text }) => leafHash(Buffer.from(text)));
  const { edge: grown, tiles } = edge.append(leaves);
  const root = grown.root();
  const at = (place: number) => edge.size + place;
  const accessPlace = drafts.findIndex(({ isAccess }) => isAccess);
  return {
    edge: grown,
    root,
    time,
    month,
    note: signCheckpoint(grown.size, root, signer.checkpoint),
    entries: drafts.map(({ text, opening }, i) => ({ index: at(i), text, opening })),
    tiles,
    placed: drafts.flatMap(({ row, stream }, i) => {
      if (row === null) return [];
      const log = {
        origin: signer.checkpoint.name,
        index: at(i),
        leaf: (leaves[i] as Buffer).toString('base64url'),
      };
      const claims = row.kind === 'e' ? row.receipt : null;
      const receipt = claims === null ? null : signer.receipt({ ...claims, log, stream });
      return [{ row, index: at(i), receipt }];
    }),
    streams: streams.changed(),
    accessIndex: accessPlace === -1 ? null : at(accessPlace),
  };
}

const EMPTY = { row: null, opening: null, stream: null };

function keyDraft({ type, body }: KeyEvent, row: Waiting | null, time: number): Draft {
  return { ...EMPTY, text: fittingKeyText(time, type, body), row };
}

/** A body that would not fit stands for itself with its hash. */
function fittingKeyText(time: number, type: string, body: object): string {
  const json = JSON.stringify(body);
  // base64url of three quarters of the room, less the members around it.
  if (Buffer.byteLength(json) < (MAX_KEY_EVENT * 3) / 4 - 128) return keyText(time, type, body);
  const { did } = body as { did?: unknown };
  const hash = sha256(Buffer.from(json)).toString('base64url');
  return keyText(time, type, { ...(did !== undefined && { did }), hash });
}

/** Padded, in a random order, each with its places in its streams: these follow the order of the log. */
function lifecycleDrafts(rows: readonly Lifecycle[], streams: StreamBook, time: number): Draft[] {
  const padded = paddedSize(rows.length);
  const pads = Array.from({ length: padded - rows.length }, () => null);
  const order = shuffled<Lifecycle | null>([...rows, ...pads], (row) => row?.grant ?? null);
  const random = randomFillSync(Buffer.allocUnsafe(padded * (RANDOM_SIZE + 2 * TAG_SIZE)));
  return order.map((row, i) => {
    const own = random.subarray(i * (RANDOM_SIZE + 2 * TAG_SIZE));
    const r = own.subarray(0, R_SIZE);
    const salts = own.subarray(R_SIZE, RANDOM_SIZE);
    const anyTag = own.subarray(RANDOM_SIZE, RANDOM_SIZE + TAG_SIZE);
    const otherTag = own.subarray(RANDOM_SIZE + TAG_SIZE, RANDOM_SIZE + 2 * TAG_SIZE);
    if (row === null) {
      const { commitment, digests } = commitTo(PAD_FIELDS, salts, r);
      const text = lifecycleText(time, { c: commitment, b: anyTag, s: otherTag });
      return { ...EMPTY, text, opening: partsOf(PAD, { r, salts, digests }) };
    }
    const brand = streams.next('brand', row.fields.brand as string);
    const values = { ...row.fields, brand_seq: brand.seq, brand_prev: brand.prev };
    const { commitment, digests } = commitTo(fieldsOf(values), salts, r);
    brand.follow(commitment);
    // After an erasure nobody is left who could look for the entry.
    const { subject } = row.fields;
    const person = subject === null ? null : streams.next('person', subject as string);
    const text = lifecycleText(time, { c: commitment, b: brand.tag, s: person?.tag ?? anyTag });
    const opening = partsOf(values, { r, salts, digests });
    return { text, row, opening, stream: person && sha256(person.root).toString('base64url') };
  });
}

const PAD_FIELDS = fieldsOf(PAD);

/** The streams of one batch while it is planned. Numbers begin again with each UTC month. */
class StreamBook {
  private readonly month: string;
  private readonly streams: Map<string, Stream>;
  private readonly touched = new Set<string>();
  private readonly epochs = new Map<string, { readonly key: Buffer; readonly mac: Mac }>();
  private readonly begun: string[] = [];

  constructor(streams: readonly Stream[], month: string) {
    this.month = month;
    this.streams = new Map(streams.map((stream) => [keyOf(stream.kind, stream.name), stream]));
  }

  next(kind: StreamKind, name: string) {
    const key = keyOf(kind, name);
    const before = this.streams.get(key) ?? newStream(kind, name);
    const isNewMonth = before.month !== this.month;
    if (isNewMonth && kind === 'brand') this.begun.push(key);
    const now = { ...before, month: this.month, seq: isNewMonth ? 1 : before.seq + 1 };
    this.streams.set(key, now);
    this.touched.add(key);
    return {
      seq: now.seq,
      prev: now.prev,
      root: now.root,
      tag: tagUnder(this.epochOf(key, now), now.seq),
      follow: (commitment: Buffer) => {
        this.streams.set(key, { ...now, prev: commitment.toString('base64url') });
      },
    };
  }

  private epochOf(name: string, { root, kind }: Stream): Mac {
    const known = this.epochs.get(name);
    if (known !== undefined) return known.mac;
    const key = epochKey(root, kind, this.month);
    const mac = macUnder(key);
    this.epochs.set(name, { key, mac });
    return mac;
  }

  /** A brand's key of a month is committed to in clear with its first entry: another key for the same stream would show. */
  newEpochs(): KeyEvent[] {
    return this.begun.map((key) => {
      const { name } = this.streams.get(key) as Stream;
      const hash = sha256(this.epochs.get(key)?.key as Buffer).toString('base64url');
      return { type: 'brand-epoch', body: { did: name, month: this.month, hash } };
    });
  }

  changed(): Stream[] {
    return [...this.touched].map((key) => this.streams.get(key) as Stream);
  }
}

function keyOf(kind: StreamKind, name: string): string {
  return `${kind} ${name}`;
}

const newRoot = randomsOf(STREAM_ROOT_SIZE);

function newStream(kind: StreamKind, name: string): Stream {
  return { kind, name, root: newRoot(), month: '', seq: 0, prev: null };
}

/** Time of a batch: it never goes back, to the minute that is public. */
export function batchTime(last: number, now: number): number {
  return minuteOf(now) < minuteOf(last) ? last : now;
}

/** Seconds the clock may be behind the last entry before nothing is written any more. */
const MAX_BACKWARDS = 60;

/** @param head NumericDate of the last entry */
export function isClockBehind({ time }: { readonly time: number }, now: number): boolean {
  return now < time - MAX_BACKWARDS;
}
