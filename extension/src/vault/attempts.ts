/**
 * The delay after wrong passphrases. It is kept where neither the death of the worker nor the end of the browser resets
 * it, and counted before each attempt, so that an attempt that is cut off counts as well.
 *
 * What is kept is not a time of day but how much waiting is left, and only waiting that a living worker has measured by
 * a clock that nobody can set is taken off. So a clock put forward shortens nothing and one put back adds nothing; the
 * price is that time passes only while the extension is in use.
 */
import { VaultRefusal } from './errors.ts';
import type { SessionStore } from './session.ts';

const KEPT = 'vault.attempts';
/** Slips of the finger cost nothing. */
const FREE = 3;
const FIRST = 5_000;
/** Milliseconds; nobody is ever kept out for longer. */
export const LONGEST_WAIT = 300_000;

interface Kept {
  readonly failures: number;
  /** Milliseconds still to wait. */
  readonly left: number;
}

export class Attempts {
  readonly #store: SessionStore;
  readonly #elapsed: () => number;
  /** When, by `#elapsed`, what is kept was last brought up to date; undefined until this worker has looked. */
  #since: number | undefined;

  /** `store` outlives the browser; `elapsed` counts milliseconds evenly, from any beginning. */
  constructor(store: SessionStore, elapsed: () => number = () => performance.now()) {
    this.#store = store;
    this.#elapsed = elapsed;
  }

  /** Milliseconds until a passphrase may be tried. @throws VaultRefusal `vault/storage` */
  async wait(): Promise<number> {
    return (await this.#look()).left;
  }

  /**
   * Counts an attempt as failed before it is made.
   *
   * @throws VaultRefusal `vault/wait`, `vault/storage`; then none may be made.
   */
  async begin(): Promise<void> {
    const { failures, left } = await this.#look();
    if (left > 0) throw new VaultRefusal('vault/wait');
    await this.#keep({ failures: failures + 1, left: delayAfter(failures + 1) });
  }

  /** The person got in: all is forgotten. @throws VaultRefusal `vault/storage` */
  async forget(): Promise<void> {
    await guarded(() => this.#store.remove(KEPT));
  }

  async #look(): Promise<Kept> {
    const kept = checked(await guarded(() => this.#store.get(KEPT)));
    const now = this.#elapsed();
    // A clock that goes back after all adds nothing.
    const passed = Math.max(0, now - (this.#since ?? now));
    const left = Math.max(0, kept.left - passed);
    if (left !== kept.left) await this.#keep({ ...kept, left });
    this.#since = now;
    return { ...kept, left };
  }

  async #keep(kept: Kept): Promise<void> {
    await guarded(() => this.#store.set(KEPT, kept));
    this.#since = this.#elapsed();
  }
}

/** Milliseconds to wait after that many failures: none at first, then 5 s, doubled each time. */
export function delayAfter(failures: number): number {
  if (failures <= FREE) return 0;
  return Math.min(LONGEST_WAIT, FIRST * 2 ** Math.min(failures - FREE - 1, 10));
}

/** What is no count of ours counts as the most. */
function checked(value: unknown): Kept {
  if (value === undefined) return { failures: 0, left: 0 };
  const { failures, left } = (value ?? {}) as Partial<Kept>;
  const fine = Number.isSafeInteger(failures) && (failures as number) >= 0 && (left as number) >= 0;
  if (!fine) return { failures: FREE + 10, left: LONGEST_WAIT };
  return { failures: failures as number, left: Math.min(left as number, LONGEST_WAIT) };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    throw new VaultRefusal('vault/storage');
  }
}
