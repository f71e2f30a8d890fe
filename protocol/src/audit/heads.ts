import { decodeUtf8, encodeUtf8 } from '../bytes.ts';
import { isZusageError } from '../errors.ts';
import { type OpenCheckpoint, openCheckpoint, type Trust } from '../tlog/checkpoint.ts';
import { TlogError } from '../tlog/errors.ts';
import { equalBytes } from '../tlog/hash.ts';
import { MAX_NOTE } from '../tlog/note.ts';
import type { Head } from './compare-heads.ts';
import { noteExhibit } from './compare-heads.ts';
import { type Finding, type FindingCode, Undecided } from './finding.ts';
import type { LogSource } from './source.ts';

/** A signed head and where it was found. */
export type PublishedHead = Head & {
  readonly path: string;
  readonly cosignatures: OpenCheckpoint['cosignatures'];
};

const CODES: { readonly [code: string]: FindingCode } = {
  'note/unsigned': 'checkpoint/unsigned',
  'note/signature': 'checkpoint/signature',
  'note/cosignature': 'checkpoint/cosignature',
  'checkpoint/origin': 'checkpoint/origin',
};

/** @returns the head, or what is wrong with the note */
export async function headOf(
  note: Uint8Array | string,
  path: string,
  trust: Trust,
): Promise<PublishedHead | Finding> {
  try {
    const text = typeof note === 'string' ? note : decodeUtf8(note);
    const { size, root, cosignatures } = await openCheckpoint(text, trust);
    return { size, root, note: text, cosignatures, path };
  } catch (error) {
    if (!(error instanceof TlogError) && !isZusageError(error)) throw error;
    const bytes = typeof note === 'string' ? encodeUtf8(note) : note;
    return {
      code: CODES[error.code] ?? 'checkpoint/format',
      path,
      detail: error.code,
      exhibits: [{ name: `${path.replaceAll('/', '-')}.txt`, bytes }],
    };
  }
}

export const isFinding = (value: PublishedHead | Finding): value is Finding => 'code' in value;

/** @throws Undecided when there is none */
export async function currentHead(
  source: LogSource,
  trust: Trust,
): Promise<PublishedHead | Finding> {
  const note = await source.read('checkpoint', MAX_NOTE);
  if (note === null) throw new Undecided(`${source.where} has no checkpoint; is it a log?`);
  return headOf(note, 'checkpoint', trust);
}

/**
 * The heads that a log once signed, in order of their size: those the source lists under `note/`, and those that the
 * caller kept.
 */
export class PublishedHeads {
  readonly #source: LogSource;
  readonly #trust: Trust;
  readonly #kept: readonly PublishedHead[];
  readonly #sizes: readonly number[];
  readonly listed: boolean;
  checked = 0;

  private constructor(
    source: LogSource,
    trust: Trust,
    kept: readonly PublishedHead[],
    sizes: readonly number[] | null,
  ) {
    this.#source = source;
    this.#trust = trust;
    this.#kept = kept;
    this.listed = sizes !== null;
    this.#sizes = sizes ?? [];
  }

  static async of(
    source: LogSource,
    trust: Trust,
    kept: readonly PublishedHead[],
  ): Promise<PublishedHeads> {
    const names = await source.list('note');
    const sizes = names
      ?.filter((name) => /^(?:0|[1-9][0-9]{0,15})$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
    return new PublishedHeads(source, trust, kept, sizes ?? null);
  }

  /** Heads of sizes above `from` and up to `to`, in order. */
  async between(
    from: number,
    to: number,
    report: (finding: Finding) => void,
  ): Promise<PublishedHead[]> {
    const sizes = this.#within(from, to);
    const read = await Promise.all(sizes.map((size) => this.#note(size, report)));
    const kept = this.#kept.filter(({ size }) => size > from && size <= to);
    const heads = [...read.filter((head) => head !== null), ...kept];
    this.checked += heads.length;
    return heads.sort((a, b) => a.size - b.size);
  }

  /** The closest listed heads before and after each of these entries came to be; empty where nothing is listed. */
  async around(
    indexes: readonly number[],
    report: (finding: Finding) => void,
  ): Promise<PublishedHead[]> {
    const sizes = indexes.flatMap((index) => {
      const after = this.#sizes.find((size) => size > index);
      const before = this.#sizes.findLast((size) => size <= index && size > 0);
      return [before, after].filter((size) => size !== undefined);
    });
    const heads = await Promise.all([...new Set(sizes)].map((size) => this.#note(size, report)));
    return heads.filter((head) => head !== null);
  }

  /** At most `count` listed heads up to a size, spread evenly; they are not counted as checked. */
  async sample(to: number, count: number, report: (finding: Finding) => void): Promise<Head[]> {
    const sizes = this.#within(0, to);
    const step = Math.max(1, Math.ceil(sizes.length / count));
    const chosen = sizes.filter((_, i) => i % step === 0);
    const heads = await Promise.all(chosen.map((size) => this.#note(size, report)));
    return heads.filter((head) => head !== null);
  }

  /** The sizes are sorted, and there may be many: a binary search for the first. */
  #within(from: number, to: number): number[] {
    let low = 0;
    let high = this.#sizes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sizes[middle] as number) > from) high = middle;
      else low = middle + 1;
    }
    const sizes: number[] = [];
    for (let i = low; i < this.#sizes.length && (this.#sizes[i] as number) <= to; i++) {
      sizes.push(this.#sizes[i] as number);
    }
    return sizes;
  }

  async #note(size: number, report: (finding: Finding) => void): Promise<PublishedHead | null> {
    const path = `note/${size}`;
    const note = await this.#source.read(path, MAX_NOTE);
    if (note === null) return null;
    const head = await headOf(note, path, this.#trust);
    if (isFinding(head)) {
      report(head);
      return null;
    }
    if (head.size === size) return head;
    report({ code: 'note/format', path, exhibits: [noteExhibit(head, 'filed-wrongly')] });
    return null;
  }

  /** The current checkpoint must lie among the published notes. */
  async assertPublished(current: Head, report: (finding: Finding) => void): Promise<void> {
    const path = `note/${current.size}`;
    const note = await this.#source.read(path, MAX_NOTE);
    if (note === null) {
      report({ code: 'note/missing', path, exhibits: [noteExhibit(current, 'signed')] });
      return;
    }
    if (this.listed) return; // `between` reads it.
    this.checked++;
    const head = await headOf(note, path, this.#trust);
    if (isFinding(head)) report(head);
    else if (head.size !== current.size) report({ code: 'note/format', path });
    else if (!equalBytes(head.root, current.root)) {
      const exhibits = [noteExhibit(current, 'one'), noteExhibit(head, 'another')];
      report({ code: 'fork/same-size', path, exhibits });
    }
  }
}
