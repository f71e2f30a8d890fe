import { describe, expect, test } from 'vitest';
import { memoryBrowser, TAB } from '../worker/testing/memory-browser.ts';
import { Connections, isConnected } from './connections.ts';

const ORIGIN = 'https://shop.example';

/** The person has clicked the toolbar button on a page. */
function clicked(url = `${ORIGIN}/shoes?size=42`, loopback = false) {
  const memory = memoryBrowser();
  memory.tabUrls.set(TAB, url);
  memory.active.add(TAB);
  return { memory, connections: new Connections(memory.browser, loopback) };
}

describe('a site', () => {
  test('is not connected by being looked at', async () => {
    const { memory, connections } = clicked();
    const view = await connections.view(TAB);
    expect(view).toEqual({ origin: ORIGIN, host: 'shop.example', connected: 'no' });
    expect(memory.injected).toEqual([]);
  });

  test('connected once gets the relay first and then the provider, and stays so while the tab stays there', async () => {
    const { memory, connections } = clicked();
    await connections.once(TAB);
    const once = [
      { tabId: TAB, file: 'relay.js', world: 'ISOLATED' },
      { tabId: TAB, file: 'provider.js', world: 'MAIN' },
    ];
    expect(memory.injected).toEqual(once);
    expect((await connections.view(TAB)).connected).toBe('once');
    memory.tabUrls.set(TAB, `${ORIGIN}/boots`);
    await connections.tabLoads(TAB);
    expect(memory.injected).toEqual([...once, ...once]);
    expect(memory.registered.size).toBe(0);
  });

  test.each([
    ['another origin', () => 'https://other.example/'],
    ['the same host on another port', () => 'https://shop.example:8443/'],
  ])('connected once is left alone on %s, and after it on its own', async (_, elsewhere) => {
    const { memory, connections } = clicked();
    await connections.once(TAB);
    memory.injected.length = 0;
    memory.tabUrls.set(TAB, elsewhere());
    await connections.tabLoads(TAB);
    memory.tabUrls.set(TAB, ORIGIN);
    await connections.tabLoads(TAB);
    expect(memory.injected).toEqual([]);
    expect((await connections.view(TAB)).connected).toBe('no');
  });

  test('connected once is connected before its page can ask', async () => {
    const { memory, connections } = clicked();
    const { executeScript } = memory.browser.scripting;
    let connected: unknown;
    memory.browser.scripting.executeScript = async (injection) => {
      connected = await isConnected(memory.browser, { origin: ORIGIN, tabId: TAB });
      return executeScript(injection);
    };
    await connections.once(TAB);
    expect(connected).toBe(true);
    memory.active.clear();
    await connections.tabLoads(TAB);
    expect(await isConnected(memory.browser, { origin: ORIGIN, tabId: TAB })).toBe(false);
  });

  test('is left alone when the browser no longer permits it', async () => {
    const { memory, connections } = clicked();
    await connections.once(TAB);
    memory.injected.length = 0;
    memory.active.clear();
    await connections.tabLoads(TAB);
    expect(memory.injected).toEqual([]);
    expect(Object.keys(await memory.session())).toEqual([]);
  });

  test('connected always is registered for exactly its origin, and only with the person’s permission', async () => {
    const { memory, connections } = clicked();
    const refused = { code: 'not-a-site' };
    await expect(connections.always(TAB, ORIGIN)).rejects.toMatchObject(refused);
    memory.granted.add(`${ORIGIN}/*`).add('https://other.example/*');
    await expect(connections.always(TAB, 'https://other.example')).rejects.toMatchObject(refused);
    await connections.always(TAB, ORIGIN);
    expect([...memory.registered.values()].map(({ matches }) => matches)).toEqual([
      [`${ORIGIN}/*`],
      [`${ORIGIN}/*`],
    ]);
    expect((await connections.view(TAB)).connected).toBe('always');
  });

  test('disconnected loses registration, permission and the provider in open pages', async () => {
    const { memory, connections } = clicked();
    memory.granted.add(`${ORIGIN}/*`);
    await connections.always(TAB, ORIGIN);
    await connections.once(TAB);
    const heard: unknown[] = [];
    // In a tab whose address the browser does not tell us.
    memory.tabUrls.set(TAB + 1, `${ORIGIN}/boots`);
    memory.documents.set('', { tabId: TAB + 1, hear: (message) => void heard.push(message) });
    await connections.end(ORIGIN);
    expect(memory.registered.size).toBe(0);
    expect(memory.granted.size).toBe(0);
    expect(heard).toEqual([{ zusage: 'off', origin: ORIGIN }]);
    expect((await connections.view(TAB)).connected).toBe('no');
  });

  test.each([
    'http://shop.example/',
    'http://localhost:4620/',
    'chrome://extensions/',
    'file:///tmp/page.html',
    'about:blank',
    'data:text/html,x',
  ])('cannot be %s', async (url) => {
    const { connections } = clicked(url);
    expect(await connections.view(TAB)).toEqual({ origin: null, host: null, connected: 'no' });
    await expect(connections.once(TAB)).rejects.toMatchObject({ code: 'not-a-site' });
  });

  test('may be http on loopback in builds for development and tests', async () => {
    const { connections } = clicked('http://localhost:4620/', true);
    await connections.once(TAB);
    expect((await connections.view(TAB)).connected).toBe('once');
  });
});
