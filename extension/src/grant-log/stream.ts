import { epochKey, type LifecycleEntry, monthOf, streamTag } from '@zusage/protocol/tlog';
import type { FoundEntry, LoggedEntry } from '../vault/log-records.ts';

/** Numbers of a month that are tried: changes of all grants of one pseudonym. */
const MOST_NUMBERS = 4096;
/** Numbers looked for beyond the last that was found; those of a stream follow the order of the log. */
const AHEAD = 64;

type Tagged = Pick<LifecycleEntry, 'minute' | 'personTag'>;

/**
 * The number of an entry in its stream's month, from 1; null when it is not of the stream.
 * @param root base64url, 32 bytes
 */
export function numberOfTag(root: string, { minute, personTag }: Tagged): number | null {
  const key = epochKey(root, 'person', monthOf(minute));
  for (let seq = 1; seq <= MOST_NUMBERS; seq++) {
    if (streamTag(key, seq) === personTag) return seq;
  }
  return null;
}

/**
 * Numbers that are nobody's: each month begins with 1 and leaves none out, so one that is missing before another is an
 * entry that this vault never heard of.
 * @param entries of all grants whose stream has this root, each under one of its tags
 * @returns `2026-11 3`, …
 */
export function gapsIn(
  root: string,
  entries: readonly Pick<LoggedEntry, 'tag' | 'minute'>[],
): string[] {
  const gaps: string[] = [];
  for (const month of new Set(entries.map(({ minute }) => monthOf(minute)))) {
    const tags = new Set(entries.flatMap((e) => (monthOf(e.minute) === month ? [e.tag] : [])));
    const key = epochKey(root, 'person', month);
    for (let seq = 1; tags.size > 0 && seq <= MOST_NUMBERS; seq++) {
      if (!tags.delete(streamTag(key, seq))) gaps.push(`${month} ${seq}`);
    }
  }
  return gaps;
}

/** Finds the entries of streams in a log that is read from its beginning. */
export class StreamSearch {
  readonly #roots: readonly string[];
  /** Month and tag → what stands for it. */
  readonly #expected = new Map<string, { root: string; seq: number }>();
  /** Month and stream → the highest number that is looked for. */
  readonly #reach = new Map<string, number>();
  readonly #months = new Set<string>();

  /**
   * @param roots base64url
   * @param found by the search that this one goes on with
   */
  constructor(roots: readonly string[], found: readonly FoundEntry[] = []) {
    this.#roots = roots;
    for (const { minute, tag } of found) this.find({ minute, personTag: tag });
  }

  /** @returns the root of the stream that the entry is of */
  find({ minute, personTag }: Tagged): string | null {
    const month = monthOf(minute);
    if (!this.#months.has(month)) {
      this.#months.add(month);
      for (const root of this.#roots) this.#expect(root, month, AHEAD);
    }
    const found = this.#expected.get(`${month} ${personTag}`);
    if (found === undefined) return null;
    this.#expect(found.root, month, found.seq + AHEAD);
    return found.root;
  }

  #expect(root: string, month: string, last: number): void {
    const name = `${root} ${month}`;
    const before = this.#reach.get(name) ?? 0;
    if (before >= last) return;
    const key = epochKey(root, 'person', month);
    for (let seq = before + 1; seq <= last; seq++) {
      this.#expected.set(`${month} ${streamTag(key, seq)}`, { root, seq });
    }
    this.#reach.set(name, last);
  }
}
