import type { KeyInput, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Chromium } from './chromium.ts';
import { World } from './harness.ts';
import { look } from './look.ts';
import { PASSPHRASE, Person, see, textOf } from './person.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** More presses of Tab than any screen has places. */
const PLACES = 60;

/** Goes there as a keyboard does: Tab by Tab, and never out of the page. */
async function tabTo(page: Page, testid: string): Promise<void> {
  await see(page, testid);
  for (let i = 0; i < PLACES; i++) {
    const at = await page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
    if (at === testid) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not get to ${testid}.`);
}

async function press(page: Page, testid: string, key: KeyInput = 'Enter'): Promise<void> {
  await tabTo(page, testid);
  await page.keyboard.press(key);
}

async function type(page: Page, testid: string, text: string): Promise<void> {
  await tabTo(page, testid);
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  await page.keyboard.type(text);
}

/** Nothing may leave while practising: what the browser asks the network for. */
function requestsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  return asked;
}

/** How often the vault service was asked this. */
const asks = (method: string, path: string) =>
  world.wire.exchanges.filter((one) => one.method === method && one.path === path).length;

/** Looks at it, and at a width of 320 pixels, as it is at 400 % zoom: nothing needs scrolling sideways (WCAG 1.4.10). */
async function lookAndZoom(page: Page, name: string): Promise<void> {
  await look(page, name);
  const [width, height] = await page.evaluate(() => [innerWidth, innerHeight]);
  await page.setViewport({ width: 320, height: 480 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(320);
  await page.setViewport({ width: width ?? 800, height: height ?? 600 });
}

const elsewhere = (chromium: Chromium, urls: string[]) =>
  urls.filter((url) => !url.startsWith(chromium.url('')) && !url.startsWith('data:'));

test.each(['en', 'de'] as const)(
  'the first session, with the keyboard alone, in %s',
  async (lang) => {
    await world.shop();
    const { chromium } = await world.chromium({ lang });
    const at = (name: string) => `${name}-${lang}`;

    // The tab that the installation opened; nothing is asked of the network, and nothing is there yet.
    const page = await chromium.window('welcome.html');
    await page.bringToFront();
    await see(page, 'begin');
    await lookAndZoom(page, at('welcome-hello'));
    await press(page, 'begin');

    // A weak passphrase is not taken, and the words say why.
    await type(page, 'passphrase', 'password');
    await page.waitForFunction(
      () => document.querySelector('[data-level]')?.getAttribute('data-level') === 'weak',
    );
    await type(page, 'vault-service', world.vault);
    await press(page, 'create');
    await page.waitForSelector('#passphrase:focus[aria-invalid="true"]');
    await lookAndZoom(page, at('welcome-passphrase-weak'));

    // Caps Lock is said, and pasting is not prevented.
    await page.$eval('#passphrase', (field) =>
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: true })),
    );
    await page.waitForFunction(() => document.querySelector('.caps')?.textContent !== '');
    const mayPaste = await page.$eval('#passphrase-again', (field) =>
      field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true })),
    );
    expect(mayPaste).toBe(true);

    // Suggested words are strong; who has some of their own types those.
    await press(page, 'suggest');
    await press(page, 'use-suggested');
    await page.waitForSelector('[data-level="strong"]');
    await lookAndZoom(page, at('welcome-passphrase-suggested'));
    await type(page, 'passphrase', PASSPHRASE);
    await page.waitForSelector('[data-level="strong"]');
    await type(page, 'passphrase-again', PASSPHRASE);
    await press(page, 'create');

    // Five cards: one answered, one gone back to, the rest skipped.
    await see(page, 'card-save');
    await lookAndZoom(page, at('welcome-cards'));
    expect(await textOf(page, 'sign')).toMatch(/^[a-z]+ [a-z]+$/);
    await press(page, 'card-save');
    await press(page, 'input-preference.color-green', 'Space');
    await press(page, 'card-save');
    await see(page, 'input-size.shoe');
    await press(page, 'card-back');
    await see(page, 'input-preference.color-green');
    await press(page, 'card-skip');
    await tabTo(page, 'input-size.shoe');
    await page.keyboard.type('EU 42');
    await press(page, 'card-save');
    await press(page, 'skip-all');

    // The kit may be made later, and a banner says so from then on.
    await press(page, 'kit-later');
    await see(page, 'home-data');
    await see(page, 'kit-banner');
    await page.waitForFunction(() => !document.body.innerText.includes('…'));
    await lookAndZoom(page, at('app-home'));

    // Where it can be used: asked on the press of a button, and only then.
    const lists = asks('GET', '/brands');
    await press(page, 'load-shops');
    await see(page, 'shops');
    expect(asks('GET', '/brands')).toBe(lists + 1);
    await lookAndZoom(page, at('app-home-shops'));

    // Practice: the real prompt, and nothing leaves.
    const asked = requestsOf(page);
    await press(page, 'practise');
    await see(page, 'share');
    await see(page, 'practice');
    await lookAndZoom(page, at('practice'));
    await tabTo(page, 'input-preference.coffee-roast');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('[data-testid="share"][aria-disabled="false"]');
    await press(page, 'share');
    await see(page, 'practised');
    await lookAndZoom(page, at('practice-shared'));
    await press(page, 'practice-keep');
    await page.waitForSelector('[data-testid="practice-keep"]', { hidden: true });
    expect(elsewhere(chromium, asked)).toEqual([]);
    expect(world.wire.exchanges.filter(({ path }) => path.startsWith('/grants'))).toEqual([]);
    expect(world.registered()).toEqual([]);

    // What was answered and kept is in the vault, with its source; the log knows of no practice.
    await press(page, 'practice-home');
    await press(page, 'home-data');
    await see(page, 'attribute-size.shoe');
    await see(page, 'attribute-preference.color');
    await see(page, 'attribute-preference.coffee-roast');
    await press(page, 'tab-log');
    await page.waitForSelector('.empty');

    // The sign can be changed, and every window shows the new one.
    await press(page, 'tab-settings');
    await type(page, 'sign-phrase', 'Mond & Möwe');
    await press(page, 'save-sign');
    await page.waitForFunction(
      () => document.querySelector('[data-testid="sign"]')?.textContent === 'Mond & Möwe',
    );
    await lookAndZoom(page, at('app-settings'));
  },
);

test('who left in the middle finds the questions again, and is not sent to a kit that is there', async () => {
  const { chromium } = await world.chromium();
  const person = new Person(chromium);
  await person.createVault(world.vault);
  const page = await chromium.page('app.html#/data');
  await press(page, 'to-cards');
  await press(page, 'skip-all');
  await press(page, 'make-kit');
  await see(page, 'kit-code');
  const code = await page.$$eval('[data-testid="kit-code"] code', (all) =>
    all.map(({ textContent }) => textContent ?? ''),
  );
  await press(page, 'kit-written');
  await page.waitForSelector('input.code:focus');
  for (const id of await page.$$eval('input.code', (all) => all.map((field) => field.id))) {
    await type(page, id, code[Number(id.slice('group-'.length))] ?? '');
  }
  await press(page, 'confirm-kit');
  await press(page, 'kit-done');
  await press(page, 'home-data');
  await press(page, 'to-cards');
  await press(page, 'card-skip');
  await tabTo(page, 'input-size.shoe');
  await page.keyboard.type('EU 42');
  await press(page, 'card-save');
  await press(page, 'skip-all');
  await see(page, 'attribute-size.shoe');
  expect(await page.$('[data-testid="to-cards"]')).toBeNull();
});
