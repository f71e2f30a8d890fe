import type { Browser } from 'webextension-polyfill';
import type { StoredDecision } from '../sharing/types.ts';
import type { PageAnswer } from '../site/wire.ts';
import { Answered } from './answered.ts';
import { Missed } from './missed.ts';
import { type Pending, PendingStore } from './pending.ts';
import { PromptWindows } from './prompt-window.ts';
import { Throttle } from './throttle.ts';

/** What a page is told unless the answer is its response: one answer for everything that is not malformed. */
export const REFUSED: PageAnswer = { error: 'NotAllowedError' };

/** What the worker remembers in `storage.session`, and its windows; nothing of it is only in the worker. */
export class Memory {
  readonly pending: PendingStore;
  readonly throttle: Throttle;
  readonly answered: Answered;
  readonly missed: Missed;
  readonly windows: PromptWindows;

  constructor(browser: Browser) {
    this.pending = new PendingStore(browser);
    this.throttle = new Throttle(browser);
    this.answered = new Answered(browser);
    this.missed = new Missed(browser);
    this.windows = new PromptWindows(browser);
  }

  /** Changes a request that is in one of these states, and no other. */
  async move(
    key: string,
    from: readonly Pending['state'][],
    change: (current: Pending) => Pending,
  ): Promise<void> {
    await this.pending.change(key, (current) =>
      current !== undefined && from.includes(current.state) ? change(current) : current,
    );
  }

  /** The first decision stands. */
  decided(key: string, decision: StoredDecision): Promise<void> {
    return this.move(key, ['asking'], (current) =>
      current.cancelled ? current : { ...current, state: 'decided', decision },
    );
  }

  /** The answer nobody gave, at its drawn time. */
  silence(key: string): Promise<void> {
    return this.move(key, ['checking', 'locked', 'asking'], (current) => ({
      ...current,
      state: 'answered',
      asked: { ...current.asked, request: '' },
      answer: REFUSED,
      answerAt: current.due,
    }));
  }

  /** Brings the badge up to date. */
  async badge(now: number): Promise<void> {
    await this.missed.badge(await this.pending.all(), now);
  }
}
