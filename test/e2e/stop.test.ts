import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPerson, World } from './harness.ts';
import { look } from './look.ts';
import { Person, see, textOf } from './person.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

type Sheet = { code: string; endings: () => (string | null)[] };

/** Somebody shares with a shop, prints the sheet, and loses the computer. */
async function sheetOf(): Promise<Sheet> {
  const shop = await world.shop();
  const { installed, chromium, person, page } = await newPerson(world, shop.url);
  await person.connectOnce(await person.icon(page));
  const approval = await chromium.window('approval.html');
  await person.choose(approval, 'input-size.shoe', 'EU 42');
  await person.choose(approval, 'input-preference.coffee-roast', 'dark');
  await person.click(approval, 'share');
  await page.waitForSelector('body[data-personalised="yes"]');
  const kit = await chromium.page('welcome.html#/kit');
  await person.click(kit, 'make-kit');
  await see(kit, 'kit-stop');
  const groups = await kit.$$eval('[data-testid="kit-stop"] code', (all) =>
    all.map(({ textContent }) => textContent ?? ''),
  );
  await installed.close();
  const own = () => world.registered().filter(({ aud }) => aud === shop.did);
  expect(own()).toHaveLength(1);
  return { code: groups.join(' ').toLowerCase(), endings: () => own().map((one) => one.ended_by) };
}

/** Everything by keyboard: the code has the focus when the page opens. */
async function typeCode(page: Page, code: string): Promise<void> {
  await page.waitForSelector('[data-testid="stop-code"]:focus');
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

test("the service's page ends everything from the sheet alone, in a browser that knows nothing", async () => {
  const { code, endings } = await sheetOf();
  const { chromium } = await world.chromium();
  await chromium.window('welcome.html');
  const context = await chromium.browser.createBrowserContext();
  const page = await context.newPage();
  const asked: { url: string; referer: string | undefined }[] = [];
  page.on('request', (request) => {
    asked.push({ url: request.url(), referer: request.headers()['referer'] });
  });
  const problems: string[] = [];
  page.on('console', (message) => problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${world.vault}/stop`);
  await page.bringToFront();

  await typeCode(page, `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`);
  expect(await page.$eval('#problem', ({ textContent }) => textContent)).not.toBe('');
  await look(page, 'stop-service-problem-en');
  expect(endings()).toEqual([null]);

  await page.reload();
  await page.bringToFront();
  const { cut } = world.wire;
  world.wire.cut = true;
  try {
    await typeCode(page, code);
    await page.waitForFunction(
      () => document.querySelector('#problem')?.textContent?.includes('does not answer') === true,
    );
  } finally {
    world.wire.cut = cut;
  }
  await page.focus('[data-testid="stop-all"]');
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () =>
      document.querySelector('[data-testid="stop-outcome"]')?.textContent?.includes('One') === true,
  );
  expect(endings()).toEqual(['stopped']);
  await look(page, 'stop-service-done-en');

  expect(new Set(asked.map(({ url }) => url))).toEqual(new Set([`${world.vault}/stop`]));
  expect(asked.map(({ referer }) => referer).filter(Boolean)).toEqual([]);
  expect(problems.filter((text) => !/ERR_|Failed to load resource/.test(text))).toEqual([]);
  expect(page.url()).toBe(`${world.vault}/stop`);
  const kept = await page.evaluate(async () => [
    { ...localStorage },
    { ...sessionStorage },
    document.cookie,
    await indexedDB.databases(),
    (document.querySelector('#code') as HTMLInputElement).value,
  ]);
  expect(kept).toEqual([{}, {}, '', [], '']);

  await page.click('[data-testid="stop-lang"]');
  await look(page, 'stop-service-done-de');
  // At 200 %, nothing has to be moved sideways to be read.
  await page.setViewport({ width: 320, height: 640, deviceScaleFactor: 2 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await context.close();
});

test.each(['en', 'de'] as const)("the extension's page does the same, in %s", async (lang) => {
  const { code, endings } = await sheetOf();
  const { chromium } = await world.chromium({ lang });
  await chromium.window('welcome.html');
  const person = new Person(chromium);
  const page = await chromium.page('stop.html');
  await page.waitForSelector('[data-testid="stop-code"]:focus');
  await look(page, `stop-${lang}`);
  await page.keyboard.type(code);
  await page.keyboard.press('Tab');
  await page.keyboard.type(`${world.vault}/stop`);
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () => (document.querySelector('[data-testid="stop-outcome"]')?.textContent ?? '').length > 40,
  );
  expect(await textOf(page, 'stop-outcome')).toMatch(/^(One|Ein)/);
  expect(endings()).toEqual(['stopped']);
  await look(page, `stop-done-${lang}`);
  // Once more: what is ended stays ended, and is still known.
  await person.type(page, 'stop-code', code);
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () => (document.querySelector('#code') as HTMLInputElement).value === '',
  );
  expect(endings()).toEqual(['stopped']);
});
