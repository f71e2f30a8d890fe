import type { Browser } from 'webextension-polyfill';
import type { Pending } from './pending.ts';
import { Serial } from './serial.ts';

/**
 * A site whose prompts come to nothing is met with silence for a while. What was shown counts, refused by the person or
 * taken back by the page: what was never shown bothered nobody, and a page can bring silence about for its own site
 * alone, and cannot learn of it. Milliseconds.
 *
 * A prompt whose document ended under it – reloaded, left, closed – is different, for it may be the person who did that
 * or the page: it counts when the page had asked by itself, and the silence is for what the page asks by itself. Whoever
 * clicks in a page to be asked is asked.
 */
export const THROTTLE = { prompts: 3, within: 10 * 60_000, silence: 60 * 60_000 } as const;

const KEY = 'throttle';
type Throttled = { [list: string]: { inVain: number[]; silentUntil: number } };
type Shown = Pick<Pending, 'clicked'> & { asked: { origin: string } };

const everything = ({ asked }: Shown) => asked.origin;
const byItself = ({ asked }: Shown) => `${asked.origin} by itself`;

/** Kept in `storage.session`: gone with the browser. */
export class Throttle {
  readonly #area: Browser['storage']['session'];
  readonly #serial = new Serial();

  constructor(browser: Browser) {
    this.#area = browser.storage.session;
  }

  async isSilent(request: Shown, now: number): Promise<boolean> {
    const all = await this.#read();
    const isOver = (list: string) => (all[list]?.silentUntil ?? 0) <= now;
    return !isOver(everything(request)) || (!request.clicked && !isOver(byItself(request)));
  }

  /** The prompt of this request came to nothing. */
  async count(
    how: 'refused' | NonNullable<Pending['cancelled']>,
    request: Shown,
    now: number,
  ): Promise<void> {
    if (how !== 'left') await this.#count(everything(request), now);
    if (how !== 'left' || !request.clicked) await this.#count(byItself(request), now);
  }

  #count(list: string, now: number): Promise<void> {
    return this.#serial.run(async () => {
      const all = await this.#read();
      const recent = (all[list]?.inVain ?? []).filter((at) => at > now - THROTTLE.within);
      const inVain = [...recent, now];
      const silent = inVain.length >= THROTTLE.prompts;
      all[list] = {
        inVain: silent ? [] : inVain,
        silentUntil: silent ? now + THROTTLE.silence : (all[list]?.silentUntil ?? 0),
      };
      await this.#area.set({ [KEY]: all });
    });
  }

  async #read(): Promise<Throttled> {
    return ((await this.#area.get(KEY))[KEY] as Throttled | undefined) ?? {};
  }
}
