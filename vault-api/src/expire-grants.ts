import type { Context } from './context.ts';
import { endingOf } from './end-grant.ts';
import type { GrantCondition, GrantRecord } from './store/port.ts';

/** Most grants that get their last entry at once. */
const MAX_AT_ONCE = 64;

/** Puts the expiry of grants into the log: nobody acts for it, and nothing about them changes but the number of entries. */
export async function expireGrants(context: Context): Promise<void> {
  const at = context.clock();
  for (const grant of await context.store.expired(at, MAX_AT_ONCE)) {
    const to = conditionOf(grant);
    // One that has changed meanwhile is found again.
    await context.store.change(
      endingOf(context, grant, 'expired', { at, evidence: null, actorSig: null, to }),
    );
  }
}

function conditionOf({
  paused,
  endedBy,
  endedAt,
  undoUntil,
  returned,
}: GrantRecord): GrantCondition {
  return { paused, endedBy, endedAt, undoUntil, returned };
}
