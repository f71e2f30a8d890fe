import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isTold } from './access.ts';
import { fingerprintReader } from './fingerprint-reader.ts';
import { type Installed, newPerson, World } from './harness.ts';
import { look } from './look.ts';
import { PASSPHRASE, Person, see, textOf } from './person.ts';

const NEW_PASSPHRASE = 'Kaskade-Rotbuche-Federwolke-1907-Anker';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** The groups of a code as they stand on the sheet. */
async function groupsOf(page: Page, testid: string): Promise<string[]> {
  await see(page, testid);
  return page.$$eval(`[data-testid="${testid}"] code`, (all) =>
    all.map(({ textContent }) => textContent ?? ''),
  );
}

async function makeKit(page: Page, person: Person, groups: string[]): Promise<void> {
  await person.click(page, 'kit-written');
  await page.waitForSelector('[data-testid^="group-"]');
  const asked = await page.$$eval('[data-testid^="group-"]', (all) =>
    all.map((field) => (field as HTMLElement).dataset['testid'] ?? ''),
  );
  expect(asked).toHaveLength(2);
  for (const field of asked)
    await person.type(page, field, (groups[Number(field.slice(6))] ?? '').toLowerCase());
  await person.click(page, 'confirm-kit');
  await see(page, 'kit-done');
}

/** As at 200 % on a small screen: nothing is cut off, and nothing has to be scrolled sideways. */
async function fitsNarrow(page: Page): Promise<void> {
  const [width = 0, height = 0] = await page.evaluate(() => [innerWidth, innerHeight]);
  await page.setViewport({ width: 320, height: 640 });
  const [needed, there] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(needed).toBeLessThanOrEqual(there as number);
  // Not `null`: the page has its own size again some time after that, and the next click would be aimed at the old one.
  await page.setViewport({ width, height });
}

const unlocked = async (page: Page) => see(page, 'lock');

async function reopened(installed: Installed): Promise<{ page: Page; person: Person }> {
  await installed.close();
  const chromium = await installed.open();
  return { page: await chromium.page('app.html'), person: new Person(chromium) };
}

test('kit made and typed back, browser restarted, opened with the code, new passphrase', async () => {
  const { installed, chromium, person } = await newPerson(world, world.vault);
  const app = await chromium.page('app.html#/');
  await see(app, 'kit-banner');
  const kit = await chromium.page('welcome.html#/kit');
  await person.click(kit, 'make-kit');
  const code = await groupsOf(kit, 'kit-code');
  expect(code.join('')).toMatch(/^[0-9A-HJKMNP-TV-Z]{28}$/);
  expect(await groupsOf(kit, 'kit-stop')).toHaveLength(7);
  // Two sheets of paper and nothing else.
  expect(
    Buffer.from(await kit.pdf())
      .toString('latin1')
      .match(/\/Type \/Page\b/g),
  ).toHaveLength(2);
  expect(await textOf(kit, 'kit-service')).toBe(`${world.vault}/stop`);
  await makeKit(kit, person, code);
  await person.click(kit, 'kit-done');
  await app.bringToFront();
  await app.reload();
  await unlocked(app);
  expect(await app.$('[data-testid="kit-banner"]')).toBeNull();
  // Nothing of the code lies anywhere.
  const dump = await chromium.dump();
  // Two groups in a row, however they are written: four digits alone are in any ciphertext now and then.
  for (const [i, group] of code.slice(1).entries()) {
    expect(dump).not.toMatch(new RegExp(`${code[i]}[^0-9a-z]{0,4}${group}`, 'i'));
  }

  const second = await reopened(installed);
  await second.person.click(second.page, 'forgotten');
  await second.person.type(second.page, 'recovery-code', code.join(' ').toLowerCase());
  await second.person.click(second.page, 'recover');
  await second.person.type(second.page, 'passphrase', NEW_PASSPHRASE);
  await second.person.type(second.page, 'passphrase-again', NEW_PASSPHRASE);
  await second.person.click(second.page, 'set-passphrase');
  await see(second.page, 'recovered');

  const third = await reopened(installed);
  await third.person.type(third.page, 'passphrase', PASSPHRASE);
  await third.person.click(third.page, 'unlock');
  await see(third.page, 'error');
  await third.person.type(third.page, 'passphrase', NEW_PASSPHRASE);
  await third.person.click(third.page, 'unlock');
  await unlocked(third.page);
});

test('a passkey is added, opens the vault, and opens it no more once it is removed', async () => {
  const { chromium, person } = await newPerson(world, world.vault);
  const app = await chromium.page('app.html#/settings');
  await fingerprintReader(app);
  await person.click(app, 'add-passkey');
  await person.type(app, 'passkey-name', 'This laptop');
  await person.type(app, 'proof', 'not the passphrase');
  await person.click(app, 'make-passkey');
  await see(app, 'error');
  await person.type(app, 'proof', PASSPHRASE);
  await person.click(app, 'make-passkey');
  await see(app, 'passkey');

  await person.click(app, 'lock');
  await app.waitForSelector('[data-testid="unlock-passkey"]:focus');
  await chromium.killWorker();
  await person.press(app, 'Enter');
  await unlocked(app);

  // The browser's dialog would close the popup: it leads to a tab.
  await person.click(app, 'lock');
  await see(app, 'unlock-passkey');
  await app.goto('about:blank');
  const popup = await person.icon(app);
  await person.click(popup, 'unlock-passkey');
  const tab = await chromium.window('app.html');
  await tab.waitForSelector('[data-testid="unlock-passkey"]:focus');
  await tab.close();
  await app.goto(chromium.url('app.html#/settings'));
  await person.click(app, 'unlock-passkey');
  await unlocked(app);

  await person.click(app, 'remove-passkey');
  await app.waitForSelector('[data-testid="remove-passkey"]', { hidden: true });
  await person.click(app, 'lock');
  await see(app, 'unlock');
  expect(await app.$('[data-testid="unlock-passkey"]')).toBeNull();
});

test('a passkey that the device has no more is said to open nothing; the passphrase still does', async () => {
  const { chromium, person } = await newPerson(world, world.vault);
  const app = await chromium.page('app.html#/settings');
  const forgetPasskeys = await fingerprintReader(app);
  await person.click(app, 'add-passkey');
  await person.type(app, 'passkey-name', 'This laptop');
  await person.type(app, 'proof', PASSPHRASE);
  await person.click(app, 'make-passkey');
  await see(app, 'passkey');
  await forgetPasskeys();

  await person.click(app, 'lock');
  await person.click(app, 'unlock-passkey');
  await see(app, 'passkey-problem');
  await look(app, 'locked-passkey-gone-en');
  await person.unlock(app);
  await unlocked(app);
  expect(await app.$('[data-testid="passkey-problem"]')).toBeNull();

  // As a proof, too; another way to show who one is takes its place.
  await app.goto(chromium.url('welcome.html#/change-passphrase'));
  await person.type(app, 'passphrase', NEW_PASSPHRASE);
  await person.type(app, 'passphrase-again', NEW_PASSPHRASE);
  await person.click(app, 'proof-passkey');
  await person.click(app, 'set-passphrase');
  await see(app, 'passkey-problem');
  await person.click(app, 'proof-passphrase');
  await app.waitForSelector('[data-testid="passkey-problem"]', { hidden: true });
  await person.type(app, 'proof', PASSPHRASE);
  await person.click(app, 'set-passphrase');
  await see(app, 'passphrase-changed');
});

test('two windows change the passphrase: the second hears that the old one is over', async () => {
  const { chromium, person } = await newPerson(world, world.vault);
  const pages = [
    await chromium.page('welcome.html#/change-passphrase'),
    await chromium.page('welcome.html#/change-passphrase'),
  ] as const;
  const passphrases = [NEW_PASSPHRASE, `${NEW_PASSPHRASE}-Zaunkönig`];
  for (const [i, page] of pages.entries()) {
    await page.bringToFront();
    await person.type(page, 'passphrase', passphrases[i] as string);
    await person.type(page, 'passphrase-again', passphrases[i] as string);
    await person.type(page, 'proof', PASSPHRASE);
  }
  const [first, second] = pages;
  await first.bringToFront();
  await person.click(first, 'set-passphrase');
  await see(first, 'passphrase-changed');
  await second.bringToFront();
  await person.click(second, 'set-passphrase');
  await second.waitForSelector('#proof[aria-invalid="true"]');
  await person.type(second, 'proof', NEW_PASSPHRASE);
  await person.click(second, 'set-passphrase');
  await see(second, 'passphrase-changed');
});

test('the passphrase is changed, and the old one opens nothing any more', async () => {
  const { chromium, person } = await newPerson(world, world.vault);
  const page = await chromium.page('welcome.html#/change-passphrase');
  await person.type(page, 'passphrase', NEW_PASSPHRASE);
  await person.type(page, 'passphrase-again', NEW_PASSPHRASE);
  await person.type(page, 'proof', PASSPHRASE);
  await person.click(page, 'set-passphrase');
  await see(page, 'passphrase-changed');

  const app = await chromium.page('app.html#/');
  await person.click(app, 'lock');
  await person.type(app, 'passphrase', PASSPHRASE);
  await person.click(app, 'unlock');
  await see(app, 'error');
  await person.type(app, 'passphrase', NEW_PASSPHRASE);
  await person.click(app, 'unlock');
  await unlocked(app);
});

test('the time until it locks is chosen, and counts from the next unlocking', async () => {
  const { chromium, person } = await newPerson(world, world.vault);
  const app = await chromium.page('app.html#/settings');
  await isTold(app, 'lock-minutes', () => person.choose(app, 'lock-minutes', '5'));
  await isTold(app, 'lock-with-screen', () => person.click(app, 'lock-with-screen'));
  await app.reload();
  const chosen = () =>
    app.$eval('[data-testid="lock-minutes"]', (field) => (field as HTMLSelectElement).value);
  await see(app, 'lock-minutes');
  expect(await chosen()).toBe('5');
  // A tab that stays in view shows nothing of the vault any more when it is locked elsewhere.
  const other = await chromium.page('app.html#/data');
  await see(other, 'add-attribute');
  await app.bringToFront();
  await person.click(app, 'lock-now');
  await other.waitForFunction(() => document.querySelector('[data-testid="unlock"]') !== null, {
    polling: 'mutation',
  });
  await other.close();
  const before = Date.now();
  await person.unlock(app);
  await unlocked(app);
  const deadline = await app.evaluate(
    async () => (await chrome.alarms.get('deadline'))?.scheduledTime ?? 0,
  );
  expect(deadline).toBeGreaterThanOrEqual(before + 5 * 60_000);
  expect(deadline).toBeLessThanOrEqual(Date.now() + 5 * 60_000);
});

test('after four wrong passphrases the next has to wait, also in a browser that was restarted', async () => {
  const { installed, chromium, person } = await newPerson(world, world.vault);
  const app = await chromium.page('app.html#/');
  await person.click(app, 'lock');
  for (let i = 1; i <= 4; i += 1) {
    await person.type(app, 'passphrase', `wrong ${i}`);
    await person.click(app, 'unlock');
    await see(app, 'error');
    await app.waitForSelector('form[aria-busy="false"]');
  }
  await see(app, 'wait');

  const again = await reopened(installed);
  expect(await textOf(again.page, 'wait')).toMatch(/0:0[1-5]/);
  await again.page.waitForSelector('[data-testid="unlock"][aria-disabled="true"]');
  // The button comes back by itself.
  await again.person.type(again.page, 'passphrase', PASSPHRASE);
  await again.person.click(again.page, 'unlock');
  await unlocked(again.page);
});

test.each(['en', 'de'] as const)(
  'axe finds nothing on the screens of lock and key in %s',
  async (lang) => {
    const { chromium, person, page } = await newPerson(world, world.vault, { lang });
    const at = (name: string) => `${name}-${lang}`;
    const kit = await chromium.page('welcome.html#/kit');
    await see(kit, 'make-kit');
    await look(kit, at('kit-begin'));
    await person.click(kit, 'make-kit');
    const code = await groupsOf(kit, 'kit-code');
    await look(kit, at('kit-sheets'));
    await fitsNarrow(kit);
    await person.click(kit, 'kit-written');
    await see(kit, 'confirm-kit');
    await look(kit, at('kit-confirm'));
    await fitsNarrow(kit);
    await person.click(kit, 'kit-back');
    await makeKit(kit, person, code);
    await look(kit, at('kit-confirmed'));

    const app = await chromium.page('app.html#/settings');
    await fingerprintReader(app);
    await person.click(app, 'add-passkey');
    await see(app, 'make-passkey');
    await look(app, at('settings-add-passkey'));
    await fitsNarrow(app);
    await person.type(app, 'passkey-name', 'Laptop');
    await person.type(app, 'proof', PASSPHRASE);
    await person.click(app, 'make-passkey');
    await see(app, 'passkey');
    await look(app, at('settings-lock-and-key'));
    await fitsNarrow(app);

    const change = await chromium.page('welcome.html#/change-passphrase');
    await see(change, 'set-passphrase');
    await look(change, at('change-passphrase'));
    await fitsNarrow(change);
    await app.bringToFront();
    await person.click(app, 'lock');
    await see(app, 'unlock-passkey');
    for (let i = 1; i <= 4; i += 1) {
      await person.type(app, 'passphrase', `wrong ${i}`);
      await person.click(app, 'unlock');
      await see(app, 'error');
      await app.waitForSelector('form[aria-busy="false"]');
    }
    await see(app, 'wait');
    await look(app, at('locked-wait'));
    await fitsNarrow(app);
    const popup = await person.icon(page);
    await see(popup, 'unlock-passkey');
    await look(popup, at('popup-locked-passkey'));
    await popup.close();
    const recover = await chromium.page('welcome.html#/recover');
    await person.type(recover, 'recovery-code', 'ABCD-EFGH');
    await person.click(recover, 'recover');
    await see(recover, 'error');
    await look(recover, at('recover-problem'));
    await fitsNarrow(recover);
    await person.type(recover, 'recovery-code', code.join(''));
    await person.click(recover, 'recover');
    await see(recover, 'set-passphrase');
    await look(recover, at('recover-new'));
  },
);
