import type { LoopbackOption } from '@zusage/protocol/origin';
import type { Admit } from './brand-rate.ts';
import { ApiError, StoreError } from './errors.ts';
import type { VaultKeys } from './keys.ts';
import type { OpeningKeys } from './log/opening-keys.ts';
import type { ResolveBrand } from './resolve-brand.ts';
import type { RetiredKey } from './retired-keys.ts';
import type { Store } from './store/port.ts';

/** What every use case works with. */
export type Context = {
  /** The vault's own origin: `aud` of everything addressed to it. */
  readonly issuer: string;
  readonly loopback: LoopbackOption;
  readonly store: Store;
  readonly keys: VaultKeys;
  /** Earlier signing keys that are still published. */
  readonly retiredKeys?: readonly RetiredKey[];
  /** NumericDate. */
  readonly clock: () => number;
  readonly resolveBrand: ResolveBrand;
  /** The grant log; without it, there is one by the number 1 that nobody asks about. */
  readonly log?: GrantLog;
  /** Called for each request of an authenticated brand; without it, all are let in. */
  readonly admit?: Admit;
  /** Most slots a brand may have open at once; 1,000 unless set. */
  readonly brandSlots?: number;
};

export type GrantLog = {
  /** Logs are numbered from 1. */
  readonly number: number;
  /** What opens its entries. */
  readonly openings: OpeningKeys;
  /** The database is not the latest: nothing is decided on it. */
  readonly isQuarantined: boolean;
  /** NumericDate since which it is written; requests made before are not answered. null for the first log. */
  readonly since: number | null;
};

/** How often a decision is made anew when another one came first. */
const ATTEMPTS = 8;

/**
 * Repeats a decision that was made on a state which has changed meanwhile. Somebody's change went through each time,
 * so this ends.
 * @param decide resolves to `moved` to be called again
 * @throws StoreError after too many changes of one grant at once
 */
export async function untilSettled<T>(decide: () => Promise<T | 'moved'>): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const outcome = await decide();
    if (outcome !== 'moved') return outcome;
  }
  throw new StoreError('contention');
}

/** Rows that wait for the log at which no more are taken, except for those that end something. */
const FULL_QUEUE = 10_000;

/** @throws ApiError `service/busy` */
export async function assertRoom({ store }: Pick<Context, 'store'>): Promise<void> {
  if ((await store.logQueueDepth()) >= FULL_QUEUE) throw new ApiError('service/busy');
}
