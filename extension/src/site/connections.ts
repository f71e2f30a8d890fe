import { allowLoopback, isOrigin } from '@zusage/protocol/origin';
import type { Browser } from 'webextension-polyfill';
import type { SiteView } from '../messages.ts';
import { CommandFailure } from '../sharing/failure.ts';
import { Serial } from '../worker/serial.ts';
import { inject, isRegistered, register, unregister } from './scripts.ts';

const ONCE = 'once/';
/** The person's host permissions, as the browser spells them. */
const patternOf = (origin: string) => `${origin}/*`;

/** May a document of this origin in this tab ask? A page kept in the tab's history outlives its disconnection. */
export async function isConnected(
  browser: Browser,
  { origin, tabId }: { origin: string; tabId: number },
): Promise<boolean> {
  return (await connectedOnce(browser, tabId)) === origin || (await isRegistered(browser, origin));
}

async function connectedOnce(browser: Browser, tabId: number): Promise<string | undefined> {
  const name = ONCE + tabId;
  return (await browser.storage.session.get(name))[name] as string | undefined;
}

/** Which pages know that the extension exists: those the person connected, and no other. */
export class Connections {
  readonly #browser: Browser;
  readonly #loopback: boolean;
  /** Two registrations of one site at a time would refuse each other. */
  readonly #registering = new Serial();

  constructor(browser: Browser, loopback: boolean) {
    this.#browser = browser;
    this.#loopback = loopback;
  }

  /** The site in a tab, as far as opening the popup lets us see it. */
  async view(tabId: number): Promise<Omit<SiteView, 'blocked'>> {
    const origin = await this.#originOf(tabId);
    if (origin === null) return { origin, host: null, connected: 'no' };
    const { host } = new URL(origin);
    if (await isRegistered(this.#browser, origin)) return { origin, host, connected: 'always' };
    const once = await connectedOnce(this.#browser, tabId);
    return { origin, host, connected: once === origin ? 'once' : 'no' };
  }

  /** Through `activeTab`, which the toolbar click gave. @throws CommandFailure `not-a-site` */
  async once(tabId: number): Promise<void> {
    const origin = await this.#originOf(tabId);
    if (origin === null) throw new CommandFailure('not-a-site');
    // Noted first: an invited page may ask before the injection has returned.
    await this.#browser.storage.session.set({ [ONCE + tabId]: origin });
    if (await inject(this.#browser, tabId)) return;
    await this.tabClosed(tabId);
    throw new CommandFailure('not-a-site');
  }

  /**
   * The popup has asked the person for the host permission; only the browser's word counts that it was given.
   * @throws CommandFailure `not-a-site`
   */
  async always(tabId: number, origin: string): Promise<void> {
    const { permissions } = this.#browser;
    if (
      (await this.#originOf(tabId)) !== origin ||
      !(await permissions.contains({ origins: [patternOf(origin)] }))
    ) {
      throw new CommandFailure('not-a-site');
    }
    await this.#register(origin);
    await inject(this.#browser, tabId);
  }

  /**
   * The person allowed a site, perhaps in the dialog that the popup asked for and that closed the popup: what the popup
   * can then no longer say, the browser says.
   */
  async permitted(patterns: readonly string[]): Promise<void> {
    for (const origin of this.#sites(patterns)) {
      await this.#register(origin);
      const tabs = await this.#browser.tabs.query({ active: true, url: patternOf(origin) });
      for (const { id } of tabs) if (id !== undefined) await inject(this.#browser, id);
    }
  }

  /** The person took a permission back in the browser's own settings. */
  async forbidden(patterns: readonly string[]): Promise<void> {
    for (const origin of this.#sites(patterns)) await this.#disconnect(origin);
  }

  /** Everywhere, at once, and without the permission: the pages that are open lose the provider too. */
  async end(origin: string): Promise<void> {
    await this.#disconnect(origin);
    await this.#browser.permissions.remove({ origins: [patternOf(origin)] }).catch(() => false);
  }

  /** Every site there is. */
  async endAll(): Promise<void> {
    const { origins = [] } = await this.#browser.permissions.getAll();
    const stored = await this.#browser.storage.session.get(null);
    const once = Object.keys(stored).filter((name) => name.startsWith(ONCE));
    const sites = new Set([...this.#sites(origins), ...once.map((name) => String(stored[name]))]);
    for (const origin of sites) await this.end(origin);
  }

  async #disconnect(origin: string): Promise<void> {
    await this.#registering.run(() => unregister(this.#browser, origin));
    const stored = await this.#browser.storage.session.get(null);
    const once = Object.keys(stored).filter(
      (name) => name.startsWith(ONCE) && stored[name] === origin,
    );
    await this.#browser.storage.session.remove(once);
    // To every tab, since the browser need not tell us where they are; each relay knows its own site.
    const tabs = await this.#browser.tabs.query({});
    await Promise.all(
      tabs.map(({ id }) =>
        id === undefined
          ? undefined
          : this.#browser.tabs
              .sendMessage(id, { zusage: 'off', origin }, { frameId: 0 })
              .catch(() => undefined),
      ),
    );
  }

  /** A tab loads: a site that was connected once stays so, while the tab stays there and the browser permits it. */
  async tabLoads(tabId: number): Promise<void> {
    const origin = await connectedOnce(this.#browser, tabId);
    if (origin === undefined) return;
    const stays = (await this.#originOf(tabId)) === origin && (await inject(this.#browser, tabId));
    if (!stays) await this.tabClosed(tabId);
  }

  async tabClosed(tabId: number): Promise<void> {
    await this.#browser.storage.session.remove(ONCE + tabId);
  }

  /** An update of the extension drops registrations, the permissions stay: sites the person connected stay connected. */
  async restore(): Promise<void> {
    const { origins = [] } = await this.#browser.permissions.getAll();
    for (const origin of this.#sites(origins)) await this.#register(origin);
  }

  #register(origin: string): Promise<void> {
    return this.#registering.run(() => register(this.#browser, origin));
  }

  /** The single sites among host permissions: never a pattern for many, which a person can allow in the browser's own settings. */
  #sites(patterns: readonly string[]): string[] {
    const fixed: readonly string[] = this.#browser.runtime.getManifest().host_permissions ?? [];
    return patterns
      .filter((pattern) => !fixed.includes(pattern))
      .map((pattern) => pattern.replace(/\/\*$/, ''))
      .filter((origin) => !origin.includes('*') && this.#isSite(origin));
  }

  async #originOf(tabId: number): Promise<string | null> {
    const tab = await this.#browser.tabs.get(tabId).catch(() => undefined);
    const origin = tab?.url === undefined ? null : siteOf(tab.url);
    return origin !== null && this.#isSite(origin) ? origin : null;
  }

  #isSite(origin: string): boolean {
    return isOrigin(origin, { [allowLoopback]: this.#loopback });
  }
}

function siteOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
