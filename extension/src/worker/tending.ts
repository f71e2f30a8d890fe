import type { DecideResult } from '../messages.ts';
import { isSiteBlocked } from '../site/block-list.ts';
import { isConnected } from '../site/connections.ts';
import type { PageAnswer } from '../site/wire.ts';
import { ANSWER_TIME } from './answer-time.ts';
import { type Memory, REFUSED } from './memory.ts';
import { siteOf } from './missed.ts';
import { OVER_KEPT, type Pending } from './pending.ts';
import type { Ports } from './ports.ts';
import { tell } from './relays.ts';

/** Milliseconds from registration in which the page must have taken its answer (SPEC §7.2). */
export const DELIVERY_TIME = 60_000;
/** Milliseconds between two attempts to deliver, or after a step that failed for no reason of the protocol. */
const AGAIN = 1_000;
/** Milliseconds that the wait after such a failure grows to: then the alarm comes as often. */
const LONGEST_WAIT = 30_000;
/** Milliseconds a clock may be corrected by without anything ending early. */
const CLOCK_SKEW = 60_000;
/** Milliseconds after which nobody waits for a refusal any more. */
const REFUSAL_KEPT = 5 * 60_000;
export const GONE: DecideResult = { outcome: 'failed', reason: 'page-gone' };
const EXPIRED: DecideResult = { outcome: 'failed', reason: 'request-expired' };

/**
 * The state machine of a pending request. `tend` brings it one state further for as long as it can, and may be called
 * at any time by anything: a message, a timer, an alarm, a start of the worker.
 */
export class Tending {
  readonly #ports: Ports;
  readonly #memory: Memory;
  readonly #tending = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Milliseconds waited last after a failure. */
  readonly #failing = new Map<string, number>();
  readonly #waiters = new Map<string, Set<(outcome: DecideResult) => void>>();

  constructor(ports: Ports, memory: Memory) {
    this.#ports = ports;
    this.#memory = memory;
  }

  /** Brings the request as far as it can be brought now. Never fails; what failed is tried again. No step awaits it. */
  tend(key: string): Promise<void> {
    const running = this.#tending.get(key);
    if (running !== undefined) {
      this.#again.add(key);
      return running;
    }
    const run = this.#tendNow(key);
    this.#tending.set(key, run);
    return run;
  }

  async #tendNow(key: string): Promise<void> {
    try {
      do this.#again.delete(key);
      while ((await this.#step(key)) || this.#again.has(key));
      this.#failing.delete(key);
    } catch {
      const wait = Math.min(LONGEST_WAIT, 2 * (this.#failing.get(key) ?? AGAIN / 2));
      this.#failing.set(key, wait);
      this.#schedule(key, this.#ports.now() + wait);
    } finally {
      // Together with the last look at `again`, so that no call falls between.
      this.#tending.delete(key);
    }
  }

  /** What the prompt is told, as soon as it is known. */
  async outcome(key: string): Promise<DecideResult> {
    const settled = new Promise<DecideResult>((resolve) => {
      const waiters = this.#waiters.get(key) ?? new Set();
      this.#waiters.set(key, waiters.add(resolve));
    });
    const record = await this.#memory.pending.get(key);
    if (record === undefined)
      this.#settle(key, (await this.#memory.pending.over(key))?.outcome ?? GONE);
    else if (record.outcome !== undefined) this.#settle(key, record.outcome);
    else if (record.decision === undefined) this.#settle(key, record.cancelled ? GONE : EXPIRED);
    return settled;
  }

  #settle(key: string, outcome: DecideResult): void {
    for (const resolve of this.#waiters.get(key) ?? []) resolve(outcome);
    this.#waiters.delete(key);
  }

  /** The end of a request, by whatever way. */
  async bury(key: string, outcome: DecideResult): Promise<void> {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    const now = this.#ports.now();
    await this.#memory.pending.bury(key, { until: now + OVER_KEPT, outcome }, now);
    this.#settle(key, outcome);
  }

  /** @returns whether there may be more to do at once */
  async #step(key: string): Promise<boolean> {
    const record = await this.#memory.pending.get(key);
    if (record === undefined) return false;
    if (record.cancelled && record.decision === undefined) {
      // Or a page could open and take back prompts without end.
      if (record.windowId !== undefined)
        await this.#memory.throttle.count(record.cancelled, record, this.#ports.now());
      await this.bury(key, record.outcome ?? GONE);
      return false;
    }
    switch (record.state) {
      case 'checking':
        return this.#check(record);
      case 'locked':
        return this.#awaitUnlock(record);
      case 'asking':
        return this.#show(record);
      case 'decided':
        return this.#carryOut(record);
      case 'answered':
        return this.#deliver(record);
    }
  }

  /** Steps (2) and (3) of SPEC §3: everything that is not the person's word is met with the same silence. */
  async #check(record: Pending): Promise<boolean> {
    const { sharing, vault, browser, now } = this.#ports;
    const { asked, tabId } = record;
    // The state before: a vault that is unlocked meanwhile has not had its say, and is asked once more.
    const state = await vault.state();
    const prepared = await sharing.prepare(asked).catch(() => ({ ok: false }) as const);
    const silent =
      !prepared.ok ||
      state === 'newer' ||
      !(await isConnected(browser, { origin: asked.origin, tabId })) ||
      (await this.#memory.throttle.isSilent(record, now())) ||
      (await this.#memory.answered.byAnother(record.requestId, asked.key)) ||
      (await this.#hasEarlier(record)) ||
      (state === 'unlocked' && (await isSiteBlocked(vault, asked.origin).catch(() => true)));
    if (silent) return this.#silence(asked.key);
    const next = state === 'unlocked' ? 'asking' : 'locked';
    await this.#memory.move(asked.key, ['checking'], (current) => ({ ...current, state: next }));
    await this.#memory.missed.remove(siteOf(record));
    await this.#memory.badge(now());
    return true;
  }

  /** One pending request for each site. */
  async #hasEarlier({ asked, since }: Pending): Promise<boolean> {
    return (await this.#memory.pending.all()).some(
      (other) =>
        other.asked.origin === asked.origin &&
        other.asked.key !== asked.key &&
        other.state !== 'answered' &&
        !other.cancelled &&
        (other.since < since || (other.since === since && other.asked.key < asked.key)),
    );
  }

  async #awaitUnlock(record: Pending): Promise<boolean> {
    const { vault, now } = this.#ports;
    const { key } = record.asked;
    if ((await vault.state()) === 'unlocked') {
      await this.#memory.move(key, ['locked'], (current) => ({ ...current, state: 'checking' }));
    } else if (isAhead(record.due, now())) {
      await this.#memory.badge(this.#ports.now());
      this.#schedule(key, record.due);
      return false;
    } else {
      await this.#memory.missed.add(siteOf(record), now());
      await this.#silence(key);
    }
    await this.#memory.badge(this.#ports.now());
    return true;
  }

  async #show(record: Pending): Promise<boolean> {
    const { key } = record.asked;
    if (record.windowId !== undefined) {
      if (await this.#memory.windows.exists(record.windowId)) return false;
      await this.#memory.decided(key, { share: false });
      return true;
    }
    const windowId =
      (await this.#memory.windows.find(key)) ?? (await this.#memory.windows.open(key));
    await this.#memory.pending.change(key, (current) =>
      current && windowId !== undefined && current.windowId === undefined
        ? { ...current, windowId }
        : current,
    );
    // The page may have gone while the window opened, and then nobody knew what to close.
    if ((await this.#memory.pending.get(key))?.state !== 'asking' && windowId !== undefined) {
      await this.#memory.windows.close(windowId);
    }
    return false;
  }

  async #carryOut(record: Pending): Promise<boolean> {
    const { asked, decision, step, requestId, exp, due } = record;
    const { sharing, now } = this.#ports;
    const { key } = asked;
    await this.#memory.answered.mark(requestId, key, exp, now());
    if (!decision?.share) {
      await this.#memory.throttle.count('refused', record, now());
      await sharing.refused(asked).catch(() => undefined);
      return this.#answer(key, REFUSED, now(), { outcome: 'refused' });
    }
    const save = async (next: NonNullable<typeof step>) => {
      const registered = next.name === 'registered' ? { registeredAt: now() } : {};
      await this.#memory.pending.change(
        key,
        (current) => current && { ...current, step: next, ...registered },
      );
    };
    const advanced = await sharing.advance(asked, decision, step ?? null, save, () =>
      this.#alive(key),
    );
    if ('response' in advanced) return this.#answer(key, advanced.response, 0);
    return this.#answer(key, REFUSED, Math.max(due, now()), {
      outcome: 'failed',
      reason: advanced.failed,
    });
  }

  async #deliver(record: Pending): Promise<boolean> {
    const { sharing, browser, now } = this.#ports;
    const { asked, id, answer = REFUSED, answerAt = 0, step = null, cancelled } = record;
    const { key } = asked;
    if (isAhead(answerAt, now()) && !cancelled) {
      this.#schedule(key, answerAt);
      return false;
    }
    const reply = cancelled
      ? 'gone'
      : await tell(browser, record, { zusage: 'answer', id, answer });
    if ('error' in answer) {
      if (reply === null && isWithin(now(), answerAt, REFUSAL_KEPT))
        this.#schedule(key, now() + AGAIN);
      else await this.bury(key, record.outcome ?? EXPIRED);
    } else if (reply === 'taken') {
      await sharing.delivered(asked);
      await this.bury(key, { outcome: 'shared' });
    } else if (reply === 'gone') {
      await sharing.abandon(asked, step, 'page-gone');
      await this.bury(key, GONE);
    } else if (isWithin(now(), record.registeredAt ?? 0, DELIVERY_TIME)) {
      this.#schedule(key, now() + AGAIN);
    } else {
      await sharing.withdrawUndelivered(asked, step);
      await this.bury(key, GONE);
    }
    return false;
  }

  /** Immediately before registering: the document still exists and still waits. */
  async #alive(key: string): Promise<boolean> {
    const record = await this.#memory.pending.get(key);
    if (record === undefined || record.cancelled) return false;
    const { browser } = this.#ports;
    return (await tell(browser, record, { zusage: 'alive', id: record.id })) === 'alive';
  }

  async #silence(key: string): Promise<boolean> {
    await this.#memory.silence(key);
    return true;
  }

  async #answer(
    key: string,
    answer: PageAnswer,
    answerAt: number,
    outcome?: DecideResult,
  ): Promise<boolean> {
    await this.#memory.move(key, ['decided'], (current) => ({
      ...current,
      state: 'answered',
      answer,
      answerAt,
      ...(outcome === undefined ? {} : { outcome }),
    }));
    if (outcome !== undefined) this.#settle(key, outcome);
    return true;
  }

  #schedule(key: string, at: number): void {
    clearTimeout(this.#timers.get(key));
    const wait = Math.max(0, at - this.#ports.now());
    this.#timers.set(
      key,
      setTimeout(() => void this.tend(key), wait),
    );
  }
}

/**
 * Is a drawn time still to come? Farther ahead than any that is drawn, it was drawn before the clock was put back, and
 * nobody waits for that.
 */
function isAhead(at: number, now: number): boolean {
  return now < at && at - now <= ANSWER_TIME.longest;
}

/** Likewise: a clock put back must not make a time limit longer. */
function isWithin(now: number, from: number, limit: number): boolean {
  return now < from + limit && now >= from - CLOCK_SKEW;
}
