import type { Day } from '../messages.ts';
import type { DayOfUse, StoredUses } from '../sharing/grant-uses.ts';
import type { LogEntry } from '../sharing/log-entry.ts';
import type { Services } from '../sharing/services.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import type { LogRecord } from '../vault/records.ts';

/**
 * One entry of the person's log for each grant and day on which the brand used it, and one for each on which it asked
 * for lists. Counts are absolute: a page of an answer that is read twice counts once.
 * @throws VaultError
 */
export async function logUses(
  services: Services,
  grant: StoredGrant,
  { days = [] }: StoredUses,
  touched: ReadonlySet<Day>,
): Promise<void> {
  for (const day of days.filter((one) => touched.has(one.day))) {
    const { uses, last, lists, lastList } = day;
    if (last !== null) await keep(services, grant, day, { event: 'used', at: last, count: uses });
    if (lastList !== null) {
      await keep(services, grant, day, { event: 'listed', at: lastList, count: lists });
    }
  }
}

type Facts = { event: 'used' | 'listed'; at: number; count: number };

async function keep(
  { vault }: Services,
  grant: StoredGrant,
  { day, attributes, purposes }: DayOfUse,
  { event, at, count }: Facts,
): Promise<void> {
  const id = `${event} ${grant.jti} ${day}`;
  await vault.update('log', id, (current) => {
    const before = current as LogEntry | undefined;
    const entry: LogEntry = {
      id,
      event,
      at: Math.max(before?.at ?? 0, at),
      count: Math.max(before?.count ?? 0, count),
      order: before?.order ?? Date.now(),
      brand: grant.brand,
      brandName: grant.brandName,
      site: new URL(grant.origin).host,
      jti: grant.jti,
      attributes: event === 'used' ? attributes : [],
      purposes: event === 'used' ? purposes : [],
    };
    return entry as LogRecord;
  });
}
