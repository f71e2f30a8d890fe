import { FIRST_LOOK } from '../grant-log/recorded.ts';
import { vaultApi } from '../network/vault-api.ts';
import type { StepRecord } from '../vault/records.ts';
import { type LogFacts, log } from './log-entry.ts';
import type { Services } from './services.ts';
import type { SignedData } from './step-data.ts';
import type { StoredGrant } from './stored-grant.ts';

/** From `signed` until the page has its answer: the encrypted copy of the step, which survives the browser. */
export type Unfinished = StepRecord & {
  readonly key: string;
  /** The session of the browser it was made in. */
  readonly run: string;
  readonly signed: SignedData;
  /** Encoded disclosures: the values. */
  readonly disclosures: readonly string[];
  readonly stopIndex: number;
  readonly log: Omit<LogFacts, 'event'>;
};

const RUN = 'sharing.run';
const DELIVERED = 'sharing.delivered';
const ABANDONED = 'sharing.abandoned';

/** A name for this session of the browser; what another one began can no longer be delivered. */
export async function currentRun({ session }: Services): Promise<string> {
  const known = await session.get(RUN);
  if (typeof known === 'string') return known;
  const fresh = crypto.randomUUID();
  await session.set(RUN, fresh);
  return fresh;
}

export async function unfinished({ vault }: Services, key: string) {
  return (await vault.get('step', key)) as Unfinished | undefined;
}

/** While the vault is locked, what is to become of a step is noted in the session until the next unlock. */
export const deliveredWhileLocked = notes(DELIVERED);
export const abandonedWhileLocked = notes(ABANDONED);

function notes(name: string) {
  const read = async ({ session }: Services) => ((await session.get(name)) ?? []) as string[];
  return {
    read,
    add: async (services: Services, key: string) => {
      await services.session.set(name, [...new Set([...(await read(services)), key])]);
    },
    remove: async (services: Services, key: string) => {
      const rest = (await read(services)).filter((other) => other !== key);
      await services.session.set(name, rest);
    },
  };
}

/**
 * Ends for good what may have been registered.
 * @returns `ended`: it is certain that nothing is or will become active – the service has ended it, or does not know it
 *   and no longer could; `open`: ask again later; `unreachable`: so is everything else at this service
 */
export async function sendWithdrawal(
  { door, now }: Services,
  { vault, jti, withdraw, at, now: slotNow, expires }: SignedData,
): Promise<'ended' | 'open' | 'unreachable'> {
  const answer = await vaultApi(door, vault).change(jti, withdraw);
  if (answer.ok) return 'ended';
  if (answer.status === null) return 'unreachable';
  // A registration that is still under way may arrive until its slot has ended.
  return now() > at + (expires - slotNow) ? 'ended' : 'open';
}

/** Records what happened in an unlocked vault and forgets the step. */
export async function closeUnfinished(
  services: Services,
  { key, signed, log: facts }: Unfinished,
  code: 'page-gone' | 'not-delivered' = 'not-delivered',
): Promise<void> {
  const { vault, now } = services;
  if ((await vault.get('grant', signed.jti)) !== undefined) {
    await vault.update('grant', signed.jti, (current) => {
      const ended: Partial<StoredGrant> = {
        state: 'ended',
        ended: 'not-delivered',
        endedOn: now(),
        withdrawalPending: false,
        proofsDue: now() + FIRST_LOOK,
      };
      return { ...(current as StoredGrant), ...ended };
    });
    await log(
      services,
      { ...facts, event: 'not-delivered', jti: signed.jti, signed: signed.withdraw, code },
      `not-delivered ${signed.jti}`,
    );
  }
  await vault.remove('step', key);
}
