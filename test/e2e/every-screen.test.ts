import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Chromium } from './chromium.ts';
import { World } from './harness.ts';
import { look } from './look.ts';
import { Person, see } from './person.ts';
import { pages, routes } from './routes.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** Those with addresses of their own; popup and approval are looked at where they come up, in screens.test.ts. */
const ADDRESSED = ['app', 'practice', 'stop', 'welcome'];

test('the screens are known from the source, and no page is forgotten', () => {
  expect(pages().sort()).toEqual([...ADDRESSED, 'approval', 'popup'].sort());
  expect(routes('app')).toEqual(expect.arrayContaining(['', 'data', 'sharing', 'log', 'settings']));
  expect(routes('welcome')).toEqual(expect.arrayContaining(['', 'passphrase', 'kit', 'restore']));
});

test.each(['en', 'de'] as const)(
  'every screen without a vault, with one, and locked, in %s',
  async (lang) => {
    const { chromium } = await world.chromium({ lang });
    const person = new Person(chromium);
    await chromium.window('welcome.html');
    await everyScreen(chromium, `none-${lang}`);
    const welcome = await chromium.window('welcome.html');
    await welcome.goto(chromium.url('welcome.html'));
    await person.createVault(world.vault);
    await everyScreen(chromium, `open-${lang}`);
    const app = await chromium.page('app.html');
    await person.click(app, 'lock');
    await see(app, 'unlock');
    await app.close();
    await everyScreen(chromium, `locked-${lang}`);
  },
  600_000,
);

async function everyScreen(chromium: Chromium, state: string): Promise<void> {
  for (const name of ADDRESSED) {
    for (const route of routes(name)) {
      const page = await chromium.page(`${name}.html#/${route}`);
      await drawn(page).catch(() => {
        throw new Error(`${name}.html#/${route} shows no heading (${state}).`);
      });
      await look(page, `${name}-${route || 'first'}-${state}`);
      await page.close();
    }
  }
}

/** A heading of the screen, and nothing that is still being fetched. */
async function drawn(page: Page): Promise<void> {
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}
