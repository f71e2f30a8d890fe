import { isZusageError } from '@zusage/protocol/errors';
import { EVENT_WINDOW, type EventClaims, type EventType, parseEvent } from '@zusage/protocol/event';
import type { ReceiptEvent } from '@zusage/protocol/receipt';
import { openingOfProof, parseTlogProof, parseVkey } from '@zusage/protocol/tlog';
import { readAndTold, readGrant } from '../commands/read-grant.ts';
import { changeGrant, tellService, withdrawn, withReceipt } from '../commands/withdrawal.ts';
import { type Changed, type ServiceAnswer, vaultApi } from '../network/vault-api.ts';
import { ServiceError } from '../network/vault-service.ts';
import type { Services } from '../sharing/services.ts';
import { effectiveState, type StoredGrant } from '../sharing/stored-grant.ts';
import { proofKey } from '../vault/log-records.ts';
import { FIRST_LOOK } from './recorded.ts';

/** Seconds after a "no" or no answer. */
const AGAIN = 600;
/** Seconds from the minute in which a log begins until a `resume` counts there: the minute itself, and SPEC §17.6. */
const BEGINNING = 60 + EVENT_WINDOW;

/** What a receipt calls the person's events. */
const RECEIPTS = {
  withdraw: 'withdrawn',
  restore: 'restored',
  suspend: 'suspended',
  resume: 'resumed',
  erase: 'erased',
} as const satisfies { [event in EventType]: ReceiptEvent };

const isShared = (grant: StoredGrant, now: number) =>
  ['active', 'not-yet'].includes(effectiveState(grant, now));

/**
 * Grants whose service has to be told again, and whose time for it has come: those that have ended in any case, the
 * others once the person has agreed to the log that follows.
 */
export async function toRetell({ vault, now }: Services, all: readonly StoredGrant[]) {
  const due = all.filter(
    ({ retell, exp }) => retell !== undefined && retell <= now() && exp > now(),
  );
  const ended = due.filter(
    (grant) => !['active', 'not-yet', 'undo'].includes(effectiveState(grant, now())),
  );
  const shared: StoredGrant[] = [];
  for (const grant of due.filter((one) => isShared(one, now()))) {
    const watch = await vault.get('logWatch', grant.vaultService);
    if (watch?.follow === undefined) shared.push(grant);
  }
  return { ended, shared };
}

/** How many grants the service has still to be told. @throws VaultError */
export async function leftToRetell({ vault, now }: Services, origin: string): Promise<number> {
  const all = (await vault.all('grant')) as StoredGrant[];
  return all.filter(
    ({ retell, exp, vaultService }) =>
      retell !== undefined && exp > now() && vaultService === origin,
  ).length;
}

/**
 * Reads a grant; where its service has lost some of what it was told, brings it to what the person decided (SPEC §17.6).
 * Every step can be the last one: the next time begins with what the service knows then.
 * @throws ServiceError `service-unreachable`, `service-refused`; VaultError
 */
export async function readOrRetell(services: Services, grant: StoredGrant): Promise<StoredGrant> {
  const { ended, shared } = await toRetell(services, [grant]);
  try {
    if (ended.length > 0) return await tellEnd(services, grant);
    if (shared.length > 0) return await tellShared(services, grant);
  } catch (error) {
    // Others are not kept waiting by it.
    if (error instanceof ServiceError) await later(services, grant, services.now() + AGAIN);
    throw error;
  }
  return readGrant(services, grant);
}

/**
 * The withdrawal as it was signed, if the vault still has it, and then one of now: on what has ended that changes
 * nothing, and it ends what another act of the same number did not.
 */
async function tellEnd(services: Services, grant: StoredGrant): Promise<StoredGrant> {
  const stored = (await signedEvents(services, grant)).findLast(
    ({ claims }) => claims.event === 'withdraw',
  );
  if (stored !== undefined) {
    assertAnswered(
      await vaultApi(services.door, grant.vaultService).change(grant.jti, stored.compact),
    );
  }
  const { answer } = await tellService(services, grant, { event: 'withdraw', seq: grant.seq + 1 });
  assertAnswered(answer);
  if (answer.ok) {
    const receipts = await withReceipt(services, grant, answer.value.receipt, 'withdrawn');
    const { seq } = answer.value;
    const news = grant.withdrawalPending ? withdrawn(services, answer.value) : {};
    return told(services, grant, {
      ...news,
      seq,
      receipts,
      proofsDue: services.now() + FIRST_LOOK,
    });
  }
  // Unknown there: nothing can be allowed by it.
  if (answer.status !== 404) return later(services, grant, services.now() + AGAIN);
  const isPending = grant.withdrawalPending === true;
  return told(services, grant, {
    ...(isPending && { withdrawalPending: false, state: 'ended', ended: 'withdrawn' }),
  });
}

async function tellShared(services: Services, before: StoredGrant): Promise<StoredGrant> {
  let read: Awaited<ReturnType<typeof readAndTold>>;
  try {
    read = await readAndTold(services, before);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.detail !== 'grant/unknown') throw error;
    return lost(services, before);
  }
  const { grant } = read;
  if (!isShared(grant, services.now())) return grant;
  let { state, seq } = read.told as { state: string; seq: number };
  let { receipts } = grant;
  const missing = state === 'suspended' ? await missingEvents(services, grant, seq) : [];
  for (const { claims, compact } of missing) {
    const answer = await vaultApi(services.door, grant.vaultService).change(grant.jti, compact);
    assertAnswered(answer);
    if (!answer.ok) break;
    ({ state, seq } = answer.value);
    const { receipt } = answer.value;
    receipts = await withReceipt(services, { ...grant, receipts }, receipt, RECEIPTS[claims.event]);
  }
  switch (state) {
    case 'ended':
      // Nobody can take that back: what the person said to go on is lost.
      return lost(services, grant);
    case 'suspended':
      return resume(services, { ...grant, receipts }, seq);
    default:
      return told(services, grant, { seq, receipts });
  }
}

/** A `resume` of now: never of what the person has ended meanwhile, and only when the log is old enough to take it. */
async function resume(
  services: Services,
  { jti, receipts, vaultService }: StoredGrant,
  last: number,
): Promise<StoredGrant> {
  const { vault, now } = services;
  const grant = await changeGrant(services, jti, () => ({ receipts }));
  const opens = ((await vault.get('logWatch', vaultService))?.since ?? 0) + BEGINNING;
  if (now() <= opens) return later(services, grant, opens + 1);
  if (!isShared(grant, now())) return grant;
  const { answer } = await tellService(services, grant, { event: 'resume', seq: last + 1 });
  assertAnswered(answer);
  if (!answer.ok || answer.value.state === 'suspended') {
    return later(services, grant, now() + AGAIN);
  }
  const { seq, receipt } = answer.value;
  const all = await withReceipt(services, grant, receipt, 'resumed');
  return told(services, grant, { seq, receipts: all, proofsDue: now() + FIRST_LOOK });
}

/** @throws ServiceError `service-unreachable` */
function assertAnswered(answer: ServiceAnswer<Changed>): void {
  if (!answer.ok && answer.status === null) throw new ServiceError('service-unreachable');
}

function later(services: Services, { jti }: StoredGrant, at: number): Promise<StoredGrant> {
  return changeGrant(services, jti, () => ({ retell: at }));
}

/** The service knows what the person decided; what the person did meanwhile stays. */
async function told(
  { vault, now }: Services,
  before: StoredGrant,
  news: Partial<StoredGrant>,
): Promise<StoredGrant> {
  const after = await vault.update('grant', before.jti, (current) => {
    const { retell, ...grant } = current as StoredGrant;
    const isSame = grant.seq === before.seq && isShared(grant, now()) === isShared(before, now());
    return isSame ? { ...grant, ...news } : { ...grant, retell: now() };
  });
  return after as StoredGrant;
}

function lost(services: Services, { jti }: StoredGrant): Promise<StoredGrant> {
  const { vault, now } = services;
  return vault.update('grant', jti, (current) => {
    const { retell, ...grant } = current as StoredGrant;
    if (!isShared(grant, now())) return { ...grant, retell: now() };
    return { ...grant, state: 'ended', ended: 'lost', endedOn: now() };
  }) as Promise<StoredGrant>;
}

type Signed = { readonly claims: EventClaims; readonly compact: string };

/** The person's events of one grant, by number: as the log of the service proved them, else as they were sent. */
async function signedEvents(
  { vault }: Services,
  { jti, vaultService }: StoredGrant,
): Promise<Signed[]> {
  const sent = (await vault.all('log')).filter((entry) => entry.jti === jti);
  const texts = sent.sort((a, b) => a.at - b.at).flatMap(({ signed }) => signed ?? []);
  const logged = await vault.get('logged', jti);
  const vkey = (await vault.get('service', vaultService))?.logVkey;
  const log = vkey === undefined ? '' : parseVkey(vkey).name;
  const logs = [...(logged?.earlier ?? []), ...(logged ? [{ ...logged, log }] : [])];
  for (const { seq, key } of logs.flatMap(({ entries, log: name }) =>
    entries.map((entry) => ({ seq: entry.seq, key: proofKey(jti, entry.seq, name) })),
  )) {
    const proof = seq === 0 ? undefined : await vault.get('proof', key);
    const act = proof && openingOfProof(parseTlogProof(proof.proof)).act;
    if (act !== undefined) texts.push(act);
  }
  const found = new Map<number, Signed>();
  for (const compact of texts) {
    try {
      const { claims } = parseEvent(compact);
      if (claims.grant === jti) found.set(claims.seq, { claims, compact });
    } catch (error) {
      // A brand's act, for one.
      if (!isZusageError(error)) throw error;
    }
  }
  return [...found.values()].sort((a, b) => a.claims.seq - b.claims.seq);
}

/** All that the service lacks of what the person said. Parts of it are worse than none: they might end what goes on. */
async function missingEvents(
  services: Services,
  grant: StoredGrant,
  known: number,
): Promise<Signed[]> {
  const events = (await signedEvents(services, grant)).filter(({ claims }) => claims.seq > known);
  const isWhole = events.length === grant.seq - known && events.at(-1)?.claims.event !== 'withdraw';
  return isWhole ? events : [];
}
