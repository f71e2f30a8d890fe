import { newPerson, World } from './harness.ts';
import { see } from './person.ts';
const lang = (process.argv[2] ?? 'en') as 'en'|'de';
const world = await World.open();
try {
  const shop = await world.shop();
  const { chromium, person, page } = await newPerson(world, shop.url, { lang });
  await page.setViewport({ width: 1200, height: 900 });
  await page.screenshot({ path: `/tmp/pics/${lang}-shop.png` });
  await person.click(page, 'personalise');
  await see(page, 'steps');
  await page.screenshot({ path: `/tmp/pics/${lang}-steps.png` });
  const popup = await person.icon(page);
  await popup.screenshot({ path: `/tmp/pics/${lang}-popup.png` });
  await person.connectOnce(popup);
  const approval = await chromium.window('approval.html');
  await person.choose(approval, `input-size.shoe`, 'EU 42');
  await approval.screenshot({ path: `/tmp/pics/${lang}-approval.png`, fullPage: true });
  await person.choose(approval, `input-preference.coffee-roast`, 'dark');
  await person.click(approval, 'share');
  await see(approval, 'shared');
  await approval.screenshot({ path: `/tmp/pics/${lang}-shared.png`, fullPage: true });
  await page.waitForSelector('body[data-personalised="yes"]');
  await page.screenshot({ path: `/tmp/pics/${lang}-personal.png` });
  for (const tab of ['data', 'sharing', 'log']) {
    const app = await chromium.page(`app.html#/${tab}`);
    await app.setViewport({ width: 900, height: 900 });
    await new Promise((r) => setTimeout(r, 800));
    await app.screenshot({ path: `/tmp/pics/${lang}-app-${tab}.png` });
  }
} finally { await world.close(); }
