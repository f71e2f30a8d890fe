import type { Browser } from 'webextension-polyfill';
import type { DecideResult } from '../messages.ts';
import type { Asked, Step, StoredDecision } from '../sharing/types.ts';
import type { PageAnswer } from '../site/wire.ts';
import { Serial } from './serial.ts';

/**
 * One request of one document, from the moment the gate let it in until the page has taken its answer. JSON in
 * `storage.session`: it survives the worker and never the browser, and holds no value of the person's in clear.
 *
 * `checking` → `locked` (waits for an unlock) → `checking`; `checking` → `asking` (the prompt) → `decided` → `answered`.
 * Every state may become `answered`, which means only the delivery is left.
 */
export type Pending = {
  /** `request` is emptied once nothing needs it. */
  asked: Asked;
  state: 'checking' | 'locked' | 'asking' | 'decided' | 'answered';
  /** The document, and the page's own name for the request. */
  tabId: number;
  documentId?: string;
  id: string;
  /** The person had just clicked or typed in the page. */
  clicked: boolean;
  /** Milliseconds. `due`: when silence is answered, drawn at `since`. */
  since: number;
  due: number;
  /** The request as `Answered` knows it, and its `exp`. */
  requestId: string;
  exp: number;
  windowId?: number;
  decision?: StoredDecision;
  step?: Step;
  /** Milliseconds: from here on, 60 s to deliver. */
  registeredAt?: number;
  answer?: PageAnswer;
  /** Milliseconds; not delivered before. */
  answerAt?: number;
  outcome?: DecideResult;
  /** The document no longer waits (its signal) or is gone; whatever is registered must be withdrawn. */
  cancelled?: 'taken-back' | 'left';
};

/** What is left of a request for a while, so that neither page nor prompt can start it again. */
export type Over = { until: number; outcome: DecideResult };

/** Milliseconds an `Over` is kept: the longest life of a request, and its clock skew. */
export const OVER_KEPT = 16 * 60_000;
/** Tombstones kept; the oldest makes room. A page must not be able to fill the session memory that holds the vault's key. */
export const OVER_MOST = 256;
/** Requests of one site that may be open at the same time, for the same reason; one of them is shown. */
export const OPEN_MOST = 32;

const PENDING = 'pending/';
const OVER = 'over';

export class PendingStore {
  readonly #area: Browser['storage']['session'];
  readonly #serial = new Serial();

  constructor(browser: Browser) {
    this.#area = browser.storage.session;
  }

  async get(key: string): Promise<Pending | undefined> {
    const name = PENDING + key;
    return (await this.#area.get(name))[name] as Pending | undefined;
  }

  async all(): Promise<Pending[]> {
    const everything = await this.#area.get(null);
    return Object.entries(everything)
      .filter(([name]) => name.startsWith(PENDING))
      .map(([, record]) => record as Pending);
  }

  /**
   * Reads, changes and writes with no other write in between; stored when it resolves. `change` may return what it was
   * given, and nothing is written.
   */
  change<R extends Pending | undefined>(
    key: string,
    change: (current: Pending | undefined) => R,
  ): Promise<R> {
    return this.#serial.run(async () => {
      const current = await this.get(key);
      const next = change(current);
      if (next !== undefined && next !== current) await this.#area.set({ [PENDING + key]: next });
      return next;
    });
  }

  /**
   * A new request, unless it is known: then nothing changes.
   * @returns what it meets: `over` when it has ended before, `full` when its site has too many open
   */
  create(record: Pending): Promise<'pending' | 'over' | 'full'> {
    const { key, origin } = record.asked;
    return this.#serial.run(async () => {
      if (Object.hasOwn(await this.#tombstones(), key)) return 'over';
      if ((await this.get(key)) !== undefined) return 'pending';
      const open = (await this.all()).filter(({ asked }) => asked.origin === origin);
      if (open.length >= OPEN_MOST) return 'full';
      await this.#area.set({ [PENDING + key]: record });
      return 'pending';
    });
  }

  /** The end of a request: the tombstone is there before the record is gone. */
  bury(key: string, over: Over, now: number): Promise<void> {
    return this.#serial.run(async () => {
      const others = Object.entries(await this.#tombstones()).filter(
        ([other, { until }]) => other !== key && until > now,
      );
      const kept = [[key, over] as const, ...others].slice(0, OVER_MOST);
      await this.#area.set({ [OVER]: Object.fromEntries(kept) });
      await this.#area.remove(PENDING + key);
    });
  }

  async over(key: string): Promise<Over | undefined> {
    const tombstones = await this.#tombstones();
    return Object.hasOwn(tombstones, key) ? tombstones[key] : undefined;
  }

  async #tombstones(): Promise<Record<string, Over>> {
    return ((await this.#area.get(OVER))[OVER] ?? {}) as Record<string, Over>;
  }
}
