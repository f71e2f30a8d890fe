import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decryptResponse } from '@zusage/protocol/response';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OFFER, type Offer } from '../demo-shop/offer.ts';
import { type Chromium, closed } from './chromium.ts';
import { heldBy, newPerson, pendingRequest, type Shop, World } from './harness.ts';
import { scalarsOf } from './members.ts';
import { PASSPHRASE, type Person, see } from './person.ts';
import { filesIn, findPlanted, formsOf } from './planted.ts';
import { payloadOf } from './requests.ts';
import { until } from './until.ts';
import type { Exchange } from './wire.ts';

const SHOE = 'size.shoe';
const COMMENT = 'feedback.comment';
const EMAIL = 'contact.email';

/** What nobody but the shops may ever read; long and unlike anything else. */
const NEEDLES = {
  passphrase: PASSPHRASE,
  shoe: 'EU 48.5',
  comment: 'Der Reißverschluss klemmt seit Äschach, Kennwort Murmeltierhöhle',
  corrected: 'Er klemmt nicht mehr, Kennwort Steinbockgrätli 1904',
  email: 'enzian.quendel.7301@bergwiese-sattelegg.example',
  imported: 'Murmelgasse 17, 6493 Hospental am Gotthardpass',
  ownName: 'Rahmennummer meines Klappvelos',
  ownValue: 'WTU-77310-Föhnsturm',
  backupPassphrase: 'Wetterhahn-Nebelbank-Quitte-2291-Salbei',
};
/** What was printed on the kit: the recovery code and the stop root, in the ways people write them. */
const printed: Record<string, string> = {};
const OFFERED: Offer = { ...OFFER, required: [SHOE, COMMENT], optional: [EMAIL] };

let world: World;
let shops: [Shop, Shop];
let chromium: Chromium;
let person: Person;
let profile: string;
/** What each shop received, as its page handed it over: `<JWT>~<disclosures>~<key binding>`. */
const presentations: string[] = [];
const haystacks = new Map<string, Buffer>();

/** The whole path with two shops, then everything that is left of it anywhere. */
beforeAll(async () => {
  world = await World.open();
  shops = [
    await world.shop({ offer: OFFERED }),
    await world.shop({ offer: OFFERED, name: 'Silberdistel' }),
  ];
  const start = await newPerson(world, shops[0].url);
  ({ chromium, person } = start);
  profile = start.installed.profile;

  await share(shops[0], start.page, async (approval) => {
    await person.choose(approval, `input-${SHOE}`, NEEDLES.shoe);
    await person.type(approval, `input-${COMMENT}`, NEEDLES.comment);
    await person.click(approval, `item-${EMAIL}`);
    await person.type(approval, `input-${EMAIL}`, NEEDLES.email);
  });
  await nextSecond();
  await share(shops[1], await chromium.goto(shops[1].url), async (approval) => {
    await person.click(approval, `item-${EMAIL}`);
  });

  const data = await chromium.page('app.html#/data');
  await person.click(data, `edit-${COMMENT}`);
  await person.type(data, `input-${COMMENT}`, NEEDLES.corrected);
  await person.click(data, `save-${COMMENT}`);
  await see(data, `attribute-${COMMENT}`);
  await person.click(data, `remove-${SHOE}`);
  await see(data, 'undo');

  await person.click(data, 'import-open');
  await person.click(data, 'import-paste');
  await person.type(data, 'import-text', JSON.stringify({ 'contact.address': NEEDLES.imported }));
  await person.click(data, 'import-read');
  await person.click(data, 'import-do');
  await see(data, 'attribute-contact.address');
  await person.click(data, 'own-add');
  await person.type(data, 'own-label', NEEDLES.ownName);
  await person.type(data, 'own-value', NEEDLES.ownValue);
  await person.click(data, 'own-save');
  await data.waitForSelector('[data-testid^="attribute-custom."]');
  await person.type(data, 'search-data', NEEDLES.ownValue);
  await data.close();
  await printKit();
  await saveBackup();

  const app = await chromium.page('app.html#/sharing');
  for (const shop of shops) {
    const { jti } = heldBy(shop)[0] as { jti: string };
    await person.click(app, `withdraw-${jti}`);
    await see(app, `restore-${jti}`);
    await nextSecond();
    await person.click(app, `restore-${jti}`);
    await see(app, `withdraw-${jti}`);
    await nextSecond();
  }
  for (const shop of shops) {
    await person.end(app, heldBy(shop)[0]?.jti ?? '');
    // The end of one window is no second in which something happens to the other.
    await until('the grant to be handed back', () => heldBy(shop)[0]?.handed_back);
    await nextSecond();
  }
  await person.click(app, 'lock');
  await person.unlock(app);
  await see(app, 'lock');

  haystacks.set('the service’s log', Buffer.from(world.log));
  for (const [name, bytes] of filesIn(world.vaultData, 'the service’s files')) {
    haystacks.set(name, bytes);
  }
  world.wire.exchanges.forEach(({ method, path, asked, answered }, i) => {
    haystacks.set(`the wire, ${i}: ${method} ${path}`, Buffer.concat([asked, answered]));
  });
  haystacks.set('the extension’s memory', Buffer.from(await chromium.dump()));
  haystacks.set('the extension’s console', Buffer.from(chromium.console.join('\n')));
  await start.installed.close();
  for (const [name, bytes] of filesIn(profile, 'the profile')) haystacks.set(name, bytes);
});
afterAll(() => world.close());

async function share(
  shop: Shop,
  page: Page,
  fill: (approval: Page) => Promise<void>,
): Promise<void> {
  const given = page.waitForRequest((request) => request.url().endsWith('/personalise/response'));
  await person.connectOnce(await person.icon(page));
  const approval = await chromium.window('approval.html');
  await fill(approval);
  const { encryptionKey } = pendingRequest(shop);
  await person.click(approval, 'share');
  const { response } = JSON.parse((await given).postData() ?? '');
  presentations.push(await decryptResponse(response, 'grant', encryptionKey));
  await page.waitForSelector('body[data-personalised="yes"]');
  await closed(approval);
}

async function printKit(): Promise<void> {
  const kit = await chromium.page('welcome.html#/kit');
  await person.click(kit, 'make-kit');
  for (const sheet of ['kit-code', 'kit-stop']) {
    await see(kit, sheet);
    const groups = await kit.$$eval(`[data-testid="${sheet}"] code`, (all) =>
      all.map(({ textContent }) => textContent ?? ''),
    );
    expect(groups).toHaveLength(7);
    for (const between of ['', ' ', '-'])
      printed[`${sheet} by "${between}"`] = groups.join(between);
  }
  await kit.close();
}

/** The file itself is encrypted, and goes where the browser puts what it saves. */
async function saveBackup(): Promise<void> {
  const page = await chromium.page('welcome.html#/backup');
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: join(profile, 'downloads'),
  });
  await person.type(page, 'passphrase', NEEDLES.backupPassphrase);
  await person.type(page, 'passphrase-again', NEEDLES.backupPassphrase);
  await person.click(page, 'make-backup');
  await see(page, 'backup-saved');
  await until('the backup file', () => {
    const folder = join(profile, 'downloads');
    return (
      existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.zusage-backup'))
    );
  });
  await page.close();
}

/** Two acts in one second would share it. */
function nextSecond(): Promise<true> {
  const second = Math.floor(Date.now() / 1000);
  return until('the next second', () => Math.floor(Date.now() / 1000) > second);
}

describe('no value and no passphrase', () => {
  test('is anywhere but at the shops', () => {
    for (const kind of [
      'the service’s log',
      'the service’s files/vault.db',
      'the extension’s memory',
      'the extension’s console',
    ]) {
      expect([...haystacks.keys()], kind).toContain(kind);
    }
    for (const kind of [
      '/IndexedDB/chrome-extension_',
      '/Local Extension Settings',
      '.zusage-backup',
      'POST /grants',
    ]) {
      const some = [...haystacks.keys()].filter((name) => name.includes(kind));
      expect(some.length, kind).toBeGreaterThan(0);
    }
    expect(Object.keys(printed)).toHaveLength(6);
    expect(findPlanted(haystacks, { ...NEEDLES, ...printed })).toEqual([]);
  });

  test('would go unnoticed in any of these places, in any form', () => {
    for (const [name, content] of haystacks) {
      for (const [form, bytes] of formsOf(NEEDLES.comment)) {
        const planted = new Map([[name, Buffer.concat([content, bytes, content.subarray(0, 9)])]]);
        expect(findPlanted(planted, { comment: NEEDLES.comment })).toContainEqual({
          haystack: name,
          needle: 'comment',
          form,
        });
      }
    }
  });

  test('goes unnoticed at the shops, which did receive them', () => {
    const received = new Map(presentations.map((all, i) => [String(i), Buffer.from(all)]));
    const { shoe, comment, email } = NEEDLES;
    const found = findPlanted(received, { shoe, comment, email });
    for (const needle of ['shoe', 'comment', 'email']) {
      const at = found.filter((each) => each.needle === needle).map(({ haystack }) => haystack);
      expect([...new Set(at)], needle).toEqual(['0', '1']);
    }
  });
});

/** What the standards and this protocol make the same for everybody. */
const CONSTANTS = [
  ...['ES256', 'EC', 'P-256', 'sha-256', 'dc+sd-jwt', 'kb+jwt', 'slot+jwt', 'grant-event+jwt'],
  ...['consent-receipt+jwt', 'urn:zusage:grant:1', 'urn:zusage:data-share:1', 'read', '2.3'],
  // Who decided, the wording and its language; what happened, and as the how-manieth act.
  ...['person', 'en', '1', '0', 'registered', 'active', 'suspended', 'withdraw', 'restore'],
  ...['withdrawn', 'restored', '2', '3'],
  ...['http://purl.org/dc/terms/'],
];
/** Terms of the published vocabularies. */
const VOCABULARY = /^https:\/\/w3id\.org\/dpv|^dpv:[A-Za-z]+$/;

/** @returns what two brands have in common and may not */
function sharedBy(one: Set<string>, other: Set<string>, allowed: Set<string>): string[] {
  const both = [...one].filter((value) => other.has(value));
  return both.filter((value) => !allowed.has(value) && !VOCABULARY.test(value));
}

describe('two brands of one person', () => {
  /** Everything about the person that passed because of this shop. */
  function messages(index: 0 | 1): unknown[] {
    const shop = shops[index];
    const [{ jti, jwt } = { jti: '', jwt: '' }] = heldBy(shop);
    const asks = ['/grants/slots', '/grants'];
    const concerns = ({ method, path, asked }: Exchange) =>
      method === 'POST' &&
      (decodeURIComponent(path) === `/grants/${jti}/events` ||
        (asks.includes(path) && clientOf(asked) === shop.did));
    const passed = world.wire.exchanges.filter(concerns);
    expect(passed.map(({ path }) => decodeURIComponent(path).replace(jti, 'jti'))).toEqual([
      '/grants/slots',
      '/grants',
      ...['/grants/jti/events', '/grants/jti/events', '/grants/jti/events'],
    ]);
    const bodies = passed.map(({ path, asked, answered }) => {
      // The request is the brand's word and not the person's; what an act was is in its receipt.
      const { request: _, ...rest } = path.endsWith('events')
        ? { act: asked.toString() }
        : bodyOf(asked);
      return [rest, bodyOf(answered)];
    });
    return [presentations[index], jwt, bodies];
  }

  /** What both requests state, and what the service publishes about itself. */
  function stated(): Set<string> {
    const requests = shops.map((shop) => scalarsOf(heldBy(shop)[0]?.request));
    const [one, other] = requests as [Set<string>, Set<string>];
    const both = [...one].filter((value) => other.has(value));
    const published = world.wire.exchanges.filter(({ path }) =>
      /^\/(\.well-known\/|jwks.json$)/.test(path),
    );
    const own = published.map(({ answered }) => bodyOf(answered));
    const times = both.filter((value) => /^[0-9]{10}$/.test(value));
    const dates = times.map((value) => new Date(Number(value) * 1000).toISOString());
    const { host } = new URL(world.vault);
    const places = [world.vault, `${world.vault}/status/0`, `${host}/log`];
    const list = new Set([...scalarsOf(own), ...places]);
    return new Set([...CONSTANTS, ...both, ...dates, ...list]);
  }

  test('hold nothing that tells it is one person', () => {
    expect(sharedBy(scalarsOf(messages(0)), scalarsOf(messages(1)), stated())).toEqual([]);
  });

  test('would be seen to, by any member that were the same', () => {
    const [one, other] = [scalarsOf(messages(0)), scalarsOf(messages(1))];
    const allowed = stated();
    const own = [...one].filter((value) => !other.has(value));
    expect(own.length).toBeGreaterThan(50);
    for (const value of own) {
      expect(sharedBy(one, new Set([...other, value]), allowed)).toEqual([value]);
    }
    const [jwt = ''] = (presentations[0] ?? '').split('~');
    const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    const { jti, stop, iat, cnf, status, data } = claims;
    const { x, y } = cnf.jwk;
    const identifying = [jti, stop, `${iat}`, x, y, `${status.status_list.idx}`, ...data._sd];
    for (const value of identifying) expect(own).toContain(value);
  });
});

function bodyOf(bytes: Buffer): Record<string, unknown> {
  return JSON.parse(bytes.toString('utf8'));
}

function clientOf(asked: Buffer): string {
  const { request } = bodyOf(asked) as { request: string };
  return payloadOf(request).client_id.replace('decentralized_identifier:', '');
}
