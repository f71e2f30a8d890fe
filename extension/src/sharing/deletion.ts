import { daysOf } from '@zusage/protocol/duration';
import type { GrantView } from '../messages.ts';
import type { StoredGrant } from './stored-grant.ts';

const DAY = 86_400;
/** Seconds that a brand may be late before a person is told: clocks differ, and hand-backs are made by jobs. */
const GRACE = DAY;

/** When the brand must have deleted the values by its own terms: after the end, and after the time it keeps them. */
export function deletionDue({ sharedOn, terms }: StoredGrant, endedOn: number): number {
  return Math.max(endedOn, sharedOn + daysOf(terms.retention) * DAY);
}

/**
 * Whether the brand has confirmed that the values are deleted, which it does by handing the grant back (SPEC §8).
 * It is called overdue only when the service has said so since: an answer from before proves nothing.
 * @param endedOn undefined while it has not ended
 */
export function deletionOf(
  grant: StoredGrant,
  { state, endedOn, now }: { state: GrantView['state']; endedOn: number | undefined; now: number },
): GrantView['deletion'] {
  if (grant.returnedOn !== undefined) return { state: 'confirmed', on: grant.returnedOn };
  if (endedOn === undefined || state === 'not-delivered') return undefined;
  const by = deletionDue(grant, endedOn);
  const overdue = now > by + GRACE && (grant.readOn ?? 0) > by + GRACE;
  return { state: overdue ? 'overdue' : 'held', by };
}
