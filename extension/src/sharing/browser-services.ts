import { allowLoopback } from '@zusage/protocol/origin';
import { openDoor } from '../network/fetch.ts';
import { browser } from '../platform.ts';
import type { SessionStore } from '../vault/session.ts';
import { Vault } from '../vault/vault.ts';
import { servicesOver } from './services.ts';

/** `storage.session`: memory of the browser, trusted contexts only. */
export const session: SessionStore = {
  get: async (key) => (await browser.storage.session.get(key))[key],
  set: (key, value) => browser.storage.session.set({ [key]: value }),
  remove: (key) => browser.storage.session.remove(key),
};

/** `storage.local`: outlives the browser. Holds the count of wrong passphrases and nothing of the vault. */
const local: SessionStore = {
  get: async (key) => (await browser.storage.local.get(key))[key],
  set: (key, value) => browser.storage.local.set({ [key]: value }),
  remove: (key) => browser.storage.local.remove(key),
};

const UNDO_SECONDS = 600;

/** A test that waits for the end may shorten the window; the e2e build alone looks for it. */
async function e2eUndoSeconds(): Promise<number> {
  const { undoSeconds } = await browser.storage.session.get('undoSeconds');
  return typeof undoSeconds === 'number' ? undoSeconds : UNDO_SECONDS;
}

/** The one vault of the worker: two instances would not see each other's writes. */
export const vault = new Vault({ session, local });

/** The world of the service worker. */
export const services = servicesOver({
  vault,
  session,
  door: openDoor(__LOOPBACK__),
  now: () => Math.floor(Date.now() / 1000),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  getMessage: (key, substitutions) => browser.i18n.getMessage(key, substitutions),
  options: { [allowLoopback]: __LOOPBACK__ },
  undoSeconds: __E2E__ ? e2eUndoSeconds : async () => UNDO_SECONDS,
  defaultVaultService: __LOOPBACK__ ? 'http://127.0.0.1:4610' : null,
});
