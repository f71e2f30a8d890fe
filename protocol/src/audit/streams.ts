import { decodeBase64url, encodeBase64url, encodeUtf8 } from '../bytes.ts';
import { Hash, z } from '../shape.ts';
import { epochKey, monthOf, type StreamKind, streamTag } from '../tlog/commitment.ts';
import type { LogEntry } from '../tlog/entry.ts';
import { TlogError } from '../tlog/errors.ts';
import { sha256 } from '../tlog/hash.ts';
import { type Opening, parseOpening, verifyOpening } from '../tlog/opening.ts';
import { openingOfProof, parseTlogProof } from '../tlog/tlog-proof.ts';
import { type Finding, UsageError } from './finding.ts';
import { jsonOf, loadMaterial } from './material.ts';
import { readUserFile } from './user-file.ts';

/** Numbers looked for ahead of the next one: a batch of 256 entries is shuffled before it is written. */
const AHEAD = 512;

const Month = z.string().check(z.regex(/^[0-9]{4}-(0[1-9]|1[0-2])$/));
const Kind = z.enum(['brand', 'person']);
const StreamFile = z.strictObject({
  v: z.literal(1),
  streams: z
    .array(
      z.union([
        z.strictObject({ kind: Kind, root: Hash }),
        z.strictObject({ kind: Kind, month: Month, key: Hash }),
      ]),
    )
    .check(z.maxLength(1000)),
});

/** A stream whose entries its holder can find: by its root in every month, or by the key of one. */
export type Stream = {
  readonly kind: StreamKind;
  /** Names it without giving it away. */
  readonly id: string;
  readonly keyOf: (month: string) => Uint8Array<ArrayBuffer> | null;
};

/** @throws UsageError */
export function loadStreams(file: string): Stream[] {
  const parsed = z.safeParse(StreamFile, jsonOf(readUserFile(file, 1 << 20), file));
  if (!parsed.success) throw new UsageError(`${file} is no stream file.`);
  return parsed.data.streams.map((stream) => {
    const secret = 'root' in stream ? stream.root : stream.key;
    const id = encodeBase64url(sha256(encodeUtf8(secret)).subarray(0, 12));
    const keyOf =
      'root' in stream
        ? (month: string) => epochKey(stream.root, stream.kind, month)
        : (month: string) => (month === stream.month ? decodeBase64url(stream.key) : null);
    return { kind: stream.kind, id, keyOf };
  });
}

/** Where a stream stands in a month: the next number, and those seen beyond it. */
export type Position = {
  readonly id: string;
  readonly month: string;
  next: number;
  beyond: number[];
};

/** Finds a stream's entries in the log by their tags, and what of them the given openings leave closed. */
export class StreamWatch {
  readonly #streams: readonly Stream[];
  readonly #openings: ReadonlyMap<string, Opening> | null;
  readonly #report: (finding: Finding) => void;
  readonly #positions = new Map<string, Position>();
  readonly #tags = new Map<string, { stream: Stream; position: Position; seq: number }>();
  readonly #months = new Set<string>();
  readonly #met = new Set<string>();
  found = 0;

  /** @param openings by commitment; null when none were given, and then nothing has to open */
  constructor(
    streams: readonly Stream[],
    openings: ReadonlyMap<string, Opening> | null,
    report: (finding: Finding) => void,
    positions: readonly Position[] = [],
  ) {
    this.#streams = streams;
    this.#openings = openings;
    this.#report = report;
    for (const position of positions) {
      this.#positions.set(`${position.id} ${position.month}`, { ...position });
    }
  }

  see(index: number, entry: LogEntry, bytes: Uint8Array): void {
    if (entry.kind !== 'e') return;
    const opening = this.#openings?.get(entry.commitment);
    if (opening !== undefined) {
      this.#met.add(entry.commitment);
      if (opening.entry !== new TextDecoder().decode(bytes)) {
        this.#report({ code: 'opening/not-in-log', index });
      }
    }
    if (this.#streams.length === 0) return;
    this.#enter(monthOf(entry.minute));
    for (const [kind, tag] of [
      ['brand', entry.brandTag],
      ['person', entry.personTag],
    ] as const) {
      const match = this.#tags.get(`${kind} ${tag}`);
      if (match === undefined) continue;
      this.#tags.delete(`${kind} ${tag}`);
      this.#advance(match.stream, match.position, match.seq);
      this.found++;
      if (this.#openings !== null && opening === undefined) {
        const exhibits = [{ name: `entry-${index}.json`, bytes }];
        this.#report({ code: 'stream/unopened', index, detail: kind, exhibits });
      }
    }
  }

  /** @param whole every entry was seen, so that an opening without one is none of this log */
  finish(whole: boolean): Position[] {
    const positions = [...this.#positions.values()];
    for (const { id, month, next, beyond } of positions) {
      if (beyond.length === 0) continue;
      this.#report({ code: 'stream/gap', detail: `${id} ${month} number ${next}` });
    }
    for (const commitment of this.#openings?.keys() ?? []) {
      if (whole && !this.#met.has(commitment)) {
        this.#report({ code: 'opening/not-in-log', detail: commitment });
      }
    }
    return positions;
  }

  #enter(month: string): void {
    if (this.#months.has(month)) return;
    this.#months.add(month);
    for (const stream of this.#streams) {
      const name = `${stream.id} ${month}`;
      const position = this.#positions.get(name) ?? { id: stream.id, month, next: 1, beyond: [] };
      this.#positions.set(name, position);
      for (let seq = position.next; seq < position.next + AHEAD; seq++) {
        if (!position.beyond.includes(seq)) this.#expect(stream, position, seq);
      }
    }
  }

  #expect(stream: Stream, position: Position, seq: number): void {
    const key = stream.keyOf(position.month);
    if (key === null) return;
    this.#tags.set(`${stream.kind} ${streamTag(key, seq)}`, { stream, position, seq });
  }

  #advance(stream: Stream, position: Position, seq: number): void {
    position.beyond.push(seq);
    while (position.beyond.includes(position.next)) {
      position.beyond = position.beyond.filter((other) => other !== position.next);
      this.#expect(stream, position, position.next + AHEAD);
      position.next++;
    }
  }
}

/** What the user's own files say about a log. */
export type Own = {
  /** Verified, by commitment. */
  readonly openings: ReadonlyMap<string, Opening>;
  /** Checkpoints that the proofs came with, each once. */
  readonly notes: readonly { readonly file: string; readonly note: string }[];
};

/** @throws UsageError for a file that is none of those `loadMaterial` knows */
export function loadOwn(path: string, report: (finding: Finding) => void): Own {
  const openings = new Map<string, Opening>();
  const notes = new Map<string, { file: string; note: string }>();
  for (const { file, kind, text } of loadMaterial(path)) {
    try {
      const proof = kind === 'proof' ? parseTlogProof(text) : null;
      const opening = proof === null ? parseOpening(text) : openingOfProof(proof);
      openings.set(verifyOpening(opening).entry.commitment, opening);
      if (proof !== null) notes.set(proof.note, { file, note: proof.note });
    } catch (error) {
      if (!(error instanceof TlogError)) throw error;
      report({ code: 'opening/invalid', path: file, detail: error.code });
    }
  }
  return { openings, notes: [...notes.values()] };
}
