import { randomInt } from 'node:crypto';
import { stopHash } from '@zusage/protocol/stop';
import { type Context, untilSettled } from './context.ts';
import { endingOf } from './end-grant.ts';
import { isEnded } from './grant-state.ts';

/** Seconds over which stops come into the log, so that the entries of one sheet do not stand side by side. */
const SPREAD = 60;

/**
 * POST /stop: a value from a printed sheet ends its grant for good. Known also for grants that have ended or were
 * erased, so that a page can walk a sheet.
 * @param value S_i, base64url
 * @throws FormatError `stop/shape`
 */
export async function stopGrant(context: Context, value: string): Promise<{ known: boolean }> {
  const stop = await stopHash(value);
  const grants = await context.store.grantsByStop(stop);
  for (const { jti } of grants) await untilSettled(() => stopOne(context, jti, value));
  return { known: grants.length > 0 };
}

async function stopOne(context: Context, jti: string, value: string): Promise<'moved' | 'done'> {
  const grant = await context.store.grant(jti);
  const at = context.clock();
  if (grant === null || isEnded(grant, at)) return 'done';
  const due = at + randomInt(SPREAD);
  const change = endingOf(context, grant, 'stopped', { at, evidence: value, actorSig: null, due });
  return (await context.store.change(change)) === 'moved' ? 'moved' : 'done';
}
