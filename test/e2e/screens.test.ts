import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../start/root.ts';
import { World } from './harness.ts';
import { Person, see } from './person.ts';

/** For people to look at; git ignores them. */
const PICTURES = join(ROOT, 'test', 'screens');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What dark could break that light has not. */
const LOOKS = {
  light: {
    type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
  dark: { type: 'rule', values: ['color-contrast'] },
} satisfies Record<string, RunOptions['runOnly']>;

let world: World;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  world = await World.open();
});
afterAll(() => world.close());

/** Takes a picture of the whole page in light and dark, and fails with what axe finds in either. */
async function look(page: Page, name: string): Promise<void> {
  await page.evaluate(AXE);
  // A popup has the size of what is in it, and Chromium gives it no other.
  const { window, whole } = await sizesOf(page);
  const sizes = !page.url().endsWith('/popup.html');
  if (sizes) await page.setViewport(whole);
  for (const value of ['light', 'dark'] as const) {
    // Colours that are on their way to others are nobody's.
    const still = { name: 'prefers-reduced-motion', value: 'reduce' };
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }, still]);
    const { violations, passes } = await page.evaluate(
      (options): Promise<AxeResults> =>
        (window as unknown as { axe: typeof import('axe-core') }).axe.run(options),
      { runOnly: LOOKS[value] } satisfies RunOptions,
    );
    const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
    expect(found, `${name}, ${value}`).toEqual([]);
    // An axe that looked at nothing finds nothing.
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
    await page.screenshot({ path: join(PICTURES, `${name}-${value}.png`) });
  }
  await page.emulateMediaFeatures([]);
  if (sizes) await page.setViewport(window);
}

type Size = { width: number; height: number };

/** The page's size as it is, and the one at which nothing of it needs scrolling. */
function sizesOf(page: Page): Promise<{ window: Size; whole: Size }> {
  return page.evaluate(() => {
    const [width, height] = [innerWidth, innerHeight];
    const hidden = [document.documentElement, ...document.querySelectorAll('main')].map(
      ({ scrollHeight, clientHeight }) => scrollHeight - clientHeight,
    );
    return {
      window: { width, height },
      whole: { width, height: height + Math.max(...hidden) },
    };
  });
}

test.each(['en', 'de'] as const)('axe finds nothing on any screen in %s', async (lang) => {
  const shop = await world.shop();
  const { chromium } = await world.chromium({ lang });
  const person = new Person(chromium);
  const page = await chromium.goto(shop.url);
  const at = (name: string) => `${name}-${lang}`;

  let popup = await person.icon(page);
  await see(popup, 'create');
  await look(popup, at('popup-create'));
  await person.createVault(popup, world.vault);
  await see(popup, 'connect-once');
  await look(popup, at('popup-site'));
  await popup.close();

  const data = await chromium.page('app.html#/data');
  await see(data, 'add-attribute');
  await look(data, at('app-data-empty'));
  await person.click(data, 'add-attribute');
  await see(data, 'search-catalogue');
  await look(data, at('app-catalogue'));
  await person.click(data, 'choose-size.shoe');
  await person.click(data, 'save-size.shoe');
  await look(data, at('app-attribute-problem'));
  await person.choose(data, 'input-size.shoe', 'EU 42');
  await person.click(data, 'save-size.shoe');
  await see(data, 'attribute-size.shoe');
  await look(data, at('app-data'));
  await person.click(data, 'remove-size.shoe');
  await person.click(data, 'undo');
  await see(data, 'attribute-size.shoe');
  await data.close();

  popup = await person.icon(page);
  await person.connectOnce(popup);
  const approval = await chromium.window('approval.html');
  await see(approval, 'input-preference.coffee-roast');
  await person.click(approval, 'item-intent.travel');
  await person.click(approval, 'share');
  await look(approval, at('approval-problem'));
  await person.click(approval, 'item-intent.travel');
  await person.choose(approval, 'input-preference.coffee-roast', 'dark');
  await look(approval, at('approval'));
  const { cut } = world.wire;
  world.wire.cut = true;
  await person.click(approval, 'share');
  await see(approval, 'failed');
  world.wire.cut = cut;
  await look(approval, at('approval-failed'));
  await person.click(approval, 'close');
  await chromium.gone('approval.html');

  await person.click(page, 'personalise');
  await person.click(await chromium.window('approval.html'), 'share');
  await page.waitForSelector('body[data-personalised="yes"]');

  const sharing = await chromium.page('app.html#/sharing');
  const grant = await sharing.waitForSelector('[data-testid^="withdraw-"]');
  await look(sharing, at('app-sharing'));
  await grant?.click();
  await sharing.waitForSelector('[data-state="undo"]');
  await look(sharing, at('app-sharing-undo'));
  await sharing.close();
  const log = await chromium.page('app.html#/log');
  await log.waitForSelector('details');
  await log.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  await look(log, at('app-log'));
  await person.click(log, 'lock');
  await see(log, 'unlock');
  await look(log, at('app-locked'));
  await log.close();
  popup = await person.icon(page);
  await see(popup, 'unlock');
  await look(popup, at('popup-locked'));
});
