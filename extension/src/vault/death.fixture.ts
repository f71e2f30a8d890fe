/** Death of a worker at a chosen moment: every step of its storage is counted, and after the chosen one nothing works. */
import type { DBCore, DBCoreTable } from 'dexie';
import type { SessionStore } from './session.ts';
import type { Bench } from './vault.fixture.ts';

/**
 * `before`, `after`: the worker dies before or after the step. `fails`: that one step fails, and the worker lives on.
 * Between two steps a worker only computes, so that these are all the moments at which a death could differ.
 */
export type Fate = 'before' | 'after' | 'fails';

export interface Death {
  readonly steps: () => number;
  /** Whether the chosen step was reached. */
  readonly struck: () => boolean;
  /** Any other step of the worker: a call of the network. */
  readonly meet: <T>(call: () => PromiseLike<T>) => Promise<T>;
}

const METHODS = ['mutate', 'get', 'getMany', 'query', 'openCursor', 'count'] as const;

/**
 * From now on counts the steps of the bench's storage: calls of the database, ends of its writing transactions, and calls
 * of the browser's two stores. Step `at` (from 1) meets `fate`; 0 only counts. A restart of the bench begins anew.
 */
export function dieAt(bench: Bench, at: number, fate: Fate = 'before'): Death {
  let steps = 0;
  let dead = false;
  const error = () => new DOMException('The worker is gone.', 'AbortError');

  const meet = async <T>(call: () => PromiseLike<T>): Promise<T> => {
    if (dead) throw error();
    steps += 1;
    if (steps !== at) return call();
    dead = fate !== 'fails';
    if (fate === 'after') await call();
    throw error();
  };

  // What is opened from now on passes through the layer below.
  bench.database.close({ disableAutoOpen: false });
  bench.database.use({
    stack: 'dbcore',
    name: 'death',
    create: (core): DBCore => ({
      ...core,
      transaction(tables, mode, options) {
        const transaction = core.transaction(tables, mode, options);
        // A worker may die when its transaction is durable and nobody has heard of it yet.
        const ended = () => {
          steps += 1;
          if (steps === at && fate !== 'fails') dead = true;
        };
        if (mode === 'readwrite')
          (transaction as unknown as EventTarget).addEventListener('complete', ended);
        return transaction;
      },
      table(name) {
        const table = core.table(name);
        const counted: Record<string, unknown> = {};
        for (const method of METHODS)
          counted[method] = (request: never) =>
            meet(() => (table[method] as (request: never) => Promise<unknown>)(request));
        return { ...table, ...counted } as DBCoreTable;
      },
    }),
  });
  for (const store of [bench.session, bench.local]) {
    const own: SessionStore = Object.getPrototypeOf(store);
    store.get = (key) => meet(() => own.get.call(store, key));
    store.set = (key, value) => meet(() => own.set.call(store, key, value));
    store.remove = (key) => meet(() => own.remove.call(store, key));
  }
  return { steps: () => steps, struck: () => steps >= at, meet };
}

/** Another worker: what died is gone, what was durable is there. */
export function reborn(bench: Bench): void {
  for (const store of [bench.session, bench.local])
    for (const method of ['get', 'set', 'remove'] as const) Reflect.deleteProperty(store, method);
  bench.restart();
}

/** Every step and fate with FULL=1, else a few that are spread over them. */
export function moments(steps: number): [number, Fate][] {
  const all = Array.from({ length: steps }, (_, i) => i + 1).flatMap((at) =>
    (['before', 'after', 'fails'] as const).map((fate): [number, Fate] => [at, fate]),
  );
  if (process.env['FULL'] === '1') return all;
  const few = 4;
  return Array.from(
    { length: few },
    (_, i) => all[Math.floor((i * (all.length - 1)) / (few - 1))] as [number, Fate],
  );
}
