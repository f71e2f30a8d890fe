import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OFFER } from '../demo-shop/offer.ts';
import type { Chromium } from './chromium.ts';
import { heldBy, World } from './harness.ts';
import { Person, see, textOf } from './person.ts';

// The browser itself refuses to write: it is told that the extension has used up its room (CDP,
// Storage.overrideQuotaForOrigin). It asks itself how much is left only now and then, so each test begins in a browser
// that has just been started and has not written yet.

const FULL = 'could not save';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** While `act` runs there is no room for anything more. */
async function whileFull(chromium: Chromium, page: Page, act: () => Promise<void>): Promise<void> {
  const session = await page.createCDPSession();
  const origin = chromium.url('').slice(0, -1);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await act();
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await session.detach();
}

test('no vault is made on a full disk; once there is room, what was entered is still there', async () => {
  const { chromium } = await world.chromium();
  const person = new Person(chromium);
  const page = await chromium.window('welcome.html');
  await page.bringToFront();
  await whileFull(chromium, page, async () => {
    await person.click(page, 'begin');
    await person.choosePassphrase(page);
    await person.type(page, 'vault-service', world.vault);
    await person.click(page, 'create');
    expect(await textOf(page, 'error')).toContain(FULL);
  });
  await person.click(page, 'create');
  await see(page, 'skip-all');
});

test('on a full disk a change and sharing say so and change nothing; stopping still stops', async () => {
  const shop = await world.shop();
  const other = await world.shop();
  const installed = await world.chromium();
  const before = new Person(installed.chromium);
  await before.createVault(world.vault);
  const first = await installed.chromium.goto(shop.url);
  await before.connectOnce(await before.icon(first));
  const prompt = await installed.chromium.window('approval.html');
  await before.choose(prompt, 'input-size.shoe', 'EU 42');
  await before.choose(prompt, 'input-preference.coffee-roast', 'dark');
  await before.click(prompt, 'share');
  await first.waitForSelector('body[data-personalised="yes"]');
  await installed.close();
  const [grant] = heldBy(shop);
  if (grant === undefined) throw new Error('The shop holds no grant.');
  const check = () => world.check(shop, grant, OFFER.purpose, 'size.shoe');

  const chromium = await installed.open();
  const person = new Person(chromium);
  const page = await chromium.page('app.html#/data');
  const change = async () => {
    await person.click(page, 'edit-size.shoe');
    await person.choose(page, 'input-size.shoe', 'EU 43');
    await person.click(page, 'save-size.shoe');
  };
  await whileFull(chromium, page, async () => {
    await person.unlock(page);
    await change();
    expect(await textOf(page, 'error')).toContain(FULL);
    // What was chosen is still in the form, what was saved still in the vault.
    const field = '[data-testid="input-size.shoe"]';
    expect(await page.$eval(field, (select) => (select as HTMLSelectElement).value)).toBe('EU 43');
    await page.reload();
    expect(await textOf(page, 'attribute-size.shoe')).toContain('EU 42');

    const tab = await chromium.goto(other.url);
    await person.connectOnce(await person.icon(tab));
    const approval = await chromium.window('approval.html');
    expect(await textOf(approval, 'over')).toContain(FULL);
    expect(heldBy(other)).toEqual([]);

    const app = await chromium.page('app.html#/sharing');
    await person.click(app, `withdraw-${grant.jti}`);
    // For good, since nothing could remember an undo.
    await app.waitForSelector(`[data-testid="grant-${grant.jti}"][data-state="withdrawn"]`);
    expect(await check()).toMatchObject({ allowed: false, reason: 'withdrawn' });
  });
  await page.bringToFront();
  await change();
  await page.waitForFunction(() =>
    document.querySelector('[data-testid="attribute-size.shoe"]')?.textContent?.includes('EU 43'),
  );
});
