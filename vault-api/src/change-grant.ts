import { encodeBase64url } from '@zusage/protocol/bytes';
import { sha256 } from '@zusage/protocol/crypto';
import {
  assertEventCurrent,
  type EventType,
  type GrantEvent,
  parseEvent,
} from '@zusage/protocol/event';
import type { ReceiptEvent } from '@zusage/protocol/receipt';
import { assertRoom, type Context, untilSettled } from './context.ts';
import { ApiError } from './errors.ts';
import { type GrantState, stateOf } from './grant-state.ts';
import { transitionOf } from './grant-transition.ts';
import { type Issued, receiptDraft, receiptOf } from './issue-receipt.ts';
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
/** As it is kept to be given again; the receipt is kept by itself. */
type KeptAnswer = Omit<EventAnswer, 'receipt'>;
/** `isPending`: the entry got no index in time, and the receipt says so. */
export type EventOutcome = { readonly answer: EventAnswer; readonly isPending: boolean };

/**
 * POST /grants/{jti}/events. The same event again gives the same answer; a withdrawal has no limit of sequence or
 * time and is idempotent.
 * @param compact `grant-event+jwt`
 * @throws FormatError `event/*`, `jws/*`; PolicyError `event/aud`, `event/stale`; ApiError `grant/unknown`,
 * `event/state`, `event/limit`, `once/used`, `service/busy`, `service/quarantine`
 */
export async function changeGrant(
  context: Context,
  jti: string,
  compact: string,
): Promise<EventOutcome> {
  const event = parseEvent(compact);
  const { jws, claims } = event;
  const grant = await grantSignedFor(context, jti, { jws, grant: claims.grant });
  if (claims.grant_hash !== grant.hash) throw new ApiError('grant/unknown');
  const isUrgent = isNeverRefused(claims.event);
  if (!isUrgent && context.log?.isQuarantined) throw new ApiError('service/quarantine');
  const actHash = encodeBase64url(await sha256(jws.signingInput));
  let known: LivingRecord | null = grant;
  return untilSettled(async () => {
    const outcome = await attempt(context, event, actHash, known);
    known = null;
    return outcome;
  });
}

/** What a person says to stop is taken whatever else is the matter, and answered before it is in the log. */
function isNeverRefused(event: EventType): boolean {
  return event === 'withdraw' || event === 'suspend';
}

async function attempt(
  context: Context,
  event: GrantEvent,
  actHash: string,
  /** As it was read for the signature; what has changed since shows when the change is stored. */
  known: LivingRecord | null,
): Promise<EventOutcome | 'moved'> {
  const { jws, claims } = event;
  const { store, issuer, clock } = context;
  const isUrgent = isNeverRefused(claims.event);
  const before = await store.act(claims.grant, claims.jti);
  if (before !== null) {
    // Compared without the signature, which can be altered without the key.
    if (before.hash !== actHash) throw new ApiError('once/used');
    const kept = JSON.parse(before.answer) as KeptAnswer;
    const grant = await livingGrant(context, claims.grant);
    return answered(context, grant, kept, { seq: before.seq, isUrgent });
  }
  if (!isUrgent) await assertRoom(context);
  const grant = known ?? (await livingGrant(context, claims.grant));
  const now = clock();
  const seq = grant.seq + 1;
  // What is said again after a restored backup was signed at its own time.
  const at = grant.isRecovering === true ? Math.min(claims.iat, now) : now;
  assertEventCurrent(event, { vault: issuer, now: at, nextSeq: seq });
  const isLast = claims.event === 'withdraw' || claims.event === 'erase';
  if (seq > MAX_ENTRIES && !isLast) throw new ApiError('event/limit');
  const transition = transitionOf(grant, claims, { now, at, since: context.log?.since ?? null });
  if (transition === null) return standing(context, grant, now);

  const { event: type, to, erase } = transition;
  const draft = receiptDraft(context, grant, { event: type, seq, at: now }) as object;
  const answer: KeptAnswer = {
    state: stateOf({ ...grant, ...to }, now),
    seq,
    ...(to.undoUntil !== null && to.undoUntil > now && { undo_until: to.undoUntil }),
  };
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
      receipt: draft,
      log: lifecycleEntry(grant, { type, seq, at: now, actorSig: actHash }),
    },
    erase,
  });
  if (outcome === 'moved') return 'moved';
  return answered(context, grant, answer, { seq, isUrgent });
}

/** The answer with the receipt of entry `seq`. */
async function answered(
  context: Context,
  grant: LivingRecord,
  kept: KeptAnswer,
  { seq, isUrgent }: { seq: number; isUrgent: boolean },
): Promise<EventOutcome> {
  const { receipt, isPending } = await receiptOfEntry(context, grant, seq, isUrgent);
  return { answer: { ...kept, receipt }, isPending: isPending && !isUrgent };
}

/** The answer to a withdrawal of what has been withdrawn or ended: the receipt of that end. */
async function standing(context: Context, grant: LivingRecord, now: number): Promise<EventOutcome> {
  const end = (await context.store.entries(grant.jti)).findLast(
    ({ event }) => event === grant.endedBy,
  );
  const kept: KeptAnswer = {
    state: stateOf(grant, now),
    seq: grant.seq,
    ...(grant.undoUntil !== null && grant.undoUntil > now && { undo_until: grant.undoUntil }),
  };
  return answered(context, grant, kept, { seq: end?.seq as number, isUrgent: true });
}

/** As it was signed with the entry's index, or what can be said before. */
async function receiptOfEntry(
  context: Context,
  grant: LivingRecord,
  seq: number,
  isUrgent: boolean,
): Promise<Issued> {
  const claims = async () => {
    const entry = (await context.store.entries(grant.jti)).find((one) => one.seq === seq);
    const { event, at } = entry as { event: ReceiptEvent; at: number };
    return receiptDraft(context, grant, { event, seq, at }) as object;
  };
  return receiptOf(context, { grant: grant.jti, seq }, claims, { isUrgent });
}
