import type { Browser } from 'webextension-polyfill';
import { hasNewWarning } from '../grant-log/alarm.ts';
import type { Pending } from './pending.ts';
import { Serial } from './serial.ts';

const KEY = 'missed';
/** Milliseconds a site is named after it was answered: no request lives longer. */
export const MISSED_KEPT = 15 * 60_000;

/** Sites that asked a locked vault and were answered meanwhile, and the badge that points to them. */
export class Missed {
  readonly #browser: Browser;
  readonly #serial = new Serial();

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  async hosts(now: number): Promise<string[]> {
    return Object.entries(await this.#read())
      .filter(([, until]) => until > now)
      .map(([host]) => host);
  }

  add(host: string, now: number): Promise<void> {
    return this.#change((all) => ({ ...all, [host]: now + MISSED_KEPT }));
  }

  /** It asks again, or a person saw it. */
  remove(host: string): Promise<void> {
    return this.#change(({ [host]: _, ...others }) => others);
  }

  /** Counts the sites that wait for an unlock and those that were missed; where there are none, `!` for a warning. */
  async badge(pending: readonly Pending[], now: number): Promise<void> {
    const waiting = pending.filter(({ state }) => state === 'locked').map(siteOf);
    const sites = new Set([...waiting, ...(await this.hosts(now))]);
    const { session } = this.#browser.storage;
    const warns = await hasNewWarning(async (key) => (await session.get(key))[key]);
    const text = sites.size > 0 ? String(sites.size) : warns ? '!' : '';
    await this.#browser.action.setBadgeText({ text });
  }

  #change(change: (all: Record<string, number>) => Record<string, number>): Promise<void> {
    return this.#serial.run(async () => {
      await this.#browser.storage.session.set({ [KEY]: change(await this.#read()) });
    });
  }

  async #read(): Promise<Record<string, number>> {
    const stored = await this.#browser.storage.session.get(KEY);
    return (stored[KEY] as Record<string, number> | undefined) ?? {};
  }
}

/** The host of the page, as the browser states it. */
export function siteOf({ asked }: Pending): string {
  return new URL(asked.origin).host;
}
