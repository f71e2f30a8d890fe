import { EVENT_WINDOW, type EventClaims, MAX_UNDO } from '@zusage/protocol/event';
import type { ReceiptEvent } from '@zusage/protocol/receipt';
import { ApiError } from './errors.ts';
import { ended, isEnded } from './grant-state.ts';
import type { GrantCondition, GrantRecord } from './store/port.ts';

export type Transition = {
  readonly event: ReceiptEvent;
  readonly to: GrantCondition;
  readonly erase: boolean;
};

/**
 * What an event of the person does to a grant (SPEC §8); null when a withdrawal finds its work done.
 * @param at when it counts as said: `now`, or its own time for what is said again after a restored backup
 * @param since when the log followed another one, NumericDate; null for the first
 * @throws ApiError `event/state`
 */
export function transitionOf(
  grant: GrantRecord,
  { event, undo_until, iat }: Pick<EventClaims, 'event' | 'undo_until' | 'iat'>,
  { now, at, since }: { now: number; at: number; since: number | null },
): Transition | null {
  const isOver = isEnded(grant, at);
  const { paused, endedBy, endedAt, undoUntil, returned, isRecovering } = grant;
  const condition: GrantCondition = {
    paused,
    endedBy,
    endedAt,
    undoUntil,
    returned,
    ...(isRecovering === true && { isRecovering }),
  };
  switch (event) {
    case 'withdraw':
      return isOver ? null : withdrawal(grant, undo_until, { now, at });
    case 'restore':
      require(endedBy !== null && !isOver);
      return {
        event: 'restored',
        to: { ...condition, endedBy: null, endedAt: null, undoUntil: null },
        erase: false,
      };
    case 'suspend':
      require(endedBy === null && !paused);
      return { event: 'suspended', to: { ...condition, paused: true }, erase: false };
    case 'resume':
      require(endedBy === null && (paused || isRecovering === true));
      // One that was said before the backup was restored ends a suspension of that time, not of this.
      return {
        event: 'resumed',
        to: isFresh(iat, { now, since }) ? resumed(condition) : { ...condition, paused: false },
        erase: false,
      };
    case 'erase':
      require(isOver || now >= grant.exp);
      return { event: 'erased', to: condition, erase: true };
  }
}

/** Of now, and later than anything that can have been accepted before the log followed another one. */
function isFresh(iat: number, { now, since }: { now: number; since: number | null }): boolean {
  return Math.abs(iat - now) <= EVENT_WINDOW && iat > (since ?? 0) + EVENT_WINDOW;
}

function resumed(condition: GrantCondition): GrantCondition {
  return { ...condition, paused: false, isRecovering: false };
}

/** Ends at once, or suspends until the undo window closes. A second one never widens the window; without undo it shuts it. */
function withdrawal(
  grant: GrantRecord,
  undoUntil: number | undefined,
  { now, at }: { now: number; at: number },
): Transition | null {
  const until = Math.min(undoUntil ?? at, at + MAX_UNDO);
  if (until <= at) return { event: 'withdrawn', to: ended(grant, 'withdrawn', now), erase: false };
  if (grant.endedBy !== null) return null;
  return {
    event: 'withdrawn',
    to: { ...ended(grant, 'withdrawn', until), undoUntil: until },
    erase: false,
  };
}

function require(holds: boolean): void {
  if (!holds) throw new ApiError('event/state');
}
