import { importSigningKey, randomUuidUrn } from '@zusage/protocol/crypto';
import type { PrivateJwk } from '@zusage/protocol/jwk';
import { type ReadAnswer, signRead } from '@zusage/protocol/read';
import { type ServiceAnswer, vaultApi } from '../network/vault-api.ts';
import { ServiceError } from '../network/vault-service.ts';
import type { Services } from '../sharing/services.ts';
import { effectiveState, type StoredGrant } from '../sharing/stored-grant.ts';
import { changeGrant, logGrant } from './withdrawal.ts';

/** Pages of 64 KB read in one go; the rest follows with the next read. */
const PAGES = 8;

/**
 * Asks the service what became of one grant and who used it (PROTOCOL §7 "Reading").
 * @throws ServiceError `service-unreachable`, `service-refused`; VaultError
 */
export async function readGrant(services: Services, grant: StoredGrant): Promise<StoredGrant> {
  let current = grant;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await ask(services, current);
    if (!answer.ok) {
      throw new ServiceError(answer.status === null ? 'service-unreachable' : 'service-refused');
    }
    current = await take(services, current, answer.value);
    if (!answer.value.more) break;
  }
  return current;
}

async function ask(
  { door, now }: Services,
  grant: StoredGrant,
): Promise<ServiceAnswer<ReadAnswer>> {
  const read = await signRead(
    {
      aud: grant.vaultService,
      jti: randomUuidUrn(),
      iat: now(),
      grant: grant.jti,
      after: grant.cursor ?? null,
    },
    await importSigningKey(grant.key as PrivateJwk),
  );
  return vaultApi(door, grant.vaultService).read(grant.jti, read);
}

async function take(
  services: Services,
  before: StoredGrant,
  answer: ReadAnswer,
): Promise<StoredGrant> {
  const uses = answer.checks.filter(({ decision }) => decision);
  const last = uses.at(-1)?.at ?? before.uses?.last ?? null;
  const standing = standingOf(services, before, answer);
  const after = await changeGrant(services, before.jti, (current) => ({
    ...standing,
    seq: answer.seq,
    cursor: answer.cursor,
    uses: { count: (current.uses?.count ?? 0) + uses.length, last },
  }));
  if (uses.length > 0) {
    await logGrant(services, after, {
      event: 'used',
      attributes: [...new Set(uses.flatMap(({ attributes }) => attributes))],
      purposes: [...new Set(uses.map(({ purpose }) => purpose))],
    });
  }
  const returned = ({ events }: Pick<ReadAnswer, 'events'>) =>
    events.some(({ event }) => event === 'returned');
  if (returned(answer) && before.returnedSeen !== true) {
    await logGrant(services, after, { event: 'returned' });
    return changeGrant(services, before.jti, () => ({ returnedSeen: true }));
  }
  return after;
}

/** Entries that end a grant; `stopped` is the person's own stop sheet. */
const ENDS: Readonly<Record<string, StoredGrant['ended']>> = {
  withdrawn: 'withdrawn',
  stopped: 'withdrawn',
  returned: 'returned',
  replaced: 'replaced',
};

/** What the service knows better: that the brand handed it back, that a stop sheet ended it, that an undo arrived. */
function standingOf(
  { now }: Services,
  grant: StoredGrant,
  { state, events }: ReadAnswer,
): Partial<StoredGrant> {
  const here = effectiveState(grant, now());
  const over = !['active', 'not-yet', 'undo'].includes(here);
  if (state === 'ended' && !over) {
    const end = events.findLast(({ event }) => Object.hasOwn(ENDS, event));
    return {
      state: 'ended',
      ended: ENDS[end?.event ?? ''] ?? 'withdrawn',
      endedOn: end?.at ?? now(),
    };
  }
  return state === 'active' && here === 'undo' ? { state: 'active' } : {};
}
