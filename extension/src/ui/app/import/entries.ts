import type { ImportRow } from '../../../messages.ts';
import type { FileFailure } from './file-text.ts';

/** Entries in a file to import. */
export const MOST_ENTRIES = 2000;
/** Characters of a value and of an id that the worker still looks at. */
const LONGEST = { id: 400, value: 2000, several: 64, one: 200, until: 40, label: 200 } as const;

/** What the page itself sees to be wrong with an entry; each has a sentence (`import_row_<code>`). */
export type EntryProblem = 'no-id' | 'columns' | 'shape' | 'too-long' | 'garbled' | 'duplicate';

export type Entry = { readonly line: number; readonly row: ImportRow };
export type BadEntry = {
  readonly line: number;
  readonly id: string;
  readonly reason: EntryProblem;
  /** For a duplicate: the line of the first. */
  readonly first?: number;
};

export type Entries = { readonly good: Entry[]; readonly bad: BadEntry[] };
export type EntriesRead = { entries: Entries } | { failure: FileFailure };

/** UTF-8 that was taken for ISO-8859-1 once too often, and characters that were lost on the way. */
const GARBLED = /\uFFFD|Ã[\u0080-\u00bf\u0152-\u0178\u2013-\u203a]|â€/;

/** Collects entries: what is too large for a message, garbled, or named before is bad. */
export class Collector {
  readonly good: Entry[] = [];
  readonly bad: BadEntry[] = [];
  readonly #lines = new Map<string, number>();

  refuse(line: number, id: string, reason: EntryProblem): void {
    this.bad.push({ line, id: id.slice(0, LONGEST.id), reason });
  }

  add(line: number, row: ImportRow): void {
    const name = row.id === '' ? `label ${row.custom?.label.en}` : row.id;
    const first = this.#lines.get(name);
    if (isTooLong(row)) this.refuse(line, row.id, 'too-long');
    else if (GARBLED.test(JSON.stringify([row.value, row.custom]))) {
      this.refuse(line, row.id, 'garbled');
    } else if (first !== undefined) {
      const id = row.id || (row.custom?.label.en ?? '');
      this.bad.push({ line, id, reason: 'duplicate', first });
    } else {
      this.#lines.set(name, line);
      // The person's own, without an id yet.
      const id = row.id === '' ? `custom.own.${crypto.randomUUID()}` : row.id;
      this.good.push({ line, row: { ...row, id } });
    }
  }

  get size(): number {
    return this.good.length + this.bad.length;
  }
}

function isTooLong({ id, value, until = '', custom }: ImportRow): boolean {
  const { en = '', de = '' } = custom?.label ?? {};
  const { did = '' } = custom ?? {};
  const long = (text: string, most: number) => text.length > most;
  if (long(id, LONGEST.id) || long(until, LONGEST.until) || long(did, 300)) return true;
  if (long(en, LONGEST.label) || long(de, LONGEST.label)) return true;
  if (typeof value === 'string') return long(value, LONGEST.value);
  if (!Array.isArray(value)) return false;
  return value.length > LONGEST.several || value.some((one) => long(one, LONGEST.one));
}
