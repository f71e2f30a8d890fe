// How far a value can still be relied on.
import type { Attribute, Value } from './attribute.ts';
import { dayNumber } from './day.ts';
import { splitUntil } from './intent.ts';

export type Freshness = 'fresh' | 'fading' | 'stale';

/**
 * Days are `YYYY-MM-DD`. Fresh for less than one half-life after it was last confirmed, fading for less
 * than two, then stale. An intent goes by its own date alone: fresh through that day, stale after it;
 * so its `value` is needed. A day that cannot be read makes the value stale.
 */
export function freshness(
  attribute: Attribute,
  confirmedOn: string,
  today: string,
  value?: Value,
): Freshness {
  const now = dayNumber(today);
  if (now === null) return 'stale';
  if (attribute.halfLifeDays === 'own-date') {
    const until = typeof value === 'string' ? splitUntil(value)?.until : undefined;
    const last = until === undefined ? null : dayNumber(until);
    return last !== null && now <= last ? 'fresh' : 'stale';
  }
  const confirmed = dayNumber(confirmedOn);
  if (confirmed === null) return 'stale';
  const halfLives = (now - confirmed) / attribute.halfLifeDays;
  if (halfLives < 1) return 'fresh';
  return halfLives < 2 ? 'fading' : 'stale';
}
