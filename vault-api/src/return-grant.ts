import { hashOf } from '@zusage/protocol/crypto';
import type { Caller } from './authenticate-brand.ts';
import { assertRoom, type Context, untilSettled } from './context.ts';
import { endingOf } from './end-grant.ts';
import { grantOfToken } from './grant-of-token.ts';
import { ended, stateOf } from './grant-state.ts';
import type { GrantCondition, GrantRecord } from './store/port.ts';

/**
 * POST /revoke (RFC 7009): the brand hands a grant back and thereby confirms that it has erased the values. Silent
 * about grants that are not the caller's, as RFC 7009 §2.2 asks.
 * @param token the issuer-signed JWT, or the `jti`
 * @throws FormatError `grant/has-disclosures`
 */
export async function returnGrant(context: Context, caller: Caller, token: string): Promise<void> {
  await assertRoom(context);
  const signed = caller.assertion.slice(0, caller.assertion.lastIndexOf('.'));
  const actorSig = await hashOf(signed);
  await untilSettled(async () => {
    const grant = await grantOfToken(context, caller.brand.did, token);
    if (grant === null || grant.returned) return 'done';
    const at = context.clock();
    const to = handedBack(grant, at);
    const evidence = caller.assertion;
    const change = endingOf(context, grant, 'returned', { at, evidence, actorSig, to });
    return (await context.store.change(change)) === 'moved' ? 'moved' : 'done';
  });
}

/** What had ended before keeps the reason of its end; what could still be undone no longer can. */
function handedBack(grant: GrantRecord, at: number): GrantCondition {
  const { paused, endedBy, endedAt, undoUntil } = grant;
  const state = stateOf(grant, at);
  const isOver = state === 'ended' || at >= grant.exp;
  if (isOver) return { paused, endedBy, endedAt, undoUntil, returned: true };
  return { ...ended(grant, endedBy ?? 'returned', at), returned: true };
}
