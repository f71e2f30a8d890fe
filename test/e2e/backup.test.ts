import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clickOn } from './aim.ts';
import { newPerson, World } from './harness.ts';
import { look } from './look.ts';
import { Person, see, textOf } from './person.ts';
import { until } from './until.ts';

const FILE_PASSPHRASE = 'Wetterhahn-Nebelbank-Quitte-2291-Salbei';
const NEW_PASSPHRASE = 'Kaskade-Rotbuche-Federwolke-1907-Anker';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** Where the browser of this page puts what it downloads. */
async function downloads(page: Page): Promise<(ending: string) => Promise<string>> {
  const folder = mkdtempSync(join(world.folder, 'downloads-'));
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  return (ending) =>
    until(`a file ${ending}`, () => {
      const name = readdirSync(folder).find((file) => file.endsWith(ending));
      return name === undefined ? null : join(folder, name);
    });
}

/** Goes on with Tab until what has this test id has the focus. */
async function tabTo(page: Page, testid: string): Promise<void> {
  for (let i = 0; i < 100; i += 1) {
    const there = await page.evaluate(
      (id) => (document.activeElement as HTMLElement | null)?.dataset['testid'] === id,
      testid,
    );
    if (there) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${testid} cannot be reached by keyboard`);
}

async function typeTwice(page: Page, person: Person, passphrase: string): Promise<void> {
  await person.type(page, 'passphrase', passphrase);
  await person.type(page, 'passphrase-again', passphrase);
}

test.each(['en', 'de'] as const)(
  'a vault moves to another browser by its backup alone, in %s',
  async (lang) => {
    const shop = await world.shop();
    const { chromium, person, page } = await newPerson(world, shop.url, { lang });
    const at = (name: string) => `${name}-${lang}`;
    const data = await chromium.page('app.html#/data');
    await person.tell(data, 'size.shoe', (field) => person.choose(data, field, 'EU 42'));
    await data.close();
    await person.connectOnce(await person.icon(page));
    const approval = await chromium.window('approval.html');
    await person.choose(approval, 'input-preference.coffee-roast', 'dark');
    await person.click(approval, 'share');
    await page.waitForSelector('body[data-personalised="yes"]');
    const file = await downloads(page);

    // By keyboard alone, from Settings to the file.
    const app = await chromium.page('app.html#/settings');
    await see(app, 'to-backup');
    await look(app, at('app-settings-backup'));
    await tabTo(app, 'to-backup');
    await app.keyboard.press('Enter');
    await see(app, 'make-backup');
    await look(app, at('backup-make'));
    await typeTwice(app, person, FILE_PASSPHRASE);
    await app.keyboard.press('Enter');
    await see(app, 'backup-saved');
    await look(app, at('backup-made'));
    const backup = await file('.zusage-backup');
    expect(readFileSync(backup).includes('size.shoe')).toBe(false);

    // The readable one says what it is before it is saved.
    await app.goto(chromium.url('app.html#/settings'));
    await person.click(app, 'export-keys');
    await person.click(app, 'export-all');
    await see(app, 'exported');
    const plain = JSON.parse(readFileSync(await file('.json'), 'utf8'));
    expect(plain.attributes).toContainEqual(
      expect.objectContaining({ id: 'size.shoe', value: 'EU 42' }),
    );
    expect(plain.grants[0]).toMatchObject({ key: { d: expect.any(String) } });

    // Into the vault itself, where one value is another by now.
    const changed = await chromium.page('app.html#/data');
    await person.click(changed, 'edit-size.shoe');
    await person.choose(changed, 'input-size.shoe', 'EU 43');
    await person.click(changed, 'save-size.shoe');
    await changed.close();
    await restoreFile(app, person, chromium.url('welcome.html#/restore'), backup);
    await see(app, 'conflict-size.shoe');
    await look(app, at('backup-preview'));
    await tabTo(app, 'mine-size.shoe');
    await app.keyboard.press('ArrowDown');
    await tabTo(app, 'restore');
    await app.keyboard.press('Enter');
    await see(app, 'restored');
    await look(app, at('backup-restored'));
    await app.goto(chromium.url('app.html#/data'));
    expect(await textOf(app, 'attribute-size.shoe')).toContain('42');

    // And into a browser that has never seen it.
    const other = (await world.chromium({ lang })).chromium;
    const somebody = new Person(other);
    await other.window('welcome.html');
    const fresh = await other.page('welcome.html#/restore');
    await see(fresh, 'read-backup');
    await look(fresh, at('restore'));
    await fresh.reload();
    const deleted = join(world.folder, `deleted-${lang}.zusage-backup`);
    copyFileSync(backup, deleted);
    await restoreFile(fresh, somebody, other.url('welcome.html#/restore'), deleted, 'any', true);
    expect(await textOf(fresh, 'error')).toMatch(/cannot be read|nicht lesen/);
    await see(fresh, 'read-backup');
    await restoreFile(fresh, somebody, other.url('welcome.html#/restore'), backup, 'wrong');
    await see(fresh, 'error');
    await look(fresh, at('restore-refused'));
    await restoreFile(fresh, somebody, other.url('welcome.html#/restore'), backup);
    await see(fresh, 'tallies');
    await look(fresh, at('restore-new'));
    await typeTwice(fresh, somebody, NEW_PASSPHRASE);
    await fresh.keyboard.press('Enter');
    await see(fresh, 'restored');
    await fresh.goto(other.url('app.html#/sharing'));
    await fresh.waitForSelector('[data-testid^="withdraw-"]');
    const [stop] = await fresh.$$('[data-testid^="withdraw-"]');
    await clickOn(stop);
    await until('the end of the grant', () =>
      world.registered().some((grant) => grant.ended_by !== null),
    );
  },
);

async function restoreFile(
  page: Page,
  person: Person,
  url: string,
  file: string,
  passphrase = FILE_PASSPHRASE,
  deleted = false,
): Promise<void> {
  await page.goto('about:blank');
  await page.goto(url);
  await see(page, 'backup-file');
  const field = await page.$('[data-testid="backup-file"]');
  await (field as unknown as { uploadFile: (path: string) => Promise<void> }).uploadFile(file);
  if (deleted) rmSync(file);
  await person.type(page, 'backup-passphrase', passphrase);
  await person.press(page, 'Enter');
}

test('deleting everything says who stays informed, and leaves nothing', async () => {
  const shop = await world.shop();
  const { chromium, person, page } = await newPerson(world, shop.url);
  await person.connectOnce(await person.icon(page));
  const approval = await chromium.window('approval.html');
  await person.choose(approval, 'input-size.shoe', 'EU 42');
  await person.choose(approval, 'input-preference.coffee-roast', 'dark');
  await person.click(approval, 'share');
  await page.waitForSelector('body[data-personalised="yes"]');
  const app = await chromium.page('app.html#/settings');
  await tabTo(app, 'reset-begin');
  await app.keyboard.press('Enter');
  await see(app, 'informed');
  await look(app, 'app-reset-en');
  await tabTo(app, 'stop-all');
  await app.keyboard.press('Enter');
  await see(app, 'nobody-informed');
  await look(app, 'app-reset-stopped-en');
  await person.type(app, 'reset-word', 'delet');
  await app.keyboard.press('Enter');
  expect(await app.$eval('#reset-word-problem', (problem) => problem.textContent)).not.toBe('');
  await person.type(app, 'reset-word', 'delete');
  await app.keyboard.press('Enter');
  await see(app, 'set-up');
  const [stores, areas] = JSON.parse(await chromium.dump());
  for (const [, , keys, rows] of stores) expect([keys, rows]).toEqual([[], []]);
  expect(areas[0]).toEqual({});
});

test('who can open the vault in no way any more deletes it, and begins anew', async () => {
  const { chromium, person } = await newPerson(world, (await world.shop()).url);
  const app = await chromium.page('app.html#/');
  await person.click(app, 'lock');
  await person.click(app, 'forgotten');
  await person.click(app, 'to-reset');
  await see(app, 'reset-word');
  await look(app, 'reset-locked-en');
  await person.type(app, 'reset-word', 'DELETE');
  await app.keyboard.press('Enter');
  await see(app, 'begin');
  expect(await app.$('[data-testid="vault-lost"]')).toBeNull();
});

test('another vault service, by keyboard: the old sheet is outdated, and it is said', async () => {
  const elsewhere = await World.open();
  try {
    const { chromium, person } = await newPerson(world, (await world.shop()).url);
    const kit = await chromium.page('welcome.html#/kit');
    await person.click(kit, 'make-kit');
    await see(kit, 'kit-stop');
    const app = await chromium.page('app.html#/settings');
    await see(app, 'new-service');
    await tabTo(app, 'new-service');
    await app.keyboard.type('https://127.0.0.1:1');
    await app.keyboard.press('Enter');
    await see(app, 'error');
    await person.type(app, 'new-service', elsewhere.vault);
    await app.keyboard.press('Enter');
    await see(app, 'moved');
    expect(await textOf(app, 'service-now')).toBe(elsewhere.vault);
    await see(app, 'sheet-banner');
    await look(app, 'app-moved-en');
    await app.goto(chromium.url('welcome.html#/stop-sheet'));
    expect(await textOf(app, 'kit-service')).toBe(`${elsewhere.vault}/stop`);
    await app.goto(chromium.url('app.html#/settings'));
    await see(app, 'new-service');
    expect(await app.$('[data-testid="sheet-banner"]')).toBeNull();
  } finally {
    await elsewhere.close();
  }
});

test('a vault whose data the browser deleted is missed, and one that lost records says so', async () => {
  const { chromium, person } = await newPerson(world, (await world.shop()).url);
  const app = await chromium.page('app.html#/data');
  await person.tell(app, 'size.shoe', (field) => person.choose(app, field, 'EU 42'));
  const dropOneRow = async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('zusage-vault');
      opening.onsuccess = () => resolve(opening.result);
    });
    const store = database.transaction('records', 'readwrite').objectStore('records');
    const [key] = await new Promise<IDBValidKey[]>((resolve) => {
      const keys = store.getAllKeys();
      keys.onsuccess = () => resolve(keys.result);
    });
    await new Promise((resolve) => {
      store.delete(key as IDBValidKey).onsuccess = resolve;
    });
    database.close();
  };
  await app.evaluate(dropOneRow);
  await chromium.killWorker();
  await app.goto('about:blank');
  await app.goto(chromium.url('app.html#/'));
  await see(app, 'loss-look');
  await tabTo(app, 'loss-look');
  await app.keyboard.press('Enter');
  await see(app, 'loss');
  await look(app, 'app-loss-en');
  await person.click(app, 'accept-loss');
  await app.waitForSelector('[data-testid="loss-look"], [data-testid="loss"]', { hidden: true });

  await app.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('zusage-vault');
        opening.onsuccess = () => {
          const { result } = opening;
          const change = result.transaction([...result.objectStoreNames], 'readwrite');
          for (const name of result.objectStoreNames) change.objectStore(name).clear();
          change.oncomplete = () => resolve();
        };
      }),
  );
  await app.goto(chromium.url('welcome.html'));
  await see(app, 'vault-lost');
  await look(app, 'welcome-lost-en');
});
