import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OFFER } from '../demo-shop/offer.ts';
import { heldBy, World } from './harness.ts';
import { look } from './look.ts';
import { Person, see, textOf } from './person.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

async function meet(lang: 'en' | 'de' = 'en') {
  const { chromium } = await world.chromium({ lang });
  const person = new Person(chromium);
  await person.createVault(world.vault);
  const page = await chromium.page('app.html#/data');
  await see(page, 'add-attribute');
  return { chromium, person, page };
}

const by = (testid: string) => `[data-testid="${testid}"]`;
const shown = (page: Page) =>
  page.$$eval('li[data-testid^="attribute-"]', (rows) =>
    rows.map((row) => (row as HTMLElement).dataset['testid']?.slice('attribute-'.length)),
  );
const gone = (page: Page, testid: string) => page.waitForSelector(by(testid), { hidden: true });
const focused = (page: Page, testid: string) => page.waitForSelector(`${by(testid)}:focus`);
const says = (page: Page, testid: string, words: string) =>
  page.waitForFunction(
    (selector, text) => document.querySelector(selector)?.textContent?.includes(text),
    {},
    by(testid),
    words,
  );

/** Presses Tab until it has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, testid: string): Promise<void> {
  for (let steps = 0; steps < 80; steps += 1) {
    if (await page.$(`${by(testid)}:focus`)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${testid}.`);
}

/** Imports text through the paste field and stays at the preview. */
async function paste(person: Person, page: Page, text: string): Promise<void> {
  await person.click(page, 'import-open');
  await person.click(page, 'import-paste');
  await see(page, 'import-text');
  await page.$eval(
    by('import-text'),
    (area, value) => {
      (area as HTMLTextAreaElement).value = value;
    },
    text,
  );
  await person.click(page, 'import-read');
}

/** Drops a file that was deleted since it was dragged. */
async function dropDeleted(page: Page): Promise<void> {
  const path = join(world.folder, 'deleted.csv');
  writeFileSync(path, 'id;value\nsize.shoe;EU 42\n');
  const held = await page.evaluateHandle(() => {
    const input = document.createElement('input');
    input.type = 'file';
    return input;
  });
  await held.uploadFile(path);
  rmSync(path);
  await held.evaluate((input, selector) => {
    const dataTransfer = new DataTransfer();
    for (const file of input.files ?? []) dataTransfer.items.add(file);
    document.querySelector(selector)?.dispatchEvent(new DragEvent('drop', { dataTransfer }));
  }, by('import-drop'));
}

async function fill(person: Person, page: Page, attributes: object[]): Promise<void> {
  await paste(person, page, JSON.stringify(attributes));
  await person.click(page, 'import-do');
  await gone(page, 'import-preview');
  await person.click(page, 'dismiss');
}

const OLD = '2020-01-01';
const HELD = [
  { id: 'size.shoe', value: 'EU 42', confirmedOn: OLD },
  { id: 'preference.coffee-roast', value: 'dark' },
  { id: 'intent.travel', value: 'hiking', until: '2020-06-30', confirmedOn: OLD },
  { id: 'mood.today', value: 'tired' },
  { id: 'value.fair-trade', value: 'decisive' },
  { id: 'context.allergies', value: ['nuts'] },
  {
    id: 'custom.own.1',
    value: 'WTU 123',
    custom: { label: { en: 'Frame number', de: 'Frame number' } },
  },
];

test.each(['en', 'de'] as const)(
  'My data: search, still true, sensitive, own, and how it looks in %s',
  async (lang) => {
    const { person, page } = await meet(lang);
    const at = (name: string) => `data-${name}-${lang}`;
    await person.click(page, 'import-open');
    await see(page, 'import-file');
    await look(page, at('import'));
    await person.click(page, 'import-cancel');
    await fill(person, page, HELD);
    await see(page, 'still-true');
    await look(page, at('filled'));
    expect(await shown(page)).toEqual([
      'preference.coffee-roast',
      'size.shoe',
      'intent.travel',
      'custom.own.1',
    ]);

    await person.type(page, 'search-data', 'wtu');
    await page.waitForFunction(
      () => document.querySelectorAll('li[data-testid^="attribute-"]').length === 1,
    );
    expect(await shown(page)).toEqual(['custom.own.1']);
    await person.type(page, 'search-data', 'xyz');
    await page.waitForFunction(() => !document.querySelector('li[data-testid^="attribute-"]'));
    await look(page, at('nothing-found'));
    await person.type(page, 'search-data', ' ');
    await see(page, 'attribute-size.shoe');

    // The plan is over: nothing to confirm, only to change or delete. It comes after the shoe size.
    await person.click(page, 'due-confirm');
    await gone(page, 'due-confirm');
    await focused(page, 'due-change');
    await person.click(page, 'due-later');
    await gone(page, 'still-true');
    await person.click(page, 'undo');
    await see(page, 'due-confirm');

    expect(await page.$(by('attribute-mood.today'))).toBeNull();
    expect(await textOf(page, 'sensitive')).not.toContain('Fair');
    await person.click(page, 'sensitive-show');
    await see(page, 'attribute-mood.today');
    await person.click(page, 'shareable-value.fair-trade');
    await page.waitForSelector(`${by('shareable-value.fair-trade')}:checked`);
    await look(page, at('sensitive'));

    await person.click(page, 'own-add');
    await person.click(page, 'own-save');
    await person.type(page, 'own-label', 'Ring');
    await look(page, at('own'));
    await person.type(page, 'own-value', '54');
    await person.click(page, 'own-save');
    await page.waitForFunction(() => document.body.innerText.includes('Ring'));
  },
);

test('several deletions outlive a page and a worker, and come back one by one', async () => {
  const { chromium, person, page } = await meet();
  await fill(person, page, HELD.slice(0, 2));
  await person.click(page, 'remove-size.shoe');
  await focused(page, 'undo');
  await person.click(page, 'remove-preference.coffee-roast');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="undo"]').length === 2);
  expect(await page.$eval('.undo', (bar) => bar.textContent)).toMatch(/You can undo this until/);
  await page.close();
  await chromium.killWorker();
  const again = await chromium.page('app.html#/data');
  // A double click is one undo, and none that came too late.
  await see(again, 'undo');
  await again.$eval(by('undo'), (button) => {
    for (let i = 0; i < 2; i++) (button as HTMLElement).click();
  });
  await see(again, 'attribute-preference.coffee-roast');
  await again.waitForFunction(() => document.querySelectorAll('[data-testid="undo"]').length === 1);
  await again.waitForFunction(() =>
    document.querySelector('.spoken')?.textContent?.startsWith('Undone'),
  );
  expect(await again.$(by('error'))).toBeNull();
  await person.click(again, 'undo');
  await see(again, 'attribute-size.shoe');
});

test('two windows edit the same: the second sees both and loses nothing', async () => {
  const { chromium, person, page } = await meet();
  await fill(person, page, [{ id: 'size.shoe', value: 'EU 42' }]);
  const other = await chromium.page('app.html#/data');
  await person.click(other, 'edit-size.shoe');
  await person.choose(other, 'input-size.shoe', 'EU 44');
  await page.bringToFront();
  await person.click(page, 'edit-size.shoe');
  await person.choose(page, 'input-size.shoe', 'EU 43');
  await person.click(page, 'save-size.shoe');
  await says(page, 'attribute-size.shoe', 'EU 43');
  await other.bringToFront();
  await person.click(other, 'save-size.shoe');
  await focused(other, 'elsewhere');
  const both = await textOf(other, 'elsewhere');
  expect(both).toContain('EU 43');
  expect(both).toContain('EU 44');
  await look(other, 'data-elsewhere-en');
  await person.click(other, 'elsewhere-mine');
  await says(other, 'attribute-size.shoe', 'EU 44');
  await page.bringToFront();
  await says(page, 'attribute-size.shoe', 'EU 44');
});

test('a table and JSON are imported by keyboard alone, conflicts included, and taken back', async () => {
  const { person, page } = await meet();
  await fill(person, page, HELD.slice(0, 2));
  const keys = page.keyboard;
  const open = async (text: string) => {
    await tabTo(page, 'import-open');
    await keys.press('Enter');
    await focused(page, 'import-file');
    await tabTo(page, 'import-paste');
    await keys.press('Enter');
    await tabTo(page, 'import-text');
    await keys.type(text);
    await tabTo(page, 'import-read');
    await keys.press('Enter');
    await page.waitForSelector(`${by('import-preview')} h2:focus`);
  };

  await open(
    '{"size.shoe": "EU 43", "preference.coffee-roast": "light", "size.jacket": "M", "no.such": 1}',
  );
  const preview = await textOf(page, 'import-preview');
  for (const words of ['Different in your vault: 2', 'New: 1', 'left out: 1', 'Line 1']) {
    expect(preview).toContain(words);
  }
  await look(page, 'data-preview-en');
  await tabTo(page, 'import-mine-size.shoe');
  await keys.press('ArrowDown');
  await focused(page, 'import-theirs-size.shoe');
  await tabTo(page, 'import-do');
  await keys.press('Enter');
  await focused(page, 'undo');
  await says(page, 'attribute-size.shoe', 'EU 43');
  await says(page, 'attribute-preference.coffee-roast', 'Dark');
  await says(page, 'attribute-size.jacket', 'From an import on');
  await keys.press('Enter');
  await says(page, 'attribute-size.shoe', 'EU 42');
  await gone(page, 'attribute-size.jacket');

  await open('id;value\nsize.shoe;EU 43\nsize.jacket;M\n');
  await tabTo(page, 'import-all-theirs');
  await keys.press('Enter');
  await tabTo(page, 'import-do');
  await keys.press('Enter');
  await says(page, 'attribute-size.shoe', 'EU 43');
});

test('a chosen file is previewed, a wrong one says what is wrong at which line', async () => {
  const { chromium, person, page } = await meet();
  const file = async (name: string, content: string | Uint8Array) => {
    const path = join(world.folder, name);
    writeFileSync(path, content);
    const input = await page.waitForSelector(`input${by('import-file')}`);
    await (input as unknown as { uploadFile: (path: string) => Promise<void> }).uploadFile(path);
  };
  await person.click(page, 'import-open');
  await file('broken.json', '{\n "size.shoe": "EU 42",\n}');
  expect(await textOf(page, 'import-failure')).toContain('Line 3, character 1.');
  await dropDeleted(page);
  await says(page, 'import-failure', 'cannot be read');
  await look(page, 'data-import-wrong-en');
  await file('latin.csv', Uint8Array.from([...Buffer.from('id;value\nsize.shoe;EU '), 0xfc]));
  await says(page, 'import-failure', 'Line 2.');
  await file(
    'good.csv',
    '\uFEFFid;value;label\r\nsize.shoe;EU 42;\r\nsize.shoe;EU 43;\r\n;54;Ring\r\n',
  );
  expect(await textOf(page, 'import-preview')).toContain('What good.csv would change');
  expect(await textOf(page, 'import-bad')).toContain('Line 3');
  // A worker that dies here has written nothing, and the next one goes on.
  await chromium.killWorker();
  await person.click(page, 'import-do');
  await see(page, 'attribute-size.shoe');
  await page.waitForFunction(() => document.body.innerText.includes('Ring'));
});

test('the log is read shop by shop', async () => {
  const { chromium, person } = await meet();
  const shops = [await world.shop(), await world.shop()];
  for (const { url } of shops) {
    const shop = await chromium.goto(url);
    const popup = await person.icon(shop);
    await person.connectOnce(popup);
    await person.click(await chromium.window('approval.html'), 'refuse');
    await chromium.gone('approval.html');
  }
  const log = await chromium.page('app.html#/log');
  await says(log, 'log-count', '4 events');
  const site = new URL(shops[1]?.url ?? '').host;
  const options = await log.$$eval(`${by('log-shop')} option`, (all) =>
    all.map((one) => [(one as HTMLOptionElement).value, one.textContent ?? '']),
  );
  const [did = ''] = options.find(([, words]) => words?.includes(site)) ?? [];
  await person.choose(log, 'log-shop', did);
  await says(log, 'log-count', '2 events');
  const sites = await log.$$eval('li code', (all) => all.map((one) => one.textContent));
  expect(sites).toEqual([site, site]);
  await look(log, 'data-log-shop-en');
});

test.each(['en', 'de'] as const)(
  'what is local is not offered to a shop until the person says so, in %s',
  async (lang) => {
    const { chromium, person, page } = await meet(lang);
    await fill(
      person,
      page,
      HELD.map(({ confirmedOn, ...rest }) => rest),
    );
    const asks = { ...OFFER, required: ['size.shoe'], optional: ['value.fair-trade'] };
    const shop = await world.shop({ offer: asks });
    const needy = await world.shop({
      offer: { ...asks, required: ['value.fair-trade'], optional: [] },
    });
    const visit = async (url: string) => {
      const tab = await chromium.goto(url);
      await person.connectOnce(await person.icon(tab));
      return { tab, approval: await chromium.window('approval.html') };
    };

    const first = await visit(needy.url);
    await see(first.approval, 'combination');
    await look(first.approval, `approval-local-needed-${lang}`);
    await person.click(first.approval, 'refuse');
    await chromium.gone('approval.html');

    const second = await visit(shop.url);
    await see(second.approval, 'share');
    expect(await second.approval.$(by('item-value.fair-trade'))).toBeNull();
    expect(await second.approval.$eval('body', (body) => body.innerText)).not.toMatch(
      /Decisive|Entscheidend/,
    );
    await look(second.approval, `approval-local-${lang}`);
    await person.click(second.approval, 'share');
    await second.tab.waitForSelector('body[data-personalised="yes"]');
    expect(heldBy(shop)[0]?.values).not.toContain('fair-trade');
    await chromium.gone('approval.html');

    await page.bringToFront();
    await person.click(page, 'sensitive-show');
    await person.click(page, 'shareable-value.fair-trade');
    await page.waitForSelector(`${by('shareable-value.fair-trade')}:checked`);
    const third = await visit(needy.url);
    expect(await textOf(third.approval, 'value-value.fair-trade')).toMatch(/Decisive|Entscheidend/);
    await person.click(third.approval, 'refuse');
  },
);
