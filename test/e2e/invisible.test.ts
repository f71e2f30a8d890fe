import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Chromium } from './chromium.ts';
import { newPerson, World } from './harness.ts';
import { see, textOf } from './person.ts';
import { requestOf } from './requests.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** Everything a page can look at that an extension could have changed, as text. */
function fingerprint(page: Page): Promise<string> {
  return page.evaluate(() => {
    const members = (owner: object) =>
      Reflect.ownKeys(owner).map((key) => {
        const { value, get, set, ...flags } =
          Object.getOwnPropertyDescriptor(owner, key) ?? ({} as PropertyDescriptor);
        const functions = [value, get, set].map((it) =>
          typeof it === 'function' ? `${it} ${it.name} ${it.length}` : typeof it,
        );
        return [String(key), flags, functions];
      });
    const { DigitalCredential } = window as unknown as { DigitalCredential: { prototype: object } };
    const looked = [
      CredentialsContainer,
      CredentialsContainer.prototype,
      navigator.credentials,
      DigitalCredential,
      DigitalCredential.prototype,
      document,
      Function.prototype,
    ];
    return JSON.stringify({
      globals: Reflect.ownKeys(window).map(String),
      members: looked.map(members),
      html: document.documentElement.outerHTML,
    });
  });
}

const isProvided = (page: Page) =>
  page.evaluate(() => Symbol.for('zusage') in CredentialsContainer.prototype);

describe('a page', () => {
  test('that is not connected looks as it does in a browser without the extension', async () => {
    const shop = await world.shop();
    const url = `${shop.url}/privacy`;
    const plain = await Chromium.plain(join(world.folder, 'plain'));
    world.closes(() => plain.close());
    const elsewhere = await plain.newPage();
    await elsewhere.goto(url);
    const expected = await fingerprint(elsewhere);
    await plain.close();

    const { chromium, person, page } = await newPerson(world, url);
    expect(await fingerprint(page)).toBe(expected);
    const file = chromium.url('popup.html');
    const loaded = (address: string) =>
      fetch(address, { mode: 'no-cors' }).then(
        () => true,
        () => false,
      );
    expect(await page.evaluate(loaded, file)).toBe(false);

    // The comparison sees a provider, and nothing is left of it once the person disconnects.
    let popup = await person.icon(page);
    await person.connectOnce(popup);
    await see(popup, 'disconnect');
    expect(await isProvided(page)).toBe(true);
    expect(await fingerprint(page)).not.toBe(expected);
    await popup.close();
    popup = await person.icon(page);
    await person.click(popup, 'disconnect');
    await see(popup, 'connect-once');
    expect(await fingerprint(page)).toBe(expected);
    await page.reload();
    expect(await fingerprint(page)).toBe(expected);
  });

  test('in a frame of a connected one has no provider, and nothing of ours appears', async () => {
    const site = await framing();
    const shop = await world.shop();
    const request = await requestOf(world, shop);
    const { chromium, person, page } = await newPerson(world, site);
    const popup = await person.icon(page);
    await person.connectOnce(popup);
    await see(popup, 'disconnect');
    await popup.close();
    expect(await isProvided(page)).toBe(true);
    expect(await heard(page)).toEqual([1, 0, 0]);

    const frames = page.frames().filter((frame) => frame !== page.mainFrame());
    expect(frames).toHaveLength(2);
    const windows = chromium.opened.length;
    for (const frame of frames) {
      const seen = await frame.evaluate((compact) => {
        const { get } = CredentialsContainer.prototype;
        const controller = new AbortController();
        const reason = new Error('enough');
        const requests = [{ protocol: 'openid4vp-v1-signed', data: { request: compact } }];
        const { signal } = controller;
        const asked = navigator.credentials.get({ digital: { requests }, signal } as object);
        controller.abort(reason);
        return asked.catch(() => [
          `${get}`,
          get.name,
          Symbol.for('zusage') in CredentialsContainer.prototype,
        ]);
      }, request);
      expect(seen).toEqual(['function get() { [native code] }', 'get', false]);
    }
    // The same call in the page itself is ours: it is answered at once, being another site's request.
    const kind = await page.evaluate(async (compact) => {
      const requests = [{ protocol: 'openid4vp-v1-signed', data: { request: compact } }];
      const asked = navigator.credentials.get({ digital: { requests } } as object);
      return asked.catch((error: Error) => error.name);
    }, request);
    expect(kind).toBe('TypeError');
    expect(chromium.opened.slice(windows)).toEqual([]);
  });

  test('that is connected learns nothing of the person’s sign, nor does what runs beside it', async () => {
    const shop = await world.shop();
    const { person, page } = await newPerson(world, `${shop.url}/privacy`);
    const popup = await person.icon(page);
    const phrase = await textOf(popup, 'sign');
    await person.connectOnce(popup);
    await see(popup, 'disconnect');
    await popup.close();

    const [relay] = page.extensionRealms();
    const read = await relay?.evaluate(() =>
      chrome.storage.local.get().then(JSON.stringify, (error) => `refused: ${error.message}`),
    );
    expect(read).toMatch(/^refused: .*not allowed/);
    expect(await page.content()).not.toContain(phrase);
  });
});

/** How often the page and each of its frames were invited. */
const heard = (page: Page) =>
  Promise.all(
    page.frames().map((frame) => frame.evaluate(() => (window as { heard?: number }).heard ?? 0)),
  );

/** A site whose page frames another page of its own, and an empty one. */
async function framing(): Promise<string> {
  const script =
    "<script>heard = 0; document.addEventListener('zusage-connected', () => heard++)</script>";
  const server = createServer((request, response) => {
    const isFrame = request.url === '/frame';
    const frames = isFrame ? '' : '<iframe src="/frame"></iframe><iframe></iframe>';
    response.writeHead(200, { 'content-type': 'text/html' }).end(`${script}${frames}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  world.closes(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

test('a shop stays personalised after a restart of the browser, while the vault is locked', async () => {
  const shop = await world.shop();
  const { installed, chromium, person, page } = await newPerson(world, shop.url);
  await person.connectOnce(await person.icon(page));
  const approval = await chromium.window('approval.html');
  await person.choose(approval, 'input-size.shoe', 'EU 42');
  await person.choose(approval, 'input-preference.coffee-roast', 'dark');
  await person.click(approval, 'share');
  await page.waitForSelector('body[data-personalised="yes"]');

  await installed.close();
  const restarted = await installed.open();
  const again = await restarted.goto(shop.url);
  await again.waitForSelector('body[data-personalised="yes"]');
  expect(await isProvided(again)).toBe(false);
  await see(await restarted.clickIcon(again), 'unlock');
});

test('a site that is always connected is so in every tab, and no other is', async () => {
  const shop = await world.shop();
  const other = await world.shop();
  const url = `${shop.url}/privacy`;
  const { chromium, person, page } = await newPerson(world, url, { hostPermission: true });
  const popup = await person.icon(page);
  await person.click(popup, 'connect-always');
  await see(popup, 'disconnect');
  expect(await isProvided(page)).toBe(true);
  await page.reload();
  expect(await isProvided(page)).toBe(true);

  expect(await isProvided(await chromium.goto(shop.url))).toBe(true);
  expect(await isProvided(await chromium.goto(`${other.url}/privacy`))).toBe(false);
});
