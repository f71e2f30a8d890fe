import type { Status } from '@zusage/protocol/status-list';
import type { GrantCondition, GrantRecord } from './store/port.ts';

export type GrantState = 'active' | 'suspended' | 'ended' | 'not-yet' | 'expired';

/**
 * The effective state, computed from the clock: a withdrawal is a suspension until `undoUntil` and an end afterwards,
 * and expiry needs no act. In the order of SPEC §12.
 */
export function stateOf(
  grant: GrantCondition & Pick<GrantRecord, 'nbf' | 'exp'>,
  now: number,
): GrantState {
  if (isEnded(grant, now)) return 'ended';
  if (isSuspended(grant)) return 'suspended';
  if (now < grant.nbf) return 'not-yet';
  return now < grant.exp ? 'active' : 'expired';
}

export function isEnded({ endedBy, undoUntil }: GrantCondition, now: number): boolean {
  return endedBy !== null && (undoUntil === null || undoUntil <= now);
}

function isSuspended({ endedBy, paused, isRecovering }: GrantCondition): boolean {
  return endedBy !== null || paused || isRecovering === true;
}

/** 0 active · 1 ended · 2 suspended; what is not registered is 3 and has no record. */
export function statusOf(grant: GrantCondition, now: number): Status {
  if (isEnded(grant, now)) return 1;
  return isSuspended(grant) ? 2 : 0;
}

/** The condition after an end for good. What is to be said again stays so: an end that is taken back is no resumption. */
export function ended(
  grant: GrantCondition,
  endedBy: NonNullable<GrantCondition['endedBy']>,
  at: number,
): GrantCondition {
  const { paused, returned, isRecovering } = grant;
  return {
    paused,
    endedBy,
    endedAt: at,
    undoUntil: null,
    returned,
    ...(isRecovering === true && { isRecovering }),
  };
}
