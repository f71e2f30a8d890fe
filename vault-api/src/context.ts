import type { LoopbackOption } from '@zusage/protocol/origin';
import type { Admit } from './brand-rate.ts';
import { StoreError } from './errors.ts';
import type { VaultKeys } from './keys.ts';
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
  /** Called for each request of an authenticated brand; without it, all are let in. */
  readonly admit?: Admit;
  /** Most slots a brand may have open at once; 1,000 unless set. */
  readonly brandSlots?: number;
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
