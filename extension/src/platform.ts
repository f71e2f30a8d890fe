/**
 * The browser's extension API with promises in every browser. The only file that imports the polyfill: the worker
 * and the pages import `browser` from here; content scripts never do (it is larger than they may be).
 */
export { default as browser } from 'webextension-polyfill';
