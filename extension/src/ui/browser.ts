import type { Browser } from 'webextension-polyfill';

type Scope = { browser?: Browser; chrome?: Browser };

/**
 * The browser's extension API for pages. Every browser this runs in answers with promises there; the polyfill in
 * `platform.ts` is for listeners that answer with one, and those are in the worker.
 */
const { browser: named, chrome: other } = globalThis as unknown as Scope;
export const browser = (named ?? other) as Browser;
