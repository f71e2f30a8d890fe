import { lookForWarnings } from '../grant-log/alarm.ts';
import { lookAtService } from '../grant-log/follow.ts';
import { readOrRetell, toRetell } from '../grant-log/resubmit.ts';
import { ServiceError } from '../network/vault-service.ts';
import { deletionDue, deletionOf } from '../sharing/deletion.ts';
import type { Services } from '../sharing/services.ts';
import { effectiveState, type StoredGrant } from '../sharing/stored-grant.ts';
import { endOf } from './grant-view.ts';
import { changeGrant } from './withdrawal.ts';

const DAY = 86_400;
/** Seconds from one read of a grant to the next: about a day, and never the same hour for long. */
const PACE = { shortest: 0.75 * DAY, longest: 1.25 * DAY } as const;
/** Seconds from one look at a log to the next; every proof brings a checkpoint, too. */
const LOG_PACE = 6 * 3600;
/** Seconds after a deletion was due for which a late confirmation is still looked for. */
const PATIENCE = 60 * DAY;

/**
 * Reads one grant whose time has come, and at most one: two pseudonyms asked about in one breath would tell the service
 * that they share a browser (SPEC §8.3). Each grant has a time of its own, drawn anew after each read. Does nothing
 * while locked, and never fails: what could not be read stays due.
 * @param random uniform in (0, 1]
 */
export async function readDue(services: Services, random: () => number): Promise<void> {
  if ((await services.vault.deadline()) === null) return;
  await readOne(services, random);
  await lookForWarnings(services);
}

async function readOne(services: Services, random: () => number): Promise<void> {
  const { vault, now } = services;
  const all = (await vault.all('grant')) as StoredGrant[];
  const worth = all.filter((g) => isWorthIt(g, now()));
  for (const { jti } of worth.filter(({ nextRead }) => nextRead === undefined)) {
    // A grant just shared is read for the first time at any hour of its first day.
    await changeGrant(services, jti, () => ({ nextRead: now() + Math.ceil(random() * DAY) }));
  }
  // What the person ended comes before everything else.
  const { ended, shared } = await toRetell(services, all);
  const due =
    ended.length > 0
      ? ended
      : [
          ...shared,
          ...worth.filter(({ nextRead }) => nextRead !== undefined && nextRead <= now()),
          ...all.filter(({ proofsDue }) => proofsDue != null && proofsDue <= now()),
        ];
  const grant = due[Math.ceil(random() * due.length) - 1];
  if (grant === undefined) return lookAtOneLog(services, all);
  try {
    await readOrRetell(services, grant);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    // Without network it stays due; a "no" is asked again at the next regular time.
    if (error.code === 'service-unreachable') return;
    await changeGrant(services, grant.jti, () => ({ proofsDue: null }));
  }
  const pause = PACE.shortest + random() * (PACE.longest - PACE.shortest);
  await changeGrant(services, grant.jti, () => ({ nextRead: now() + Math.ceil(pause) }));
  await lookAtOneLog(services, [grant]);
}

/** Asks one log for its checkpoint, when it has not been heard of for some hours. Never fails. */
async function lookAtOneLog(services: Services, grants: readonly StoredGrant[]): Promise<void> {
  const origins = new Set(grants.map(({ vaultService }) => vaultService));
  for (const origin of origins) {
    const seenOn = (await services.vault.get('logWatch', origin))?.seenOn ?? 0;
    if (services.now() < seenOn + LOG_PACE) continue;
    await lookAtService(services, origin).catch(() => undefined);
    return;
  }
}

/** While it runs, and afterwards until the deletion is confirmed or nobody expects it any more. */
function isWorthIt(grant: StoredGrant, now: number): boolean {
  const state = effectiveState(grant, now);
  if (state === 'lost') return false;
  const endedOn = endOf(grant, state);
  if (endedOn === undefined) return true;
  const deletion = deletionOf(grant, { state, endedOn, now });
  if (deletion === undefined || deletion.state === 'confirmed') return false;
  return now <= deletionDue(grant, endedOn) + PATIENCE;
}
