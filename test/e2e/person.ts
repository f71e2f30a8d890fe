import type { Page } from 'puppeteer-core';
import { clickOn } from './aim.ts';
import type { Chromium } from './chromium.ts';

export const PASSPHRASE = 'Enzian-Sattelplatz-Nebelhorn-4711-Quendel';

const by = (testid: string) => `[data-testid="${testid}"]`;

/** A person at the browser. Every click and key press goes through here and is counted. */
export class Person {
  actions = 0;
  readonly #chromium: Chromium;

  constructor(chromium: Chromium) {
    this.#chromium = chromium;
  }

  async icon(page: Page): Promise<Page> {
    this.actions++;
    return this.#chromium.clickIcon(page);
  }

  /** Waits until it is there and counts, as people do. */
  async click(page: Page, testid: string): Promise<void> {
    const button = await page.waitForSelector(`${by(testid)}:not([aria-disabled="true"])`, {
      visible: true,
    });
    this.actions++;
    await clickOn(button);
  }

  async press(page: Page, key: 'Enter' | 'Escape'): Promise<void> {
    this.actions++;
    await page.keyboard.press(key);
  }

  /** Replaces what the field holds. */
  async type(page: Page, testid: string, text: string): Promise<void> {
    const field = await page.waitForSelector(by(testid), { visible: true });
    this.actions++;
    await field?.evaluate((input) => (input as HTMLInputElement).select());
    await page.keyboard.type(text);
  }

  async choose(page: Page, testid: string, value: string): Promise<void> {
    await page.waitForSelector(by(testid), { visible: true });
    this.actions++;
    await page.select(by(testid), value);
  }

  // What a person does in one go.

  /** In the tab that is there since the installation; the rest of the set-up is skipped. */
  async createVault(service: string): Promise<void> {
    const page = await this.#chromium.window('welcome.html');
    await page.bringToFront();
    await this.click(page, 'begin');
    await this.choosePassphrase(page);
    await this.type(page, 'vault-service', service);
    await this.click(page, 'create');
    await see(page, 'skip-all');
    await page.close();
  }

  async choosePassphrase(page: Page): Promise<void> {
    await this.type(page, 'passphrase', PASSPHRASE);
    await this.type(page, 'passphrase-again', PASSPHRASE);
  }

  async unlock(popup: Page): Promise<void> {
    await this.type(popup, 'passphrase', PASSPHRASE);
    await this.press(popup, 'Enter');
  }

  /** Connect once has the focus: a key is enough. */
  async connectOnce(popup: Page): Promise<void> {
    await popup.waitForSelector(`${by('connect-once')}:focus`);
    await this.press(popup, 'Enter');
  }

  /** Withdraws for good, on a page of the extension: the window for undoing it is over within seconds. */
  async end(app: Page, jti: string): Promise<void> {
    await app.evaluate(() => chrome.storage.session.set({ undoSeconds: 3 }));
    await this.click(app, `withdraw-${jti}`);
    await app.waitForSelector(
      ['undo', 'withdrawn'].map((state) => `${by(`grant-${jti}`)}[data-state="${state}"]`).join(),
    );
    await app.evaluate(() => chrome.storage.session.remove('undoSeconds'));
  }

  /** Enters one attribute on the app page. */
  async tell(app: Page, id: string, fill: (testid: string) => Promise<void>): Promise<void> {
    await this.click(app, 'add-attribute');
    await this.click(app, `choose-${id}`);
    await fill(`input-${id}`);
    await this.click(app, `save-${id}`);
    await app.waitForSelector(by(`attribute-${id}`));
  }
}

/** Waits for something with this test id. */
export function see(page: Page, testid: string): Promise<unknown> {
  return page.waitForSelector(by(testid), { visible: true });
}

/** @returns the visible text of what has this test id */
export async function textOf(page: Page, testid: string): Promise<string> {
  const found = await page.waitForSelector(by(testid), { visible: true });
  return (await found?.evaluate((element) => (element as HTMLElement).innerText)) ?? '';
}
