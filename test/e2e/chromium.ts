import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANSWER_TIME } from '@zusage/extension/src/worker/answer-time.ts';
import puppeteer, {
  type Browser,
  type CDPSession,
  type Extension,
  type Page,
  type Target,
} from 'puppeteer-core';
import { findBrowser, HOW_TO_GET_ONE } from '../start/browser.ts';
import { outputOf } from '../start/extension-build.ts';
import { until } from './until.ts';

/** Milliseconds. */
export const LONGEST = ANSWER_TIME.longest;

export type InstallOptions = {
  /** Keeps the build's host permission for loopback, for which headless Chromium has no dialog. */
  hostPermission?: boolean;
  /** The language of the extension's pages, whatever languages this Chromium has. */
  lang?: 'en' | 'de';
};

/**
 * Copies the e2e build, so that a build made meanwhile changes nothing. Without its host permission a page can only be
 * reached through `activeTab`, as it is for people.
 */
export function copyExtension(
  folder: string,
  { hostPermission = false, lang = 'en' }: InstallOptions = {},
): string {
  const build = outputOf('e2e');
  if (!existsSync(build)) {
    throw new Error('There is no e2e build: run `npm run build:e2e -w extension` first.');
  }
  cpSync(build, folder, { recursive: true });
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  if (!hostPermission) delete manifest.host_permissions;
  if (lang === 'de') {
    rmSync(join(folder, '_locales', 'en'), { recursive: true });
    manifest.default_locale = 'de';
  }
  writeFileSync(file, JSON.stringify(manifest));
  return folder;
}

/** A real Chromium with the extension in it and a profile of its own. */
export class Chromium {
  readonly browser: Browser;
  readonly extension: Extension;
  /** What the extension's worker and pages wrote to their consoles. */
  readonly console: string[] = [];
  /** Addresses of the extension's windows and tabs that were ever opened. */
  readonly opened: string[] = [];
  readonly #heard = new WeakMap<Target, Promise<void>>();
  readonly #sessions = new WeakMap<Target, CDPSession>();

  private constructor(browser: Browser, extension: Extension) {
    this.browser = browser;
    this.extension = extension;
  }

  static async open(profile: string, extension: string): Promise<Chromium> {
    const browser = await launch(profile, [extension]);
    const installed = await until(
      'the extension',
      async () => [...(await browser.extensions()).values()][0],
    );
    const chromium = new Chromium(browser, installed);
    const listen = (target: Target) => {
      if (!chromium.#is(target, '') || chromium.#heard.has(target)) return;
      chromium.#heard.set(target, chromium.#listen(target).catch(ifGone));
    };
    browser.on('targetcreated', listen).on('targetchanged', listen);
    for (const target of browser.targets()) listen(target);
    return chromium;
  }

  /** A browser without any extension, for comparison. */
  static plain(profile: string): Promise<Browser> {
    return launch(profile, []);
  }

  async goto(url: string): Promise<Page> {
    const page = await this.browser.newPage();
    await page.goto(url);
    return page;
  }

  /** The person's click on the icon in the toolbar, while they look at `page`. */
  async clickIcon(page: Page): Promise<Page> {
    // The one before may be on its way out.
    await this.gone('popup.html');
    await page.bringToFront();
    await this.extension.triggerAction(page);
    return this.window('popup.html');
  }

  /** Waits for a window of the extension. */
  async window(file: string): Promise<Page> {
    const target = await this.browser.waitForTarget((other) => this.#is(other, file));
    return target.asPage();
  }

  windows(file: string): Target[] {
    return this.browser.targets().filter((target) => this.#is(target, file));
  }

  async gone(file: string): Promise<void> {
    await until(`${file} to be closed`, () => this.windows(file).length === 0);
  }

  /** Leaves one empty tab. */
  async closeWindows(): Promise<void> {
    const pages = await this.browser.pages();
    await this.browser.newPage();
    const windows = this.windows('').filter((target) => target.type() !== 'service_worker');
    const opened = await Promise.all(windows.map((target) => target.asPage().catch(ifGone)));
    for (const page of new Set([...pages, ...opened])) if (page) await closed(page);
  }

  page(file: string): Promise<Page> {
    return this.goto(this.url(file));
  }

  url(file: string): string {
    return `chrome-extension://${this.extension.id}/${file}`;
  }

  /** Makes every answer that nobody gives come after the longest time that is ever drawn, while `act` runs. */
  async drawLongest(act: () => Promise<void>): Promise<void> {
    const worker = await this.#workers()[0]?.worker();
    await worker?.evaluate(async () => {
      await chrome.storage.session.set({ answerDivisor: 1 });
      const own = crypto.getRandomValues.bind(crypto);
      // The smallest number that can be drawn stands for the longest time; no other randomness has this shape.
      const draw = (array: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) =>
        array instanceof Uint32Array && array.length === 1 ? array : own(array);
      Object.defineProperty(crypto, 'getRandomValues', { value: draw, configurable: true });
    });
    try {
      await act();
    } finally {
      await worker?.evaluate(async () => {
        Reflect.deleteProperty(crypto, 'getRandomValues');
        await chrome.storage.session.remove('answerDivisor');
      });
    }
  }

  /** @returns the text on the icon in the toolbar */
  async badge(): Promise<string> {
    const worker = await this.#workers()[0]?.worker();
    return (await worker?.evaluate(() => chrome.action.getBadgeText({}))) ?? '';
  }

  /** Everything in the extension's storage as it reads it itself: bytes as hex, for what lies on the disk is compressed. */
  async dump(): Promise<string> {
    const page = await this.page('app.html');
    const dumped = await page.evaluate(async () => {
      const opened = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const stores: unknown[] = [];
      for (const { name = '' } of await indexedDB.databases()) {
        const database = await opened(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
          const rows = database.transaction(store).objectStore(store);
          stores.push([name, store, await opened(rows.getAllKeys()), await opened(rows.getAll())]);
        }
        database.close();
      }
      const { local, session, sync } = chrome.storage;
      const areas = [await local.get(null), await session.get(null), await sync.get(null)];
      return JSON.stringify([stores, areas, { ...localStorage }], (_, value) =>
        value instanceof Uint8Array
          ? [...value].map((byte) => byte.toString(16).padStart(2, '0')).join('')
          : value,
      );
    });
    await page.close();
    return dumped;
  }

  /** Ends the service worker as the browser does after half a minute of idleness. */
  async killWorker(): Promise<void> {
    const [worker] = this.#workers();
    if (worker === undefined) return;
    // A worker that somebody listens to is not ended; one that has just begun is still being listened to.
    await this.#heard.get(worker);
    await this.#sessions.get(worker)?.detach();
    await (await worker.worker())?.close();
    await until('the end of the worker', () => !this.#workers().includes(worker));
  }

  #workers(): Target[] {
    return this.browser
      .targets()
      .filter((target) => target.type() === 'service_worker' && this.#is(target, ''));
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  #is(target: Target, file: string): boolean {
    return target.url().startsWith(this.url(file));
  }

  async #listen(target: Target): Promise<void> {
    if (target.type() !== 'service_worker') this.opened.push(target.url());
    const session = await target.createCDPSession();
    this.#sessions.set(target, session);
    const keep = (what: unknown) => void this.console.push(JSON.stringify(what));
    session.on('Runtime.consoleAPICalled', keep);
    session.on('Runtime.exceptionThrown', keep);
    session.on('Log.entryAdded', keep);
    await session.send('Runtime.enable');
    await session.send('Log.enable');
  }
}

/** Closes a window that may be closing by itself. */
export async function closed(page: Page): Promise<void> {
  await page.close().catch(ifGone);
}

/** It has closed meanwhile. */
function ifGone(error: unknown): void {
  const gone = /(Target|Session|Connection|Page) closed|navigated or closed|No target|not found/i;
  if (!gone.test(String(error))) throw error;
}

function launch(profile: string, extensions: string[]): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error(`No browser was found. ${HOW_TO_GET_ONE}`);
  return puppeteer.launch({
    executablePath,
    pipe: true,
    enableExtensions: extensions,
    userDataDir: profile,
    defaultViewport: null,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
