import type { Browser, Scripting } from 'webextension-polyfill';

/** The relay first: it listens before the provider can speak. */
const SCRIPTS = [
  { name: 'relay', file: 'relay.js', world: 'ISOLATED' },
  { name: 'provider', file: 'provider.js', world: 'MAIN' },
] as const;

/**
 * Injects into the top frame of a tab, through `activeTab` or a host permission.
 * @returns false when the browser does not permit it
 */
export async function inject(browser: Browser, tabId: number): Promise<boolean> {
  try {
    for (const { file, world } of SCRIPTS) {
      await browser.scripting.executeScript({
        target: { tabId, frameIds: [0] },
        files: [file],
        world,
        injectImmediately: true,
      });
    }
    return true;
  } catch {
    return false;
  }
}

/** The registrations are the browser's: it keeps them, and nothing else lists the sites. */
const idsOf = (origin: string) => SCRIPTS.map(({ name }) => `${name} ${origin}`);

export async function isRegistered(browser: Browser, origin: string): Promise<boolean> {
  const found = await browser.scripting.getRegisteredContentScripts({ ids: idsOf(origin) });
  return found.length > 0;
}

/** For exactly this origin, in top frames, from the start of each document on. */
export async function register(browser: Browser, origin: string): Promise<void> {
  await unregister(browser, origin);
  const [relayId, providerId] = idsOf(origin) as [string, string];
  await browser.scripting.registerContentScripts(
    SCRIPTS.map(
      ({ name, file, world }): Scripting.RegisteredContentScript => ({
        id: name === 'relay' ? relayId : providerId,
        matches: [`${origin}/*`],
        js: [file],
        world,
        runAt: 'document_start',
        allFrames: false,
        persistAcrossSessions: true,
      }),
    ),
  );
}

export async function unregister(browser: Browser, origin: string): Promise<void> {
  if (await isRegistered(browser, origin)) {
    await browser.scripting.unregisterContentScripts({ ids: idsOf(origin) });
  }
}
