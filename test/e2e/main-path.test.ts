import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OFFER } from '../demo-shop/offer.ts';
import { heldBy, newPerson, World } from './harness.ts';
import { Person, see, textOf } from './person.ts';
import { until } from './until.ts';

const OTHER_PURPOSE = 'https://w3id.org/dpv#DirectMarketing';
const SHOE = 'size.shoe';
const ROAST = 'preference.coffee-roast';
const TRIP = 'intent.travel';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const personalised = (page: Page) => page.waitForSelector('body[data-personalised="yes"]');
const neutral = (page: Page) => page.waitForSelector('body[data-personalised="no"]');

test('a person shares two preferences, the brand checks, the person withdraws', async () => {
  const shop = await world.shop();
  const { chromium, person, page } = await newPerson(world, shop.url);

  // Before they connect, the button only shows the two steps.
  await person.click(page, 'personalise');
  await see(page, 'steps');
  const popup = await person.icon(page);
  await person.connectOnce(popup);

  // The vault is empty: the values are entered in the prompt. The optional one is left out.
  const approval = await chromium.window('approval.html');
  await person.choose(approval, `input-${SHOE}`, 'EU 42');
  await person.choose(approval, `input-${ROAST}`, 'dark');
  expect(
    await approval.$eval(
      `[data-testid="item-${TRIP}"]`,
      (box) => (box as HTMLInputElement).checked,
    ),
  ).toBe(false);
  await person.click(approval, 'share');
  await see(approval, 'shared');
  await personalised(page);
  expect(await textOf(page, 'told')).toContain('EU 42');
  expect(await textOf(page, 'shelf-yours')).toContain('Dark roast');

  const [grant] = heldBy(shop);
  if (grant === undefined) throw new Error('The shop holds no grant.');
  const check = (purpose: string, attribute: string) =>
    world.check(shop, grant, purpose, attribute);
  expect(await check(OFFER.purpose, SHOE)).toMatchObject({ allowed: true, grant: grant.jti });
  expect(await check(OFFER.purpose, ROAST)).toMatchObject({ allowed: true });
  expect(await check(OTHER_PURPOSE, SHOE)).toMatchObject({ allowed: false, reason: 'purpose' });
  expect(await check(OFFER.purpose, TRIP)).toMatchObject({ allowed: false, reason: 'attribute' });

  // Withdraw, and the next use is refused.
  const app = await chromium.page('app.html#/sharing');
  await person.click(app, `withdraw-${grant.jti}`);
  await see(app, `restore-${grant.jti}`);
  expect(await check(OFFER.purpose, SHOE)).toMatchObject({ allowed: false, reason: 'suspended' });
  await page.reload();
  await neutral(page);
  expect(await page.$eval('[data-testid="notice"]', (it) => it.getAttribute('data-state'))).toBe(
    'paused',
  );
  expect(heldBy(shop)[0]?.values).not.toBeNull();

  // Undo, and it is allowed again.
  await person.click(app, `restore-${grant.jti}`);
  await see(app, `withdraw-${grant.jti}`);
  expect(await check(OFFER.purpose, SHOE)).toMatchObject({ allowed: true });
  await page.reload();
  await personalised(page);

  // Withdraw for good: the window passes, the shop deletes and hands back.
  await person.end(app, grant.jti);
  await until('the end of the grant', async () => {
    const verdict = await check(OFFER.purpose, SHOE);
    expect(verdict.allowed).toBe(false);
    return verdict.reason === 'withdrawn';
  });
  await until('the shop to delete and hand back', () => heldBy(shop)[0]?.handed_back);
  expect(heldBy(shop)[0]?.values).toBeNull();
  expect(world.registered()).toMatchObject([
    { jti: grant.jti, ended_by: 'withdrawn', returned: 1 },
  ]);
  await page.reload();
  await neutral(page);
  await app.waitForSelector(`[data-testid="grant-${grant.jti}"][data-state="withdrawn"]`);
});

test('with a filled, unlocked vault three actions lead from the shop to the personalised shop', async () => {
  const shop = await world.shop();
  const { chromium, person: owner, page } = await newPerson(world, shop.url);
  const app = await chromium.page('app.html#/data');
  await owner.tell(app, SHOE, (testid) => owner.choose(app, testid, 'EU 44'));
  await owner.tell(app, ROAST, (testid) => owner.choose(app, testid, 'light'));
  await app.close();

  const person = new Person(chromium);
  const popup = await person.icon(page);
  await person.connectOnce(popup);
  const approval = await chromium.window('approval.html');
  await person.click(approval, 'share');
  await personalised(page);
  expect(person.actions).toBe(3);
  expect(await textOf(page, 'told')).toContain('EU 44');
});
