import { encodeBase64url } from '@zusage/protocol/bytes';
import { sha256 } from '@zusage/protocol/crypto';
import { assertEventCurrent, type GrantEvent, parseEvent } from '@zusage/protocol/event';
import { type Context, untilSettled } from './context.ts';
import { ApiError } from './errors.ts';
import { type GrantState, stateOf } from './grant-state.ts';
import { transitionOf } from './grant-transition.ts';
import { receiptFor } from './issue-receipt.ts';
import { grantSignedFor, type LivingRecord, livingGrant } from './known-grant.ts';
import { lifecycleEntry } from './log-entry.ts';

/** Most entries of one grant; ending it is possible beyond. */
const MAX_ENTRIES = 256;

export type EventAnswer = {
  state: GrantState;
  seq: number;
  /** NumericDate; while a withdrawal can be undone. */
  undo_until?: number;
  receipt: string;
};

/**
 * POST /grants/{jti}/events. The same event again gives the same answer; a withdrawal has no limit of sequence or
 * time and is idempotent.
 * @param compact `grant-event+jwt`
 * @throws FormatError `event/*`, `jws/*`; PolicyError `event/aud`, `event/stale`; ApiError `grant/unknown`,
 * `event/state`, `event/limit`, `once/used`
 */
export async function changeGrant(
  context: Context,
  jti: string,
  compact: string,
): Promise<EventAnswer> {
  const event = parseEvent(compact);
  const { jws, claims } = event;
  const { hash } = await grantSignedFor(context, jti, { jws, grant: claims.grant });
  if (claims.grant_hash !== hash) throw new ApiError('grant/unknown');
  const actHash = encodeBase64url(await sha256(jws.signingInput));
  return untilSettled(() => attempt(context, event, actHash));
}

async function attempt(
  context: Context,
  event: GrantEvent,
  actHash: string,
): Promise<EventAnswer | 'moved'> {
  const { jws, claims } = event;
  const { store, issuer, clock } = context;
  const before = await store.act(claims.grant, claims.jti);
  if (before !== null) {
    // Compared without the signature, which can be altered without the key.
    if (before.hash !== actHash) throw new ApiError('once/used');
    return JSON.parse(before.answer) as EventAnswer;
  }
  const grant = await livingGrant(context, claims.grant);
  const now = clock();
  const seq = grant.seq + 1;
  assertEventCurrent(event, { vault: issuer, now, nextSeq: seq });
  const isLast = claims.event === 'withdraw' || claims.event === 'erase';
  if (seq > MAX_ENTRIES && !isLast) throw new ApiError('event/limit');
  const transition = transitionOf(grant, claims, now);
  if (transition === null) return standing(context, grant, now);

  const { event: type, to, erase } = transition;
  const receipt = (await receiptFor(context, grant, { event: type, seq, at: now })) as string;
  const answer: EventAnswer = {
    state: stateOf({ ...grant, ...to }, now),
    seq,
    ...(to.undoUntil !== null && to.undoUntil > now && { undo_until: to.undoUntil }),
    receipt,
  };
  const log = lifecycleEntry(grant, { type, seq, at: now, actorSig: actHash });
  const outcome = await store.change({
    grant: grant.jti,
    from: grant.seq,
    to,
    entry: {
      seq,
      event: type,
      at: now,
      act: { jti: claims.jti, hash: actHash, answer: JSON.stringify(answer) },
      evidence: jws.compact,
      receipt,
      log,
    },
    erase,
  });
  return outcome === 'moved' ? 'moved' : answer;
}

/** The answer to a withdrawal of what has been withdrawn or ended: the receipt of that end. */
async function standing(
  { store }: Context,
  grant: LivingRecord,
  now: number,
): Promise<EventAnswer> {
  const end = (await store.entries(grant.jti)).findLast(({ event }) => event === grant.endedBy);
  return {
    state: stateOf(grant, now),
    seq: grant.seq,
    ...(grant.undoUntil !== null && grant.undoUntil > now && { undo_until: grant.undoUntil }),
    receipt: end?.receipt as string,
  };
}
