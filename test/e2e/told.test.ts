/** Without a mouse and without seeing: what opens closes with Escape, and what changes is told. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../start/root.ts';
import { closesByEscape, isTold } from './access.ts';
import { fingerprintReader } from './fingerprint-reader.ts';
import { newPerson, World } from './harness.ts';
import { PASSPHRASE, see } from './person.ts';

const NEW_PASSPHRASE = 'Kaskade-Rotbuche-Federwolke-1907-Anker';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const by = (testid: string) => `[data-testid="${testid}"]`;

/** The buttons that leave an open form without doing anything, as they stand in the source. */
function cancels(): string[] {
  const ui = join(ROOT, 'extension', 'src', 'ui');
  const found = globSync('**/*.tsx', { cwd: ui }).flatMap((file) => [
    ...readFileSync(join(ui, file), 'utf8').matchAll(/data-testid=["{]`?([a-z-]*cancel[a-z-]*)/g),
  ]);
  return [...new Set(found.map(([, testid = '']) => testid))];
}

test('whatever opens in a screen closes with Escape, and the focus is where it was', async () => {
  const { chromium, person } = await newPerson(world, world.vault);
  const data = await chromium.page('app.html#/data');
  await person.tell(data, 'size.shoe', (field) => person.choose(data, field, 'EU 42'));
  const tried: string[] = [];
  const closes = async (page: Page, opener: string, shows: string) => {
    await see(page, opener);
    await closesByEscape(page, opener, shows);
    tried.push(shows);
  };
  await closes(data, 'add-attribute', 'search-catalogue');
  await closes(data, 'own-add', 'own-cancel');
  await closes(data, 'import-open', 'import-cancel');
  await closes(data, 'edit-size.shoe', 'cancel-size.shoe');
  // From within the catalogue back to the catalogue, and from wherever the focus is in that, out of it.
  await person.click(data, 'add-attribute');
  await person.click(data, 'choose-size.jacket');
  await see(data, 'cancel-size.jacket');
  await data.keyboard.press('Escape');
  await data.waitForSelector(`${by('search-catalogue')}:focus`);
  await data.keyboard.press('Tab');
  await data.keyboard.press('Escape');
  await data.waitForSelector(`${by('add-attribute')}:focus`);
  await data.close();

  const settings = await chromium.page('app.html#/settings');
  await fingerprintReader(settings);
  await closes(settings, 'add-passkey', 'cancel-passkey');
  await closes(settings, 'reset-begin', 'reset-cancel');
  await person.click(settings, 'add-passkey');
  await person.type(settings, 'passkey-name', 'Laptop');
  await person.type(settings, 'proof', PASSPHRASE);
  await person.click(settings, 'make-passkey');
  await closes(settings, 'rename-passkey', 'save-passkey-name');

  expect(tried).toEqual(
    expect.arrayContaining(cancels().map((begun) => expect.stringMatching(`^${begun}`))),
  );
});

test('whatever changes something is told', async () => {
  const shop = await world.shop();
  const { chromium, person, page } = await newPerson(world, shop.url, { hostPermission: true });
  const clicks = (at: Page, testid: string) => isTold(at, testid, () => person.click(at, testid));

  const data = await chromium.page('app.html#/data');
  await see(data, 'own-add');
  await person.click(data, 'add-attribute');
  for (const [before, size] of ['EU 42', 'EU 43', 'EU 42'].entries()) {
    await person.click(data, before === 0 ? 'choose-size.shoe' : 'edit-size.shoe');
    await person.choose(data, 'input-size.shoe', size);
    // The same words for the third time are said for the third time.
    await clicks(data, 'save-size.shoe');
  }
  await clicks(data, 'remove-size.shoe');
  await clicks(data, 'undo');
  await person.click(data, 'own-add');
  await clicks(data, 'own-save');
  await person.type(data, 'own-label', 'Ring');
  await person.type(data, 'own-value', '54');
  await clicks(data, 'own-save');
  await person.click(data, 'import-open');
  await clicks(data, 'import-template');
  await person.click(data, 'import-paste');
  await person.type(
    data,
    'import-text',
    JSON.stringify([
      { id: 'value.fair-trade', value: 'decisive' },
      { id: 'preference.coffee-roast', value: 'dark', confirmedOn: '2020-01-01' },
    ]),
  );
  await clicks(data, 'import-read');
  await clicks(data, 'import-do');
  await person.click(data, 'dismiss');
  await clicks(data, 'due-confirm');
  await person.click(data, 'sensitive-show');
  await clicks(data, 'shareable-value.fair-trade');
  await data.close();

  const popup = await person.icon(page);
  await clicks(popup, 'block');
  await clicks(popup, 'unblock');
  await clicks(popup, 'connect-once');
  await person.click(await chromium.window('approval.html'), 'share');
  await page.waitForSelector('body[data-personalised="yes"]');
  await chromium.gone('approval.html');

  const sharing = await chromium.page('app.html#/sharing');
  for (const act of ['refresh', 'receipt', 'withdraw', 'restore']) {
    const testid = await sharing
      .waitForSelector(`[data-testid^="${act}-"]`, { visible: true })
      .then((button) => button?.evaluate((one) => (one as HTMLElement).dataset['testid'] ?? ''));
    await clicks(sharing, testid ?? '');
  }
  await clicks(sharing, 'look-at-log');
  await sharing.close();
  const log = await chromium.page('app.html#/log');
  const remove = await log
    .waitForSelector('[data-testid^="log-remove-"]', { visible: true })
    .then((button) => button?.evaluate((one) => (one as HTMLElement).dataset['testid'] ?? ''));
  const sure = (remove ?? '').replace('log-remove-', 'log-remove-sure-');
  await closesByEscape(log, remove ?? '', sure);
  await person.click(log, remove ?? '');
  await clicks(log, sure);
  await log.close();

  const settings = await chromium.page('app.html#/settings');
  await fingerprintReader(settings);
  await person.type(settings, 'new-service', 'https://shop.example/page');
  await person.click(settings, 'move-service');
  const error = await settings.waitForSelector(by('error'));
  expect(await error?.isIntersectingViewport({ threshold: 1 }), 'in sight').toBe(true);
  await isTold(settings, 'lock-minutes', () => person.choose(settings, 'lock-minutes', '5'));
  await isTold(settings, 'remind', () => person.choose(settings, 'remind', '7'));
  await clicks(settings, 'lock-with-screen');
  await person.type(settings, 'sign-phrase', 'a quiet garden');
  await clicks(settings, 'save-sign');
  await person.click(settings, 'add-passkey');
  await person.type(settings, 'passkey-name', 'Laptop');
  await person.type(settings, 'proof', 'not the passphrase');
  await clicks(settings, 'make-passkey');
  await person.type(settings, 'proof', PASSPHRASE);
  await clicks(settings, 'make-passkey');
  await person.click(settings, 'rename-passkey');
  await clicks(settings, 'save-passkey-name');
  await clicks(settings, 'remove-passkey');
  await clicks(settings, 'export-all');
  await person.type(settings, 'new-service', 'https://');
  await person.type(settings, 'new-service', world.vault);
  await clicks(settings, 'move-service');
  await person.click(settings, 'reset-begin');
  await person.type(settings, 'reset-word', 'no');
  await clicks(settings, 'reset');
  await clicks(settings, 'lock');
  await person.type(settings, 'passphrase', 'wrong');
  await clicks(settings, 'unlock');
  await see(settings, 'error');
  await settings.waitForSelector('form[aria-busy="false"]');
  await person.unlock(settings);
  await see(settings, 'lock');

  const change = await chromium.page('welcome.html#/change-passphrase');
  await person.type(change, 'passphrase', NEW_PASSPHRASE);
  await person.type(change, 'passphrase-again', NEW_PASSPHRASE);
  await person.type(change, 'proof', PASSPHRASE);
  await clicks(change, 'set-passphrase');
  const kit = await chromium.page('welcome.html#/kit');
  await person.type(kit, 'proof', NEW_PASSPHRASE);
  await clicks(kit, 'make-kit');
  const backup = await chromium.page('welcome.html#/backup');
  await person.type(backup, 'passphrase', PASSPHRASE);
  await person.type(backup, 'passphrase-again', PASSPHRASE);
  await clicks(backup, 'make-backup');
});
