import { importSigningKey, randomUuidUrn } from '@zusage/protocol/crypto';
import { isZusageError } from '@zusage/protocol/errors';
import { type EventType, signEvent } from '@zusage/protocol/event';
import { parseGrant } from '@zusage/protocol/grant';
import type { PrivateJwk } from '@zusage/protocol/jwk';
import type { ReceiptEvent } from '@zusage/protocol/receipt';
import { FIRST_LOOK } from '../grant-log/recorded.ts';
import { type Changed, type ServiceAnswer, vaultApi } from '../network/vault-api.ts';
import { ServiceError } from '../network/vault-service.ts';
import { log } from '../sharing/log-entry.ts';
import { verifyWithPinned } from '../sharing/pinned-service.ts';
import type { Services } from '../sharing/services.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';

/** Signs an event of this grant and tells the service. */
export async function tellService(
  { door, now, options }: Services,
  grant: StoredGrant,
  change: { event: EventType; seq: number; undoUntil?: number },
): Promise<{ signed: string; answer: ServiceAnswer<Changed> }> {
  const { hash } = await parseGrant(grant.grant, options);
  const signed = await signEvent(
    {
      aud: grant.vaultService,
      jti: randomUuidUrn(),
      grant: grant.jti,
      grant_hash: hash,
      event: change.event,
      seq: change.seq,
      iat: now(),
      ...(change.undoUntil !== undefined && { undo_until: change.undoUntil }),
    },
    await importSigningKey(grant.key as PrivateJwk),
  );
  return { signed, answer: await vaultApi(door, grant.vaultService).change(grant.jti, signed) };
}

/** Changes the stored grant with no other write in between. */
export async function changeGrant(
  { vault }: Services,
  jti: string,
  change: (grant: StoredGrant) => Partial<StoredGrant>,
): Promise<StoredGrant> {
  const changed = await vault.update('grant', jti, (current) => ({
    ...(current as StoredGrant),
    ...change(current as StoredGrant),
  }));
  return changed as StoredGrant;
}

/** One entry of the log about a grant. @param id one entry for each: a repetition writes nothing */
export async function logGrant(
  services: Services,
  grant: StoredGrant,
  entry: {
    event: 'withdrawn' | 'restored' | 'returned';
    signed?: string;
  },
  id?: string,
): Promise<void> {
  const facts = {
    attributes: grant.datatypes,
    purposes: grant.terms.purpose,
    ...entry,
    brand: grant.brand,
    brandName: grant.brandName,
    site: new URL(grant.origin).host,
    jti: grant.jti,
  };
  await log(services, facts, id);
}

/**
 * Tells the service about withdrawals it could not be told: signed anew and without undo, since the time for that has
 * passed. What still cannot be told stays pending.
 */
export async function withdrawPending(services: Services): Promise<void> {
  const grants = (await services.vault.all('grant')) as StoredGrant[];
  for (const grant of grants.filter(({ withdrawalPending }) => withdrawalPending)) {
    const { answer } = await tellService(services, grant, {
      event: 'withdraw',
      seq: grant.seq + 1,
    });
    // One wait for an absent service is enough.
    if (!answer.ok && answer.status === null) return;
    if (answer.ok) await changeGrant(services, grant.jti, () => withdrawn(services, answer.value));
    // Unknown there: the service has nothing that could still be allowed.
    else if (answer.status === 404) {
      await changeGrant(services, grant.jti, () => ({
        withdrawalPending: false,
        state: 'ended',
        ended: 'withdrawn',
      }));
    }
  }
}

/** A withdrawal as the service has confirmed it. */
export function withdrawn(
  { now }: Services,
  { state, seq, undo_until }: Changed,
): Partial<StoredGrant> {
  const undo = state === 'suspended' && undo_until !== undefined && undo_until > now();
  return {
    withdrawalPending: false,
    seq,
    state: undo ? 'suspended' : 'ended',
    ended: 'withdrawn',
    ...(undo && { undoUntil: undo_until }),
    endedOn: now(),
    proofsDue: now() + FIRST_LOOK,
  };
}

/** The service's word is kept when it verifies; a state change counts without it, since the state can be read. */
export async function withReceipt(
  services: Services,
  grant: StoredGrant,
  receipt: string,
  event: ReceiptEvent,
): Promise<readonly string[]> {
  try {
    const parsed = await parseGrant(grant.grant, services.options);
    await verifyWithPinned(services, receipt, parsed, { vault: grant.vaultService, event });
    return [...grant.receipts, receipt];
  } catch (error) {
    if (isZusageError(error) || error instanceof ServiceError) return grant.receipts;
    throw error;
  }
}
