/**
 * A browser in memory for tests of the worker: wxt's, and what that lacks – documents with relays, injected scripts,
 * permissions, extension contexts. Nothing here is timed.
 */
import { vi } from 'vitest';
import type { Browser } from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Sender } from '../../site/gate.ts';
import type { RelayReply, WorkerMessage } from '../../site/wire.ts';

type Heard = (message: WorkerMessage) => RelayReply | undefined | Promise<RelayReply | undefined>;
type Script = { id: string; matches: string[]; js: string[]; world: string };

export const OWN_ID = 'test-extension-id';

export function memoryBrowser() {
  fakeBrowser.reset();
  const idle = event();
  const permitted = event();
  const forbidden = event();
  const setAccessLevel = vi.fn(async () => {});
  /** To the extension's own pages. */
  const sendMessage = vi.fn(async (_: unknown) => undefined);
  const documents = new Map<string, { tabId: number; hear: Heard }>();
  const registered = new Map<string, Script>();
  const injected: { tabId: number; file: string; world: string }[] = [];
  const granted = new Set<string>();
  const contexts: { documentUrl: string; windowId: number }[] = [];
  const opened: { id: number; url: string }[] = [];
  const tabUrls = new Map<number, string>();
  /** Tabs in which the toolbar button was clicked. */
  const active = new Set<number>();

  const browser = {
    ...fakeBrowser,
    idle: { onStateChanged: idle },
    storage: {
      ...fakeBrowser.storage,
      session: { ...fakeBrowser.storage.session, setAccessLevel },
      local: { ...fakeBrowser.storage.local, setAccessLevel },
    },
    runtime: {
      ...fakeBrowser.runtime,
      getContexts: async () => contexts,
      sendMessage,
      getManifest: () => ({ manifest_version: 3, name: '', version: '1', host_permissions: [] }),
    },
    windows: {
      ...fakeBrowser.windows,
      create: async (options: { url: string }) => {
        const window = await fakeBrowser.windows.create(options);
        opened.push({ id: window?.id as number, url: options.url });
        return window;
      },
    },
    tabs: {
      ...fakeBrowser.tabs,
      get: async (id: number) => ({ id, url: active.has(id) ? tabUrls.get(id) : undefined }),
      query: async ({ url }: { url?: string }) =>
        [...tabUrls]
          .filter(([, at]) => url === undefined || at.startsWith(url.replace('*', '')))
          .map(([id]) => ({ id })),
      sendMessage: async (
        tabId: number,
        message: WorkerMessage,
        { documentId }: { documentId?: string },
      ) => {
        const document = documents.get(documentId ?? '');
        if (document === undefined || document.tabId !== tabId) {
          throw new Error('Could not establish connection. Receiving end does not exist.');
        }
        return document.hear(message);
      },
    },
    scripting: {
      executeScript: async (injection: {
        target: { tabId: number };
        files: string[];
        world: string;
      }) => {
        const { tabId } = injection.target;
        const origin = new URL(tabUrls.get(tabId) ?? 'about:blank').origin;
        if (!active.has(tabId) && !granted.has(`${origin}/*`))
          throw new Error('Cannot access contents of the page.');
        injected.push({ tabId, file: injection.files[0] as string, world: injection.world });
        return [];
      },
      getRegisteredContentScripts: async ({ ids }: { ids: string[] }) =>
        ids.flatMap((id) => registered.get(id) ?? []),
      registerContentScripts: async (scripts: Script[]) => {
        for (const script of scripts) registered.set(script.id, script);
      },
      unregisterContentScripts: async ({ ids }: { ids: string[] }) => {
        for (const id of ids) registered.delete(id);
      },
    },
    permissions: {
      onAdded: permitted,
      onRemoved: forbidden,
      contains: async ({ origins }: { origins: string[] }) => origins.every((o) => granted.has(o)),
      getAll: async () => ({ origins: [...granted] }),
      remove: async ({ origins }: { origins: string[] }) => {
        for (const origin of origins) granted.delete(origin);
        return true;
      },
    },
  } as unknown as Browser;

  return {
    browser,
    documents,
    registered,
    injected,
    granted,
    contexts,
    opened,
    tabUrls,
    active,
    /** Everything the browser keeps of us while it runs. */
    session: () => fakeBrowser.storage.session.get(null) as Promise<Record<string, unknown>>,
    badge: () => fakeBrowser.action.getBadgeText({}) as Promise<string>,
    /** As the browser delivers it; the one answer, if anybody gives one. */
    async deliver(message: unknown, sender: Partial<Sender>): Promise<unknown> {
      const replies = await fakeBrowser.runtime.onMessage.trigger(
        message,
        sender as never,
        () => {},
      );
      return replies.find((reply) => reply !== undefined);
    },
    async close(windowId: number): Promise<void> {
      await fakeBrowser.windows.remove(windowId);
    },
    events: fakeBrowser,
    idle,
    permitted,
    forbidden,
    setAccessLevel,
    sendMessage,
    /** The person has connected this site for good. */
    connect(origin: string): void {
      for (const name of ['relay', 'provider']) {
        registered.set(`${name} ${origin}`, {
          id: `${name} ${origin}`,
          matches: [`${origin}/*`],
          js: [`${name}.js`],
          world: 'ISOLATED',
        });
      }
    },
    /** The worker dies: nothing of it hears anything any more. */
    dropListeners(): void {
      fakeBrowser.runtime.onMessage.removeAllListeners();
      fakeBrowser.runtime.onStartup.removeAllListeners();
      fakeBrowser.runtime.onInstalled.removeAllListeners();
      fakeBrowser.windows.onRemoved.removeAllListeners();
      fakeBrowser.tabs.onRemoved.removeAllListeners();
      fakeBrowser.tabs.onUpdated.removeAllListeners();
      fakeBrowser.alarms.onAlarm.removeAllListeners();
      for (const own of [idle, permitted, forbidden]) own.removeAllListeners();
    },
  };
}
export type MemoryBrowser = ReturnType<typeof memoryBrowser>;

function event() {
  const listeners: ((...args: unknown[]) => unknown)[] = [];
  return {
    addListener: (listener: (...args: unknown[]) => unknown) => listeners.push(listener),
    removeAllListeners: () => listeners.splice(0),
    trigger: (...args: unknown[]) => Promise.all(listeners.map((listener) => listener(...args))),
  };
}

export const DOCUMENT = 'D0C';
export const TAB = 7;

/** The sender the browser states for a relay in the top frame of `origin`. */
export function relayOf(origin: string, changes: Partial<Sender> = {}): Partial<Sender> {
  return {
    id: OWN_ID,
    origin,
    url: `${origin}/page`,
    frameId: 0,
    documentId: DOCUMENT,
    documentLifecycle: 'active',
    tab: { id: TAB } as NonNullable<Sender['tab']>,
    ...changes,
  };
}

/** The sender the browser states for a page of the extension. */
export const OWN_PAGE: Partial<Sender> = {
  id: OWN_ID,
  origin: `chrome-extension://${OWN_ID}`,
  url: `chrome-extension://${OWN_ID}/popup.html`,
};
