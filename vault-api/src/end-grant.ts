import type { Context } from './context.ts';
import { ended } from './grant-state.ts';
import { receiptDraft } from './issue-receipt.ts';
import { lifecycleEntry } from './log-entry.ts';
import type { GrantChange, GrantCondition, GrantRecord } from './store/port.ts';

/** The vault's own entries about the end of a grant: nobody signed an event for them. */
type OwnEvent = 'replaced' | 'returned' | 'stopped' | 'expired';

/**
 * The change that ends a grant for good, or, for `returned`, confirms erasure after its end.
 * @param evidence a stop value, a client assertion, or the `jti` of the grant that replaces it
 * @param due when the log may take it up; now unless set
 * @param actorSig base64url SHA-256 of what was signed for it
 */
export function endingOf(
  context: Context,
  grant: GrantRecord,
  event: OwnEvent,
  {
    at,
    evidence,
    actorSig,
    to,
    due = at,
  }: {
    at: number;
    evidence: string | null;
    actorSig: string | null;
    to?: GrantCondition;
    due?: number;
  },
): GrantChange {
  const seq = grant.seq + 1;
  return {
    grant: grant.jti,
    from: grant.seq,
    to: to ?? ended(grant, event as Exclude<OwnEvent, 'expired'>, at),
    entry: {
      seq,
      event,
      at,
      act: null,
      evidence,
      receipt: receiptDraft(context, grant, { event, seq, at }),
      log: lifecycleEntry(grant, { type: event, seq, at, actorSig, due }),
    },
    erase: false,
  };
}
