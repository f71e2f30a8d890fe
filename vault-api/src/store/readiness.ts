import { NotWritableError, StoreError } from '../errors.ts';
import type { Store } from './port.ts';

/** Milliseconds for which a proof that the store can be written holds, unless something fails meanwhile. */
const PROVEN_FOR = 60_000;
/** Milliseconds between two attempts once something failed. */
const RETRY_AFTER = 1_000;

/**
 * `ready` tells, beside what the store says of itself, whether it can be written: by an attempt when none was made for
 * a minute, and once any method has failed, by one a second at most until one succeeds. Whoever asks more often gets
 * the last outcome, so asking is cheap.
 * @param attempt writes about as much as the largest change and takes it back
 */
export function withReadiness(
  store: Store,
  attempt: () => Promise<void>,
  clock: () => number = () => performance.now(),
): Store {
  let isSuspect = false;
  let begun = Number.NEGATIVE_INFINITY;
  let last = Promise.resolve();
  const suspect = () => {
    isSuspect = true;
  };
  // A refusal of what was asked for says nothing about the store.
  const notice = (error: unknown) => {
    if (error instanceof StoreError) suspect();
  };
  const tried = async () => {
    isSuspect = false;
    try {
      await attempt();
    } catch (cause) {
      suspect();
      throw new NotWritableError('The database cannot be written.', { cause });
    }
  };
  return {
    ...(Object.fromEntries(
      Object.entries(store).map(([name, method]) => [name, noticing(method, notice)]),
    ) as unknown as Store),
    ready: async () => {
      await store.ready();
      if (clock() - begun >= (isSuspect ? RETRY_AFTER : PROVEN_FOR)) {
        begun = clock();
        last = tried();
      }
      await last;
    },
    close: () => store.close(),
  };
}

type Method = (...values: never[]) => Promise<unknown>;

function noticing(method: Method, onFailure: (error: unknown) => void): Method {
  return (...values) => {
    const outcome = method(...values);
    outcome.catch(onFailure);
    return outcome;
  };
}
