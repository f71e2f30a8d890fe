import { importSigningKey, randomUuidUrn } from '@zusage/protocol/crypto';
import type { PrivateJwk } from '@zusage/protocol/jwk';
import { type ReadAnswer, signRead } from '@zusage/protocol/read';
import { readProofs } from '../grant-log/proofs.ts';
import { nextProofs } from '../grant-log/recorded.ts';
import { type ServiceAnswer, vaultApi } from '../network/vault-api.ts';
import { ServiceError } from '../network/vault-service.ts';
import { daysIn, usesAfter } from '../sharing/grant-uses.ts';
import type { Services } from '../sharing/services.ts';
import { effectiveState, type StoredGrant } from '../sharing/stored-grant.ts';
import { logUses } from './log-uses.ts';
import { changeGrant, logGrant } from './withdrawal.ts';

/** Pages of 64 KB read in one go; the rest follows with the next read. */
const PAGES = 8;

/**
 * Asks the service what became of one grant and who used it (SPEC §8.3 "Reading"), and for the proofs of what is new.
 * @throws ServiceError `service-unreachable`, `service-refused`; VaultError
 */
export async function readGrant(services: Services, grant: StoredGrant): Promise<StoredGrant> {
  return (await readAndTold(services, grant)).grant;
}

/** As `readGrant`, with what the service said. */
export async function readAndTold(
  services: Services,
  grant: StoredGrant,
): Promise<{ grant: StoredGrant; told: ReadAnswer }> {
  let current = grant;
  let told: ReadAnswer;
  let page = 0;
  do {
    const answer = await ask(services, current);
    if (!answer.ok) {
      if (answer.status === null) throw new ServiceError('service-unreachable');
      throw new ServiceError('service-refused', answer.code);
    }
    told = answer.value;
    current = await take(services, current, notCounted(current, told));
    page += 1;
  } while (told.more && page < PAGES);
  const logged = await readProofs(services, current, told);
  const proofsDue = nextProofs(logged, services.now());
  // What the person did meanwhile has a time of its own.
  const after = await changeGrant(services, grant.jti, ({ seq }) =>
    seq > current.seq ? {} : { proofsDue },
  );
  return { grant: after, told };
}

/** Without what was counted before the service lost its own count. */
function notCounted({ countedUntil = 0 }: StoredGrant, answer: ReadAnswer): ReadAnswer {
  const isNew = ({ at }: { at: number }) => at > countedUntil;
  return {
    ...answer,
    checks: answer.checks.filter(isNew),
    searches: answer.searches.filter(isNew),
  };
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
  const at = services.now();
  const uses = usesAfter(before.uses, answer, at);
  const returned = answer.events.find(({ event }) => event === 'returned');
  // The log first: what a dying worker repeats changes nothing in it, while a cursor that moved on is never read again.
  await logUses(services, before, uses, daysIn(answer, at));
  if (returned !== undefined && before.returnedOn === undefined) {
    await logGrant(services, before, { event: 'returned' }, `returned ${before.jti}`);
  }
  return changeGrant(services, before.jti, (current) => ({
    readOn: at,
    brandFrozen: answer.brand_frozen,
    // Another read of the same page was faster.
    ...(current.cursor === before.cursor && { cursor: answer.cursor, uses }),
    // The person changed something while the answer was under way: the next one will know.
    ...(answer.seq >= current.seq && {
      ...standingOf(services, current, answer),
      seq: answer.seq,
    }),
    ...(returned !== undefined && { returnedOn: Math.min(returned.at, at) }),
  }));
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
