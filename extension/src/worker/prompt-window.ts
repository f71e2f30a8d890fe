import type { Browser } from 'webextension-polyfill';

const PAGE = 'approval.html';
const SIZE = { width: 460, height: 720 };

/** The approval window of a request: a window of its own, of the extension's own page. */
export class PromptWindows {
  readonly #browser: Browser;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** @returns the window's id, when the browser has one to tell */
  async open(key: string): Promise<number | undefined> {
    const url = this.#url(key);
    const window = await this.#browser.windows.create({
      url,
      type: 'popup',
      focused: true,
      ...SIZE,
    });
    return window.id;
  }

  /** A window that was opened before the worker died, and whose id could not be stored any more. */
  async find(key: string): Promise<number | undefined> {
    const url = this.#url(key);
    const contexts = await this.#browser.runtime.getContexts({ contextTypes: ['TAB'] });
    return contexts.find(({ documentUrl }) => documentUrl === url)?.windowId;
  }

  async exists(windowId: number): Promise<boolean> {
    return (await this.#browser.windows.get(windowId).catch(() => undefined)) !== undefined;
  }

  async focus(windowId: number): Promise<void> {
    await this.#browser.windows.update(windowId, { focused: true }).catch(() => undefined);
  }

  async close(windowId: number): Promise<void> {
    await this.#browser.windows.remove(windowId).catch(() => undefined);
  }

  #url(key: string): string {
    return this.#browser.runtime.getURL(`${PAGE}?id=${encodeURIComponent(key)}`);
  }
}
