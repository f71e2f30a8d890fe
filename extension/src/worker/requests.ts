import { isZusageError } from '@zusage/protocol/errors';
import { allowLoopback } from '@zusage/protocol/origin';
import { type ParsedRequest, parseRequest } from '@zusage/protocol/request';
import type { DecideResult, Decision, PromptView, Status } from '../messages.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { StoredDecision } from '../sharing/types.ts';
import type { Admitted } from '../site/gate.ts';
import type { AskReply, PageAnswer, RelayMessage } from '../site/wire.ts';
import { drawAnswerTime } from './answer-time.ts';
import { requestId } from './answered.ts';
import { Memory, REFUSED } from './memory.ts';
import { siteOf } from './missed.ts';
import type { Pending } from './pending.ts';
import type { Ports } from './ports.ts';
import { tell } from './relays.ts';
import { GONE, Tending } from './tending.ts';

const MALFORMED: PageAnswer = { error: 'TypeError' };
/** The alarm that looks after what is pending when no timer of a worker has lived long enough. */
export const TIDY = 'tidy';

type Ask = Pick<RelayMessage & { zusage: 'ask' }, 'id' | 'request' | 'clicked'>;

/**
 * The pending requests, as pages, prompts and the browser
 * meet them. Each is a record in `storage.session`; nothing that matters is only in memory.
 */
export class Requests {
  readonly #ports: Ports;
  readonly #memory: Memory;
  readonly #tending: Tending;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#memory = new Memory(ports.browser);
    this.#tending = new Tending(ports, this.#memory);
  }

  /** Idempotent: asked again about what it knows, it looks after it and says the same. */
  async ask(from: Admitted, { id, request, clicked }: Ask): Promise<AskReply> {
    const key = keyOf(from, id);
    // Step (1) of SPEC §3 comes before anything that depends on a state.
    const parsed = await this.#parse(request, from.origin);
    if (parsed === null) return MALFORMED;
    const since = this.#ports.now();
    const due = since + drawAnswerTime(this.#ports.random, await this.#ports.answerDivisor());
    const created: Pending = {
      asked: { key, origin: from.origin, request, at: Math.floor(since / 1000) },
      state: 'checking',
      tabId: from.tabId,
      ...(from.documentId === undefined ? {} : { documentId: from.documentId }),
      id,
      clicked,
      since,
      due,
      requestId: await requestId(parsed),
      exp: parsed.payload.exp,
    };
    // What is over stays over; and a site that floods us learns nothing from hearing so at once.
    if ((await this.#memory.pending.create(created)) !== 'pending') return REFUSED;
    await this.#ports.browser.alarms.create(TIDY, { periodInMinutes: 0.5 });
    void this.tend(key);
    return 'pending';
  }

  /** The page's signal, or the end of its document; the first stands. */
  async cancel(key: string, how: NonNullable<Pending['cancelled']>): Promise<void> {
    const record = await this.#memory.pending.change(
      key,
      (current) => current && { ...current, cancelled: current.cancelled ?? how },
    );
    if (record === undefined) {
      if ((await this.#memory.pending.over(key)) === undefined) await this.#tending.bury(key, GONE);
      return;
    }
    if (record.decision === undefined && record.windowId !== undefined) {
      await this.#memory.windows.close(record.windowId);
    }
    await this.tend(key);
  }

  /** A window that closes without a decision is a refusal. */
  async windowClosed(windowId: number): Promise<void> {
    for (const record of await this.#memory.pending.all()) {
      if (record.windowId !== windowId) continue;
      await this.#memory.decided(record.asked.key, { share: false });
      await this.tend(record.asked.key);
    }
  }

  async tabClosed(tabId: number): Promise<void> {
    for (const { asked, ...record } of await this.#memory.pending.all()) {
      if (record.tabId === tabId) await this.cancel(asked.key, 'left');
    }
  }

  /** Something loads in the tab: is the document still there? */
  async tabLoads(tabId: number): Promise<void> {
    for (const record of await this.#memory.pending.all()) {
      if (record.tabId !== tabId) continue;
      const reply = await tell(this.#ports.browser, record, { zusage: 'alive', id: record.id });
      if (reply === 'gone') await this.cancel(record.asked.key, 'left');
    }
  }

  /** At every start of the worker, every alarm and every unlock. */
  async tendAll(): Promise<void> {
    const { browser, now } = this.#ports;
    const records = await this.#memory.pending.all();
    await Promise.all(records.map(({ asked }) => this.tend(asked.key)));
    await this.#memory.badge(now());
    if ((await this.#memory.pending.all()).length === 0) await browser.alarms.clear(TIDY);
  }

  badge(): Promise<void> {
    return this.#memory.badge(this.#ports.now());
  }

  async status(): Promise<Pick<Status, 'waiting' | 'missed'>> {
    const waiting = (await this.#memory.pending.all())
      .filter(({ state, cancelled }) => (state === 'locked' || state === 'asking') && !cancelled)
      .sort((one, other) => one.since - other.since)
      .map((record) => ({ id: record.asked.key, site: siteOf(record) }));
    return { waiting, missed: await this.#memory.missed.hosts(this.#ports.now()) };
  }

  /** @throws CommandFailure `unknown` when nothing waits under this id */
  async openApproval(key: string): Promise<void> {
    await this.tend(key);
    const record = await this.#memory.pending.get(key);
    if (record?.state !== 'asking') throw new CommandFailure('unknown');
    if (record.windowId !== undefined) await this.#memory.windows.focus(record.windowId);
  }

  /** @throws CommandFailure `locked` and whatever `promptView` throws, except for a request that is now refused */
  async prompt(key: string, windowId: number): Promise<PromptView | 'duplicate' | null> {
    const record = await this.#memory.pending.get(key);
    if (record?.state !== 'asking' || record.cancelled) return null;
    const other = record.windowId;
    if (other !== undefined && other !== windowId && (await this.#memory.windows.exists(other))) {
      return 'duplicate';
    }
    await this.#memory.pending.change(key, (current) => current && { ...current, windowId });
    try {
      return await this.#ports.sharing.promptView(record.asked);
    } catch (error) {
      if (!(error instanceof CommandFailure) || error.code !== 'unknown') throw error;
      await this.#memory.silence(key);
      void this.tend(key);
      return null;
    }
  }

  /**
   * The first decision stands; asked again it answers the same.
   * @throws CommandFailure when nothing is decided: the person may correct what they entered
   */
  async decide(key: string, decision: Decision): Promise<DecideResult> {
    const record = await this.#memory.pending.get(key);
    if (record?.state === 'asking' && !record.cancelled) {
      const stored: StoredDecision = decision.share
        ? await this.#ports.sharing.decide(record.asked, decision)
        : { share: false };
      await this.#memory.decided(key, stored);
    }
    const outcome = this.#tending.outcome(key);
    void this.tend(key);
    return outcome;
  }

  /** Brings a request as far as it can be brought now. Never fails. */
  tend(key: string): Promise<void> {
    return this.#tending.tend(key);
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
