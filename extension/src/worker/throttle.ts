import type { Browser } from 'webextension-polyfill';
import { Serial } from './serial.ts';

/**
 * A site whose prompts come to nothing is met with silence for a while. What was shown counts, refused by the person or
 * taken back by the page: what was never shown bothered nobody, and a page can bring silence about for its own site
 * alone, and cannot learn of it. Milliseconds.
 */
export const THROTTLE = { prompts: 3, within: 10 * 60_000, silence: 60 * 60_000 } as const;

const KEY = 'throttle';
type Throttled = { [origin: string]: { inVain: number[]; silentUntil: number } };

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

  /** A prompt of this site came to nothing. */
  count(origin: string, now: number): Promise<void> {
    return this.#serial.run(async () => {
      const all = await this.#read();
      const recent = (all[origin]?.inVain ?? []).filter((at) => at > now - THROTTLE.within);
      const inVain = [...recent, now];
      const silent = inVain.length >= THROTTLE.prompts;
      all[origin] = {
        inVain: silent ? [] : inVain,
        silentUntil: silent ? now + THROTTLE.silence : (all[origin]?.silentUntil ?? 0),
      };
      await this.#area.set({ [KEY]: all });
    });
  }

  async #read(): Promise<Throttled> {
    return ((await this.#area.get(KEY))[KEY] as Throttled | undefined) ?? {};
  }
}
