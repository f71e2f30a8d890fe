import type { EventName } from '../tlog/fields.ts';
import type { PublishedHead } from './heads.ts';

/** What a grant was at a time. */
export type GrantState =
  | 'not-registered'
  | 'not-yet'
  | 'active'
  | 'suspended'
  | 'ended'
  | 'expired';

/** The state that an event leaves behind. */
export const AFTER: { readonly [E in EventName]?: 'active' | 'suspended' | 'ended' } = {
  registered: 'active',
  resumed: 'active',
  restored: 'active',
  suspended: 'suspended',
  withdrawn: 'ended',
  replaced: 'ended',
  returned: 'ended',
  expired: 'ended',
  erased: 'ended',
  stopped: 'ended',
};

/** Seconds since 1970 between which an event came into the log; null where nothing bounds it. */
export type Interval = { readonly after: number | null; readonly before: number | null };

/**
 * The states a grant may have been in at a time: one, when the intervals decide it.
 * @param events in order
 */
export function statesAt(
  events: readonly { type: EventName; interval: Interval }[],
  at: number,
  period: { nbf: number; exp: number } | null,
): GrantState[] {
  const surelyBefore = events.findLastIndex(
    ({ interval }) => interval.before !== null && interval.before <= at,
  );
  const surelyAfter = events.findIndex(
    ({ interval }) => interval.after !== null && interval.after > at,
  );
  const last = surelyAfter === -1 ? events.length - 1 : surelyAfter - 1;
  const states = new Set<GrantState>();
  for (let i = surelyBefore; i <= last; i++) states.add(stateAfter(events[i]?.type, at, period));
  return [...states];
}

function stateAfter(
  type: EventName | undefined,
  at: number,
  period: { nbf: number; exp: number } | null,
): GrantState {
  const state = type === undefined ? 'not-registered' : AFTER[type];
  if (state === undefined) return 'ended';
  if ((state !== 'active' && state !== 'suspended') || period === null) return state;
  if (at >= period.exp) return 'expired';
  return state === 'active' && at < period.nbf ? 'not-yet' : state;
}

/** Where one event stands between checkpoints with a witness's time. @param quorum how many must say so */
export function intervalOf(
  index: number,
  heads: readonly Pick<PublishedHead, 'size' | 'cosignatures'>[],
  quorum: number,
): Interval {
  const need = Math.max(1, quorum);
  let after: number | null = null;
  let before: number | null = null;
  for (const { size, cosignatures } of heads) {
    if (cosignatures.length < need) continue;
    const times = cosignatures.map(({ time }) => time).sort((a, b) => a - b);
    if (size <= index) {
      after = Math.max(after ?? 0, times[times.length - need] as number);
    } else {
      const time = times[need - 1] as number;
      before = before === null ? time : Math.min(before, time);
    }
  }
  return { after, before };
}
