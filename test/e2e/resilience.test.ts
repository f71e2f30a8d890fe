import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { say } from '../demo-shop/words.ts';
import { ROOT } from '../start/root.ts';
import type { Chromium } from './chromium.ts';
import { heldBy, newPerson, type Shop, World } from './harness.ts';
import { type Person, see, textOf } from './person.ts';
import { until } from './until.ts';

const MESSAGES = JSON.parse(
  readFileSync(join(ROOT, 'extension', 'public', '_locales', 'en', 'messages.json'), 'utf8'),
);
const sentence = (key: string): string => MESSAGES[key].message;

let world: World;
let chromium: Chromium;
let person: Person;
let shop: Shop;
let page: Page;
let approval: Page;

beforeAll(async () => {
  world = await World.open();
  ({ chromium, person } = await newPerson(world, world.vault));
  const app = await chromium.page('app.html#/data');
  await person.tell(app, 'size.shoe', (testid) => person.choose(app, testid, 'EU 42'));
  await person.tell(app, 'preference.coffee-roast', (testid) => person.choose(app, testid, 'dark'));
});
afterAll(() => world.close());

/** A shop that is new to everybody, and the prompt of its request. */
beforeEach(async () => {
  shop = await world.shop();
  page = await chromium.goto(shop.url);
  await person.connectOnce(await person.icon(page));
  approval = await chromium.window('approval.html');
  await see(approval, 'share');
});
afterEach(async () => {
  world.wire.cut = false;
  await chromium.closeWindows();
});

const personalised = () => page.waitForSelector('body[data-personalised="yes"]');
const said = (words: string) =>
  page.waitForFunction(
    (expected) => document.querySelector('#said')?.textContent === expected,
    {},
    words,
  );
const registered = () => world.registered().filter(({ aud }) => aud === shop.did);

describe('a request outlives the worker', () => {
  test('killed while the prompt is open', async () => {
    await chromium.killWorker();
    await person.click(approval, 'share');
    await personalised();
    expect(registered()).toMatchObject([{ ended_by: null }]);
  });

  test.each(['/grants/slots', '/grants'])(
    'killed after the decision, while the answer of %s is on its way',
    async (path) => {
      using answer = world.wire.hold('POST', path);
      await person.click(approval, 'share');
      await answer.reached;
      await chromium.killWorker();
      answer.release();
      await personalised();
      expect(registered()).toMatchObject([{ ended_by: null }]);
      expect(heldBy(shop)).toHaveLength(1);
    },
  );
});

describe('a page that goes away', () => {
  test('while the prompt is open leads to nothing registered', async () => {
    await page.close();
    await chromium.gone('approval.html');
    expect(registered()).toEqual([]);
  });

  test('while the grant is registered has it withdrawn at once', async () => {
    using answer = world.wire.hold('POST', '/grants');
    await person.click(approval, 'share');
    await answer.reached;
    await page.close();
    answer.release();
    await until('the withdrawal', () => registered()[0]?.ended_by === 'withdrawn');
    expect(await textOf(approval, 'failed')).toContain(sentence('failed_page_gone'));
    expect(heldBy(shop)).toEqual([]);
  });

  test('by reloads leads to nothing registered, and whoever clicks is asked again', async () => {
    // More often than a page may ask in vain.
    for (let reloads = 0; reloads < 4; reloads++) {
      await page.reload();
      await chromium.gone('approval.html');
      await person.click(page, 'personalise');
      await see(await chromium.window('approval.html'), 'share');
    }
    expect(registered()).toEqual([]);
    await person.click(await chromium.window('approval.html'), 'share');
    await personalised();
    expect(registered()).toHaveLength(1);
  });
});

test('nothing is shared while the service cannot be reached, and a sentence says so', async () => {
  world.wire.cut = true;
  await person.click(approval, 'share');
  const text = await textOf(approval, 'failed');
  expect(text).toContain(sentence('failed_title'));
  expect(text).toContain(sentence('failed_service_unreachable'));
  await said(say('notGranted', 'en'));
  expect(registered()).toEqual([]);
  expect(heldBy(shop)).toEqual([]);
});

test('a window that is closed is a refusal', async () => {
  await approval.close();
  await said(say('notGranted', 'en'));
  expect(registered()).toEqual([]);
});
