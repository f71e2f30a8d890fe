import { execFile } from 'node:child_process';
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBase64url } from '@zusage/protocol/bytes';
import {
  formatBundle,
  formatVkey,
  KeyType,
  leafHash,
  minuteAt,
  verifierKey,
} from '@zusage/protocol/tlog';
import { METADATA_PATH } from '@zusage/protocol/vault-metadata';
import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../start/root.ts';
import type { Chromium } from './chromium.ts';
import { newPerson, type Shop, World } from './harness.ts';
import { look } from './look.ts';
import { type Person, see } from './person.ts';
import { until } from './until.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterEach(() => {
  world.wire.alter = null;
});
afterAll(() => world.close());

/** A person who has shared with this shop, at their list of sharing. */
async function shared(shop: Shop, lang: 'en' | 'de') {
  const { chromium, person, page } = await newPerson(world, shop.url, { lang });
  await person.connectOnce(await person.icon(page));
  const approval = await chromium.window('approval.html');
  await person.choose(approval, 'input-size.shoe', 'EU 42');
  await person.choose(approval, 'input-preference.coffee-roast', 'dark');
  await person.click(approval, 'share');
  await page.waitForSelector('body[data-personalised="yes"]');
  const app = await chromium.page('app.html#/sharing');
  const card = await app.waitForSelector('[data-testid^="grant-"]');
  const jti = (await card?.evaluate((it) => it.getAttribute('data-testid')))?.slice(6) ?? '';
  return { chromium, person, page, app, jti };
}

/** Asks until the card of a running grant says so: the log publishes a moment after each change. */
async function isRecorded(app: Page, person: Person, jti: string): Promise<void> {
  await until('the grant to be recorded', async () => {
    await person.click(app, `refresh-${jti}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return app.$(`[data-testid="grant-${jti}"][data-recorded="recorded"]`);
  });
}

/** What the browser downloads when `act` is done. */
async function downloaded(chromium: Chromium, page: Page, act: () => Promise<void>) {
  const folder = join(world.folder, `downloads-${crypto.randomUUID()}`);
  mkdirSync(folder);
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: folder,
    browserContextId: chromium.browser.defaultBrowserContext().id,
  } as never);
  await act();
  const name = await until('the download', () =>
    readdirSync(folder).find((file) => file.endsWith('.json')),
  );
  const file = join(folder, name);
  return { name, file, text: readFileSync(file, 'utf8') };
}

/** The real command. The wire to the service is in this process, so it must not wait for the command. */
function audit(...args: string[]): Promise<{ exit: unknown; out: string }> {
  const main = join(ROOT, 'protocol', 'src', 'audit', 'main.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: world.folder }, (error, out) =>
      resolve({ exit: error === null ? 0 : error.code, out }),
    );
  });
}

test.each(['en', 'de'] as const)('recorded, saved and checked by others, in %s', async (lang) => {
  const shop = await world.shop();
  const { chromium, person, page, app, jti } = await shared(shop, lang);
  await isRecorded(app, person, jti);
  await app.waitForSelector('[data-testid^="log-"][data-state="ok"]');

  const mine = await downloaded(chromium, app, () => person.click(app, `receipt-${jti}`));
  expect(mine.name).toMatch(/^localhost.*\.zusage\.json$/);
  for (const value of ['EU 42', 'dark']) expect(mine.text).not.toContain(value);
  expect(await audit('check-receipt', mine.file, '--lang', lang)).toMatchObject({ exit: 0 });
  expect(await audit('check-receipt', mine.file, '--vault', world.vault)).toMatchObject({
    exit: 0,
  });

  await page.bringToFront();
  await page.goto(`${shop.url}/admin`);
  const theirs = await downloaded(chromium, page, () => person.click(page, 'save-receipt'));
  expect(await audit('check-receipt', theirs.file)).toMatchObject({ exit: 0 });
  await app.bringToFront();

  await person.click(app, 'search-log');
  await until('the end of the search', () =>
    app
      .$eval('[data-testid="search-log"]', (it) => it === document.activeElement)
      .catch(() => false),
  );
  await app.waitForSelector('[data-testid^="log-"][data-state="ok"]');
  await look(app, `app-public-log-${lang}`);
  // 200 %: nothing of it needs sideways scrolling.
  await app.setViewport({ width: 500, height: 900, deviceScaleFactor: 2 });
  expect(
    await app.evaluate(() => document.documentElement.scrollWidth - innerWidth),
  ).toBeLessThanOrEqual(0);
  await look(app, `app-public-log-narrow-${lang}`);
});

test.each(['en', 'de'] as const)('what is wrong is said, with what to do, in %s', async (lang) => {
  const shop = await world.shop();
  const { chromium, person, page, app, jti } = await shared(shop, lang);
  await isRecorded(app, person, jti);

  // The shop hands it back, and the service hides that: the log has an entry that it tells the person nothing of.
  world.wire.alter = ({ method, path, answered }) => {
    if (method === 'OPTIONS') return null;
    if (path.endsWith('/proofs')) return Buffer.from('{"proofs":[]}');
    if (!path.endsWith('/read')) return null;
    const { events, ...rest } = JSON.parse(answered.toString());
    return Buffer.from(
      JSON.stringify({ ...rest, state: 'active', seq: 0, events: events.slice(0, 1) }),
    );
  };
  await page.bringToFront();
  await person.click(page, 'forget');
  await page.waitForSelector('body[data-personalised="no"]');
  await app.bringToFront();
  const pause = () => new Promise((resolve) => setTimeout(resolve, 500));
  await until('the search to find it', async () => {
    await person.click(app, 'search-log');
    await pause();
    return app.$('[data-testid^="log-"] .pair');
  });
  await until('the service to have been asked', async () => {
    await person.click(app, `refresh-${jti}`);
    await pause();
    return app.$('[data-testid^="log-"][data-state="unexpected"]');
  });
  await look(app, `app-public-log-unexpected-${lang}`);

  // Then a proof that is none, and for this person alone another log of the size they saw last: their own may grow at
  // the next minute, and a larger one that nobody serves the tiles of only has to wait.
  const seen = world.wire.exchanges.findLast(({ path }) => path === '/log/checkpoint');
  const fork = forked(String(seen?.answered), logKey());
  world.wire.alter = ({ method, path }) => {
    if (method === 'OPTIONS') return null;
    if (path.endsWith('/proofs')) {
      const proofs = [{ seq: 1, event: 'returned', proof: 'garbage' }];
      return Buffer.from(JSON.stringify({ proofs }));
    }
    return path === '/log/checkpoint' ? Buffer.from(fork) : null;
  };
  // Asked once: with the answer it is over, and the button to ask with is gone.
  await person.click(app, `refresh-${jti}`);
  await app.waitForSelector(`[data-testid="grant-${jti}"][data-recorded="warning"]`);
  await see(app, 'record-warnings');
  await person.click(app, 'look-at-log');
  await app.waitForSelector('[data-testid^="log-"][data-state="fork"]');
  await look(app, `app-public-log-fork-${lang}`);
  world.wire.alter = null;

  const evidence = await downloaded(chromium, app, () => person.click(app, 'save-evidence'));
  const found = await audit('verify', `${world.vault}/log`, '--known', evidence.file, '--json');
  // What is served now fits the earlier of the two; both are signed, and so the log is wrong either way.
  expect(found.exit).toBe(1);
  // `larger` where the log has grown meanwhile.
  const code = expect.stringMatching(/^fork[/](same-size|larger)$/);
  expect(JSON.parse(found.out).findings).toMatchObject([{ code }]);
  const { other_note } = JSON.parse(evidence.text);
  expect(other_note).toContain('/log\n');

  // The popup says where to look.
  const popup = await person.icon(page);
  await see(popup, 'log-warning');
  await look(popup, `popup-log-warning-${lang}`);
});

test.each(['en', 'de'] as const)(
  'a log that follows is gone on with only on the person’s word, in %s',
  async (lang) => {
    const shop = await world.shop();
    const { person, app, jti } = await shared(shop, lang);
    await isRecorded(app, person, jti);
    const { pathname: metadata } = new URL(METADATA_PATH, world.vault);
    const next = following(await (await fetch(`${world.vault}/log/checkpoint`)).text());
    world.wire.alter = ({ path, answered }) => {
      if (path.endsWith('/proofs')) return Buffer.from('{"proofs":[]}');
      if (path !== metadata) return next.files.get(path) ?? null;
      return Buffer.from(
        JSON.stringify({ ...JSON.parse(answered.toString()), log_vkey: next.vkey }),
      );
    };
    await person.click(app, 'look-at-log');
    await app.waitForSelector('[data-state="followed"] [data-testid="log-follows"]');
    await look(app, `app-public-log-followed-${lang}`);
    await app.setViewport({ width: 500, height: 900, deviceScaleFactor: 2 });
    await look(app, `app-public-log-followed-narrow-${lang}`);

    await person.click(app, 'follow-log');
    await app.waitForSelector('[data-testid^="log-"][data-state="ok"]');
    await see(app, 'retelling');
    await app.waitForFunction(() => document.activeElement?.tagName === 'H3');
    await look(app, `app-public-log-gone-on-${lang}`);
    // The grant itself is asked about, and stands.
    await isRecorded(app, person, jti);
  },
);

/** Another log of one entry, which names this checkpoint of the one before; by the log's own key. */
function following(checkpoint: string) {
  const key = logKey();
  const x = createPublicKey(key).export({ format: 'jwk' }).x ?? '';
  const name = `${checkpoint.split('\n')[0]}-2`;
  const { id, ...vkey } = verifierKey(name, KeyType.ed25519, decodeBase64url(x));
  const body = { origin: checkpoint.split('\n')[0], checkpoint };
  const text = JSON.stringify({
    ...{ v: 1, k: 'k', t: minuteAt(Date.now() / 1000), type: 'log-follows' },
    body: Buffer.from(JSON.stringify(body)).toString('base64url'),
  });
  const leaf = leafHash(Buffer.from(text));
  const note = `${name}\n1\n${Buffer.from(leaf).toString('base64')}\n`;
  const signature = Buffer.concat([Buffer.from(id, 'hex'), sign(null, Buffer.from(note), key)]);
  const files = new Map([
    ['/log-2/checkpoint', Buffer.from(`${note}\n— ${name} ${signature.toString('base64')}\n`)],
    ['/log-2/tile/0/000.p/1', Buffer.from(leaf)],
    ['/log-2/tile/entries/000.p/1', Buffer.from(formatBundle([Buffer.from(text)]))],
  ]);
  return { vkey: formatVkey({ id, ...vkey }), files };
}

function logKey(): KeyObject {
  const jwk = JSON.parse(readFileSync(join(world.vaultData, 'log-key.json'), 'utf8'));
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

/** The same size with another root, signed by the log's own key. */
function forked(note: string, key: KeyObject): string {
  const [origin, size, , , line = ''] = note.split('\n');
  const text = `${origin}\n${size}\n${Buffer.alloc(32, 7).toString('base64')}\n`;
  const [, name = '', signature = ''] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  const id = Buffer.from(signature, 'base64').subarray(0, 4);
  const signed = Buffer.concat([id, sign(null, Buffer.from(text), key)]);
  return `${text}\n— ${name} ${signed.toString('base64')}\n`;
}
