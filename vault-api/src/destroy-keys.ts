import { SECONDS_PER_DAY } from '@zusage/protocol/duration';
import { monthOf } from './log/entry.ts';
import type { OpeningKeys } from './log/opening-keys.ts';
import type { Store } from './store/port.ts';

/** Days from the erasure of a month's last row to the end of its key: longer than a backup is kept. */
const DAYS_AFTER = 35;

/**
 * Destroys the keys of months of which nothing is left, and with them what backups still hold. The present month's stay:
 * they are in use.
 */
export async function destroyKeys(store: Store, openings: OpeningKeys, now: number): Promise<void> {
  const present = monthOf(now);
  const over = openings.list().filter(({ month }) => month < present);
  const until = now - DAYS_AFTER * SECONDS_PER_DAY;
  for (const { month, part } of await store.emptyMonths(over, { now, until })) {
    openings.destroy(month, part);
  }
}
