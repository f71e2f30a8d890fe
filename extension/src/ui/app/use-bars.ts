import type { Day, DayOfUseView } from '../../messages.ts';

const SHOWN = 30;
const DAY = 86_400_000;

export type Bars = {
  from: Day;
  to: Day;
  /** Uses of each day, the earliest first. */
  uses: number[];
  most: number;
};

/**
 * Thirty days for a chart: those up to today, or up to the latest use when all of them would be empty.
 * @returns null when nothing was used
 */
export function barsOf(days: readonly DayOfUseView[], today: Day): Bars | null {
  const used = days.filter(({ uses }) => uses > 0).map(({ day, uses }) => [at(day), uses] as const);
  if (used.length === 0) return null;
  const latest = Math.max(...used.map(([day]) => day));
  const last = latest > at(today) - SHOWN * DAY ? Math.max(latest, at(today)) : latest;
  const byDay = new Map(used);
  const shown = Array.from({ length: SHOWN }, (_, i) => last - (SHOWN - 1 - i) * DAY);
  const uses = shown.map((day) => byDay.get(day) ?? 0);
  return { from: dayAt(shown[0] ?? last), to: dayAt(last), uses, most: Math.max(...uses) };
}

/** A day has no time zone: its number counts in UTC, where every day is as long as any other. */
function at(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function dayAt(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10);
}
