import type { ReadAnswer } from '@zusage/protocol/read';
import type { Day } from '../messages.ts';
import { today } from './attribute-lookup.ts';

/** What a brand did with a grant on one day where the person was when it was read. Names and IRIs, never values. */
export type DayOfUse = {
  readonly day: Day;
  /** Allowed evaluations. */
  readonly uses: number;
  /** The last of them; NumericDate. */
  readonly last: number | null;
  readonly attributes: readonly string[];
  /** IRIs. */
  readonly purposes: readonly string[];
  /** Evaluations that were denied: the brand asked for more than it may. */
  readonly denied: number;
  /** Searches: the brand asked for a list that this grant may be in. */
  readonly lists: number;
  readonly lastList: number | null;
};

export type StoredUses = {
  readonly count: number;
  readonly last: number | null;
  /** The latest first. Absent in what was kept before uses were told by day. */
  readonly days?: readonly DayOfUse[];
};

/** Longer than any grant: what a service tells beyond it is not kept. */
const MOST_DAYS = 400;

const NOTHING = {
  uses: 0,
  last: null,
  attributes: [],
  purposes: [],
  denied: 0,
  lists: 0,
  lastList: null,
} satisfies Omit<DayOfUse, 'day'>;

/**
 * What is known after one more page of the service's answer.
 * @param now a use that the service puts into the future happened now
 */
export function usesAfter(
  before: StoredUses | undefined,
  { checks, searches }: Pick<ReadAnswer, 'checks' | 'searches'>,
  now: number,
): StoredUses {
  const days = new Map((before?.days ?? []).map((day) => [day.day, day]));
  const change = (told: number, next: (day: DayOfUse, at: number) => Partial<DayOfUse>) => {
    const at = Math.min(told, now);
    const day = dayOf(at);
    const known = days.get(day) ?? { ...NOTHING, day };
    days.set(day, { ...known, ...next(known, at) });
  };
  for (const { at, decision, attributes, purpose } of checks) {
    change(at, (day, when) =>
      decision
        ? {
            uses: day.uses + 1,
            last: Math.max(day.last ?? 0, when),
            attributes: [...new Set([...day.attributes, ...attributes])],
            purposes: [...new Set([...day.purposes, purpose])],
          }
        : { denied: day.denied + 1 },
    );
  }
  for (const { at } of searches) {
    change(at, (day, when) => ({
      lists: day.lists + 1,
      lastList: Math.max(day.lastList ?? 0, when),
    }));
  }
  const used = checks.filter(({ decision }) => decision);
  const last = Math.max(before?.last ?? 0, ...used.map(({ at }) => Math.min(at, now)));
  return {
    count: (before?.count ?? 0) + used.length,
    last: last === 0 ? null : last,
    days: [...days.values()].sort((a, b) => (a.day < b.day ? 1 : -1)).slice(0, MOST_DAYS),
  };
}

/** The days on which a page of the answer says that something happened. */
export function daysIn(
  { checks, searches }: Pick<ReadAnswer, 'checks' | 'searches'>,
  now: number,
): ReadonlySet<Day> {
  return new Set([...checks, ...searches].map(({ at }) => dayOf(Math.min(at, now))));
}

function dayOf(at: number): Day {
  return today({ now: () => at });
}
