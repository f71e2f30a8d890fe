import type { Context } from './context.ts';
import { ended } from './grant-state.ts';
import { receiptFor } from './issue-receipt.ts';
import { lifecycleEntry } from './log-entry.ts';
import type { GrantChange, GrantCondition, GrantRecord } from './store/port.ts';

/** The vault's own entries about the end of a grant: nobody signed an event for them. */
type OwnEvent = 'replaced' | 'returned' | 'stopped';

/**
 * The change that ends a grant for good, or, for `returned`, confirms erasure after its end.
 * @param evidence a stop value or a client assertion
 * @param actorSig base64url SHA-256 of what was signed for it
 */
export async function endingOf(
  context: Context,
  grant: GrantRecord,
  event: OwnEvent,
  {
    at,
    evidence,
    actorSig,
    to,
  }: {
    at: number;
    evidence: string | null;
    actorSig: string | null;
    to?: GrantCondition;
  },
): Promise<GrantChange> {
  const seq = grant.seq + 1;
  return {
    grant: grant.jti,
    from: grant.seq,
    to: to ?? ended(grant, event, at),
    entry: {
      seq,
      event,
      at,
      act: null,
      evidence,
      receipt: await receiptFor(context, grant, { event, seq, at }),
      log: lifecycleEntry(grant, { type: event, seq, at, actorSig }),
    },
    erase: false,
  };
}
