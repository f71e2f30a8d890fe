import type { Browser } from 'webextension-polyfill';
import { Serial } from './serial.ts';

/**
 * A site that the person keeps refusing is met with silence for a while. Only the person's own refusals count, so that
 * a page cannot bring it about, and cannot learn of it. Milliseconds.
 */
export const THROTTLE = { refusals: 3, within: 10 * 60_000, silence: 60 * 60_000 } as const;

const KEY = 'throttle';
type Throttled = { [origin: string]: { refusals: number[]; silentUntil: number } };

/** Kept in `storage.session`: gone with the browser. */
export class Throttle {
  readonly #area: Browser['storage']['session'];
  readonly #serial = new Serial();

  constructor(browser: Browser) {
    this.#area = browser.storage.session;
  }

  async isSilent(origin: string, now: number): Promise<boolean> {
    return ((await this.#read())[origin]?.silentUntil ?? 0) > now;
  }

  /** The person refused a request of this site. */
  count(origin: string, now: number): Promise<void> {
    return this.#serial.run(async () => {
      const all = await this.#read();
      const recent = (all[origin]?.refusals ?? []).filter((at) => at > now - THROTTLE.within);
      const refusals = [...recent, now];
      const silent = refusals.length >= THROTTLE.refusals;
      all[origin] = {
        refusals: silent ? [] : refusals,
        silentUntil: silent ? now + THROTTLE.silence : (all[origin]?.silentUntil ?? 0),
      };
      await this.#area.set({ [KEY]: all });
    });
  }

  async #read(): Promise<Throttled> {
    return ((await this.#area.get(KEY))[KEY] as Throttled | undefined) ?? {};
  }
}
