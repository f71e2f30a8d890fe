/**
 * The browser's extension API for the worker. The only file that imports the polyfill: pages do without (`ui/browser.ts`),
 * and content scripts have no room for it.
 */
export { default as browser } from 'webextension-polyfill';
