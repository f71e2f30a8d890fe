import { allowLoopback, isOrigin } from '@zusage/protocol/origin';
import type { Browser } from 'webextension-polyfill';
import type { SiteView } from '../messages.ts';
import { CommandFailure } from '../sharing/failure.ts';
import { inject, isRegistered, register, unregister } from './scripts.ts';

const ONCE = 'once/';
/** The person's host permissions, as the browser spells them. */
const patternOf = (origin: string) => `${origin}/*`;

/** Which pages know that the extension exists: those the person connected, and no other (DESIGN §4.3). */
export class Connections {
  readonly #browser: Browser;
  readonly #loopback: boolean;

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
    return { origin, host, connected: (await this.#once(tabId)) === origin ? 'once' : 'no' };
  }

  /** Through `activeTab`, which the toolbar click gave. @throws CommandFailure `not-a-site` */
  async once(tabId: number): Promise<void> {
    const origin = await this.#originOf(tabId);
    if (origin === null || !(await inject(this.#browser, tabId))) {
      throw new CommandFailure('not-a-site');
    }
    await this.#browser.storage.session.set({ [ONCE + tabId]: origin });
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
    await register(this.#browser, origin);
    await inject(this.#browser, tabId);
  }

  /** Everywhere, at once, and without the permission: the pages that are open lose the provider too. */
  async end(origin: string): Promise<void> {
    await unregister(this.#browser, origin);
    await this.#browser.permissions.remove({ origins: [patternOf(origin)] }).catch(() => false);
    const stored = await this.#browser.storage.session.get(null);
    const once = Object.keys(stored).filter(
      (name) => name.startsWith(ONCE) && stored[name] === origin,
    );
    await this.#browser.storage.session.remove(once);
    for (const { id, url } of await this.#browser.tabs.query({})) {
      const concerned = once.includes(ONCE + id) || (url !== undefined && siteOf(url) === origin);
      if (id === undefined || !concerned) continue;
      await this.#browser.tabs
        .sendMessage(id, { zusage: 'off' }, { frameId: 0 })
        .catch(() => undefined);
    }
  }

  /** A tab loads: a site that was connected once stays so, while the tab stays there and the browser permits it. */
  async tabLoads(tabId: number): Promise<void> {
    const origin = await this.#once(tabId);
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
    const fixed: readonly string[] = this.#browser.runtime.getManifest().host_permissions ?? [];
    for (const pattern of origins) {
      const origin = pattern.replace(/\/\*$/, '');
      // Never a pattern for many sites, which a person can allow in the browser's own settings.
      const single = !fixed.includes(pattern) && !origin.includes('*') && this.#isSite(origin);
      if (single) await register(this.#browser, origin);
    }
  }

  async #once(tabId: number): Promise<string | undefined> {
    return (await this.#browser.storage.session.get(ONCE + tabId))[ONCE + tabId] as
      | string
      | undefined;
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
