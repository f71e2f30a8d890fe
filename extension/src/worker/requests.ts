import { isZusageError } from '@zusage/protocol/errors';
import { allowLoopback } from '@zusage/protocol/origin';
import { type ParsedRequest, parseRequest } from '@zusage/protocol/request';
import type { DecideResult, Decision, PromptView, Status } from '../messages.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { StoredDecision } from '../sharing/types.ts';
import { isSiteBlocked } from '../site/block-list.ts';
import type { Admitted } from '../site/gate.ts';
import type { AskReply, PageAnswer } from '../site/wire.ts';
import { drawAnswerTime } from './answer-time.ts';
import { Answered, requestId } from './answered.ts';
import { Missed, siteOf } from './missed.ts';
import { OVER_KEPT, type Pending, PendingStore } from './pending.ts';
import type { Ports } from './ports.ts';
import { PromptWindows } from './prompt-window.ts';
import { tell } from './relays.ts';
import { Throttle } from './throttle.ts';

const REFUSED: PageAnswer = { error: 'NotAllowedError' };
const MALFORMED: PageAnswer = { error: 'TypeError' };
/** Milliseconds from registration in which the page must have taken its answer (PROTOCOL §6.4). */
export const DELIVERY_TIME = 60_000;
/** Milliseconds between two attempts to deliver, or after a step that failed for no reason of the protocol. */
const AGAIN = 1_000;
/** Milliseconds after which nobody waits for a refusal any more. */
const REFUSAL_KEPT = 5 * 60_000;
const GONE: DecideResult = { outcome: 'failed', reason: 'page-gone' };
const EXPIRED: DecideResult = { outcome: 'failed', reason: 'request-expired' };
export const TIDY = 'tidy';

/**
 * The pending requests (DESIGN §3, "A pending request that survives everything"). Each is a record; `tend` brings it
 * one state further for as long as it can, and may be called at any time by anything: a message, a timer, an alarm, a
 * start of the worker. Nothing that matters is only in memory.
 */
export class Requests {
  readonly #ports: Ports;
  readonly #store: PendingStore;
  readonly #throttle: Throttle;
  readonly #answered: Answered;
  readonly #missed: Missed;
  readonly #windows: PromptWindows;
  readonly #tending = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #waiters = new Map<string, Set<(outcome: DecideResult) => void>>();

  constructor(ports: Ports) {
    const { browser } = ports;
    this.#ports = ports;
    this.#store = new PendingStore(browser);
    this.#throttle = new Throttle(browser);
    this.#answered = new Answered(browser);
    this.#missed = new Missed(browser);
    this.#windows = new PromptWindows(browser);
  }

  /** Idempotent: asked again about what it knows, it looks after it and says the same. */
  async ask(from: Admitted, id: string, request: string): Promise<AskReply> {
    const key = keyOf(from, id);
    // Step (1) of PROTOCOL §3 comes before anything that depends on a state.
    const parsed = await this.#parse(request, from.origin);
    if (parsed === null) return MALFORMED;
    if ((await this.#store.over(key)) !== undefined) return REFUSED;
    const since = this.#ports.now();
    const due = since + drawAnswerTime(this.#ports.random, await this.#ports.answerDivisor());
    const created: Pending = {
      asked: { key, origin: from.origin, request, at: Math.floor(since / 1000) },
      state: 'checking',
      tabId: from.tabId,
      ...(from.documentId === undefined ? {} : { documentId: from.documentId }),
      id,
      since,
      due,
      requestId: await requestId(parsed),
      exp: parsed.payload.exp,
    };
    await this.#store.change(key, (current) => current ?? created);
    await this.#ports.browser.alarms.create(TIDY, { periodInMinutes: 0.5 });
    void this.tend(key);
    return 'pending';
  }

  /** The page's signal, or the end of its document. */
  async cancel(key: string): Promise<void> {
    const record = await this.#store.change(
      key,
      (current) => current && { ...current, cancelled: true },
    );
    if (record === undefined) {
      if ((await this.#store.over(key)) === undefined) await this.#bury(key, GONE);
      return;
    }
    if (record.decision === undefined && record.windowId !== undefined) {
      await this.#windows.close(record.windowId);
    }
    await this.tend(key);
  }

  /** A window that closes without a decision is a refusal. */
  async windowClosed(windowId: number): Promise<void> {
    for (const record of await this.#store.all()) {
      if (record.windowId !== windowId) continue;
      await this.#decided(record.asked.key, { share: false });
      await this.tend(record.asked.key);
    }
  }

  async tabClosed(tabId: number): Promise<void> {
    for (const { asked, ...record } of await this.#store.all()) {
      if (record.tabId === tabId) await this.cancel(asked.key);
    }
  }

  /** Something loads in the tab: is the document still there? */
  async tabLoads(tabId: number): Promise<void> {
    for (const record of await this.#store.all()) {
      if (record.tabId !== tabId) continue;
      const reply = await tell(this.#ports.browser, record, { zusage: 'alive', id: record.id });
      if (reply === 'gone') await this.cancel(record.asked.key);
    }
  }

  /** At every start of the worker, every alarm and every unlock. */
  async tendAll(): Promise<void> {
    const { browser, now } = this.#ports;
    await this.#store.forget(now());
    const records = await this.#store.all();
    await Promise.all(records.map(({ asked }) => this.tend(asked.key)));
    await this.#badge();
    if ((await this.#store.all()).length === 0) await browser.alarms.clear(TIDY);
  }

  async status(): Promise<Pick<Status, 'waiting' | 'missed'>> {
    const waiting = (await this.#store.all())
      .filter(({ state, cancelled }) => (state === 'locked' || state === 'asking') && !cancelled)
      .sort((one, other) => one.since - other.since)
      .map((record) => ({ id: record.asked.key, site: siteOf(record) }));
    return { waiting, missed: await this.#missed.hosts(this.#ports.now()) };
  }

  /** @throws CommandFailure `unknown` when nothing waits under this id */
  async openApproval(key: string): Promise<void> {
    await this.tend(key);
    const record = await this.#store.get(key);
    if (record?.state !== 'asking') throw new CommandFailure('unknown');
    if (record.windowId !== undefined) await this.#windows.focus(record.windowId);
  }

  /** @throws CommandFailure `locked` and whatever `promptView` throws, except for a request that is now refused */
  async prompt(key: string, windowId: number): Promise<PromptView | 'duplicate' | null> {
    const record = await this.#store.get(key);
    if (record?.state !== 'asking' || record.cancelled) return null;
    const other = record.windowId;
    if (other !== undefined && other !== windowId && (await this.#windows.exists(other))) {
      return 'duplicate';
    }
    await this.#store.change(key, (current) => current && { ...current, windowId });
    try {
      return await this.#ports.sharing.promptView(record.asked);
    } catch (error) {
      if (!(error instanceof CommandFailure) || error.code !== 'unknown') throw error;
      await this.#silence(key);
      void this.tend(key);
      return null;
    }
  }

  /**
   * The first decision stands; asked again it answers the same.
   * @throws CommandFailure when nothing is decided: the person may correct what they entered
   */
  async decide(key: string, decision: Decision): Promise<DecideResult> {
    const record = await this.#store.get(key);
    if (record?.state === 'asking' && !record.cancelled) {
      const stored: StoredDecision = decision.share
        ? await this.#ports.sharing.decide(record.asked, decision)
        : { share: false };
      await this.#decided(key, stored);
    }
    const outcome = this.#outcome(key);
    void this.tend(key);
    return outcome;
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
    } catch {
      this.#schedule(key, this.#ports.now() + AGAIN);
    } finally {
      // Together with the last look at `again`, so that no call falls between.
      this.#tending.delete(key);
    }
  }

  /** @returns whether there may be more to do at once */
  async #step(key: string): Promise<boolean> {
    const record = await this.#store.get(key);
    if (record === undefined) return false;
    if (record.cancelled && record.decision === undefined) {
      await this.#bury(key, record.outcome ?? GONE);
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

  /** Steps (2) and (3) of PROTOCOL §3: everything that is not the person's word is met with the same silence. */
  async #check(record: Pending): Promise<boolean> {
    const { sharing, vault, now } = this.#ports;
    const { asked } = record;
    // The state before: a vault that is unlocked meanwhile has not had its say, and is asked once more.
    const state = await vault.state();
    const prepared = await sharing.prepare(asked).catch(() => ({ ok: false }) as const);
    const silent =
      !prepared.ok ||
      state === 'newer' ||
      (await this.#throttle.isSilent(asked.origin, now())) ||
      (await this.#answered.byAnother(record.requestId, asked.key)) ||
      (await this.#hasEarlier(record)) ||
      (state === 'unlocked' && (await isSiteBlocked(vault, asked.origin).catch(() => true)));
    if (silent) return this.#silence(asked.key);
    const next = state === 'unlocked' ? 'asking' : 'locked';
    await this.#move(asked.key, ['checking'], (current) => ({ ...current, state: next }));
    await this.#missed.remove(siteOf(record));
    return true;
  }

  /** One pending request for each site. */
  async #hasEarlier({ asked, since }: Pending): Promise<boolean> {
    return (await this.#store.all()).some(
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
      await this.#move(key, ['locked'], (current) => ({ ...current, state: 'checking' }));
    } else if (now() < record.due) {
      await this.#badge();
      this.#schedule(key, record.due);
      return false;
    } else {
      await this.#missed.add(siteOf(record), now());
      await this.#silence(key);
    }
    await this.#badge();
    return true;
  }

  async #show(record: Pending): Promise<boolean> {
    const { key } = record.asked;
    if (record.windowId !== undefined) {
      if (await this.#windows.exists(record.windowId)) return false;
      await this.#decided(key, { share: false });
      return true;
    }
    const windowId = (await this.#windows.find(key)) ?? (await this.#windows.open(key));
    await this.#store.change(key, (current) =>
      current && windowId !== undefined && current.windowId === undefined
        ? { ...current, windowId }
        : current,
    );
    // The page may have gone while the window opened, and then nobody knew what to close.
    if ((await this.#store.get(key))?.state !== 'asking' && windowId !== undefined) {
      await this.#windows.close(windowId);
    }
    return false;
  }

  async #carryOut({ asked, decision, step, requestId, exp, due }: Pending): Promise<boolean> {
    const { sharing, now } = this.#ports;
    const { key } = asked;
    await this.#answered.mark(requestId, key, exp, now());
    if (!decision?.share) {
      await this.#throttle.count(asked.origin, now());
      await sharing.refused(asked).catch(() => undefined);
      return this.#answer(key, REFUSED, now(), { outcome: 'refused' });
    }
    const save = async (next: NonNullable<typeof step>) => {
      const registered = next.name === 'registered' ? { registeredAt: now() } : {};
      await this.#store.change(
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
    if (now() < answerAt && !cancelled) {
      this.#schedule(key, answerAt);
      return false;
    }
    const reply = cancelled
      ? 'gone'
      : await tell(browser, record, { zusage: 'answer', id, answer });
    if ('error' in answer) {
      if (reply === null && now() < answerAt + REFUSAL_KEPT) this.#schedule(key, now() + AGAIN);
      else await this.#bury(key, record.outcome ?? EXPIRED);
    } else if (reply === 'taken') {
      await sharing.delivered(asked);
      await this.#bury(key, { outcome: 'shared' });
    } else if (reply === 'gone') {
      await sharing.abandon(asked, step, 'page-gone');
      await this.#bury(key, GONE);
    } else if (now() < (record.registeredAt ?? 0) + DELIVERY_TIME) {
      this.#schedule(key, now() + AGAIN);
    } else {
      await sharing.withdrawUndelivered(asked, step);
      await this.#bury(key, GONE);
    }
    return false;
  }

  /** Immediately before registering: the document still exists and still waits. */
  async #alive(key: string): Promise<boolean> {
    const record = await this.#store.get(key);
    if (record === undefined || record.cancelled) return false;
    const { browser } = this.#ports;
    return (await tell(browser, record, { zusage: 'alive', id: record.id })) === 'alive';
  }

  #decided(key: string, decision: StoredDecision): Promise<unknown> {
    return this.#move(key, ['asking'], (current) =>
      current.cancelled ? current : { ...current, state: 'decided', decision },
    );
  }

  /** The answer nobody gave, at its drawn time. */
  async #silence(key: string): Promise<boolean> {
    await this.#move(key, ['checking', 'locked', 'asking'], (current) => ({
      ...current,
      state: 'answered',
      asked: { ...current.asked, request: '' },
      answer: REFUSED,
      answerAt: current.due,
    }));
    return true;
  }

  async #answer(
    key: string,
    answer: PageAnswer,
    answerAt: number,
    outcome?: DecideResult,
  ): Promise<boolean> {
    await this.#move(key, ['decided'], (current) => ({
      ...current,
      state: 'answered',
      answer,
      answerAt,
      ...(outcome === undefined ? {} : { outcome }),
    }));
    if (outcome !== undefined) this.#settle(key, outcome);
    return true;
  }

  #move(
    key: string,
    from: readonly Pending['state'][],
    change: (current: Pending) => Pending,
  ): Promise<unknown> {
    return this.#store.change(key, (current) =>
      current !== undefined && from.includes(current.state) ? change(current) : current,
    );
  }

  async #bury(key: string, outcome: DecideResult): Promise<void> {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    await this.#store.bury(key, { until: this.#ports.now() + OVER_KEPT, outcome });
    this.#settle(key, outcome);
  }

  /** What the prompt is told, as soon as it is known. */
  async #outcome(key: string): Promise<DecideResult> {
    const settled = new Promise<DecideResult>((resolve) => {
      const waiters = this.#waiters.get(key) ?? new Set();
      this.#waiters.set(key, waiters.add(resolve));
    });
    const record = await this.#store.get(key);
    if (record === undefined) this.#settle(key, (await this.#store.over(key))?.outcome ?? GONE);
    else if (record.outcome !== undefined) this.#settle(key, record.outcome);
    else if (record.decision === undefined) this.#settle(key, record.cancelled ? GONE : EXPIRED);
    return settled;
  }

  #settle(key: string, outcome: DecideResult): void {
    for (const resolve of this.#waiters.get(key) ?? []) resolve(outcome);
    this.#waiters.delete(key);
  }

  async #badge(): Promise<void> {
    await this.#missed.badge(await this.#store.all(), this.#ports.now());
  }

  #schedule(key: string, at: number): void {
    clearTimeout(this.#timers.get(key));
    const wait = Math.max(0, at - this.#ports.now());
    this.#timers.set(
      key,
      setTimeout(() => void this.tend(key), wait),
    );
  }

  async #parse(request: string, origin: string): Promise<ParsedRequest | null> {
    try {
      return await parseRequest(request, { origin, [allowLoopback]: this.#ports.loopback });
    } catch (error) {
      if (isZusageError(error)) return null;
      throw error;
    }
  }
}

/** `tab:document:id`; a browser that names no documents leaves the middle empty, and `id` is random. */
export function keyOf({ tabId, documentId = '' }: Admitted, id: string): string {
  return `${tabId}:${documentId}:${id}`;
}
