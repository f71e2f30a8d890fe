import { afterAll, beforeAll, test } from 'vitest';
import { clickOn } from './aim.ts';
import { World } from './harness.ts';
import { look } from './look.ts';
import { Person, see } from './person.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

test.each(['en', 'de'] as const)('axe finds nothing on any screen in %s', async (lang) => {
  const shop = await world.shop();
  const { chromium } = await world.chromium({ lang });
  const person = new Person(chromium);
  const welcome = await chromium.window('welcome.html');
  const page = await chromium.goto(shop.url);
  const at = (name: string) => `${name}-${lang}`;

  let popup = await person.icon(page);
  await see(popup, 'set-up');
  await look(popup, at('popup-set-up'));
  await popup.close();
  await welcome.bringToFront();
  await person.click(welcome, 'begin');
  await see(welcome, 'create');
  await look(welcome, at('welcome-passphrase'));
  await welcome.goto(chromium.url('welcome.html'));
  await person.createVault(world.vault);
  popup = await person.icon(page);
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
  await clickOn(grant);
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
