import { generateKey, importSigningKey } from '@zusage/protocol/crypto';
import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Chromium, LONGEST } from './chromium.ts';
import { newPerson, type Shop, World } from './harness.ts';
import { type Person, see } from './person.ts';
import { type Answer, altered, ask, payloadOf, requestOf } from './requests.ts';
import { until } from './until.ts';

let world: World;
let chromium: Chromium;
let person: Person;
let shop: Shop;
/** A connected page of the shop that asks for nothing by itself. */
let page: Page;

beforeAll(async () => {
  world = await World.open();
  ({ chromium, person } = await newPerson(world, world.vault));
});
afterAll(() => world.close());

beforeEach(async () => {
  shop = await world.shop();
  page = await chromium.goto(`${shop.url}/privacy`);
  const popup = await person.icon(page);
  await person.connectOnce(popup);
  await see(popup, 'disconnect');
  await popup.close();
});
afterEach(async () => {
  await chromium.closeWindows();
});

const prompts = () => chromium.opened.filter((url) => url.includes('/approval.html')).length;

async function lock(): Promise<void> {
  const popup = await person.icon(page);
  await person.click(popup, 'lock');
  await see(popup, 'unlock');
  await popup.close();
}

async function unlock(): Promise<Page> {
  const popup = await person.icon(page);
  await person.unlock(popup);
  return popup;
}

test('what is no request of the protocol is a TypeError at once, whatever the state', async () => {
  const request = await requestOf(world, shop);
  const payload = payloadOf(request);
  const terms = Buffer.from(JSON.stringify({ type: 'urn:zusage:terms:2' })).toString('base64url');
  const bad: Record<string, string> = {
    'made for another origin': await altered(request, shop, {
      expected_origins: ['http://localhost:9'],
    }),
    'made by another shop': await requestOf(world, await world.shop()),
    unsigned: request.replace(/[^.]+$/, ''),
    'signed with less than a signature': request.slice(0, -4),
    'without a nonce': await altered(request, shop, { nonce: undefined as never }),
    'for terms of an unknown type': await altered(request, shop, { transaction_data: [terms] }),
    'for somebody without a name': await altered(request, shop, { client_id: payload.nonce }),
    'of more than 64 KB': `${request}${'A'.repeat(65_536)}`,
  };
  const before = prompts();
  const errors = async () => {
    const begin = performance.now();
    for (const [kind, each] of Object.entries(bad)) {
      expect(await ask(page, each), kind).toMatchObject({ name: 'TypeError' });
    }
    expect(performance.now() - begin).toBeLessThan(LONGEST);
  };
  await chromium.drawLongest(errors);
  await lock();
  await chromium.drawLongest(errors);
  await see(await unlock(), 'disconnect');
  expect(prompts()).toBe(before);
});

describe('every other way to nothing looks the same', () => {
  test('badly signed, expired, replayed, locked, refused', async () => {
    const before = prompts();
    const request = await requestOf(world, shop);
    const stranger = await importSigningKey(await generateKey());
    const silent = [
      await ask(page, await altered(request, shop, {}, stranger)),
      await ask(page, await requestOf(world, shop, payloadOf(request).iat - 3600)),
    ];
    await lock();
    silent.push(await ask(page, await requestOf(world, shop)));
    expect(prompts()).toBe(before);

    // The popup says what happened meanwhile, to the person alone.
    const popup = await person.icon(page);
    await see(popup, 'unlock');
    expect(await popup.evaluate(() => document.body.innerText)).toContain(new URL(shop.url).host);
    await person.unlock(popup);
    await see(popup, 'disconnect');
    await popup.close();

    const asked = ask(page, request);
    await person.click(await chromium.window('approval.html'), 'refuse');
    const refused = await asked;
    await chromium.gone('approval.html');
    expect(prompts()).toBe(before + 1);
    silent.push(await ask(page, request));
    expect(prompts()).toBe(before + 1);

    expect(refused).toMatchObject({ name: 'NotAllowedError', message: 'Request is cancelled.' });
    for (const answer of silent) expect(answer).toEqual(refused);
    expect(world.registered()).toEqual([]);
  });

  test('a request at a locked vault waits for the person, who comes in time', async () => {
    await lock();
    const before = prompts();
    const badge = await chromium.badge();
    let asked: Promise<Answer> | undefined;
    await chromium.drawLongest(async () => {
      asked = ask(page, await requestOf(world, shop));
      await until('the badge', async () => (await chromium.badge()) !== badge);
    });
    expect(prompts()).toBe(before);
    await unlock();
    const approval = await chromium.window('approval.html');
    await person.click(approval, 'refuse');
    expect(await asked).toMatchObject({ name: 'NotAllowedError' });
    expect(await chromium.badge()).toBe(badge);
  });
});

test('the page’s signal rejects with its own reason and closes the prompt', async () => {
  const request = await requestOf(world, shop);
  await page.evaluate((compact) => {
    const controller = new AbortController();
    const reason = new Error('The page thought better of it.');
    const requests = [{ protocol: 'openid4vp-v1-signed', data: { request: compact } }];
    const { signal } = controller;
    const options = { mediation: 'required', digital: { requests }, signal };
    const asked = navigator.credentials.get(options as CredentialRequestOptions);
    const outcome = asked.then(
      () => false,
      (error: unknown) => error === reason,
    );
    Object.assign(window, { stop: () => controller.abort(reason), outcome });
  }, request);
  await see(await chromium.window('approval.html'), 'share');
  await page.evaluate(() => (window as unknown as { stop: () => void }).stop());
  const outcome = () => (window as unknown as { outcome: Promise<boolean> }).outcome;
  expect(await page.evaluate(outcome)).toBe(true);
  await chromium.gone('approval.html');
  expect(world.registered()).toEqual([]);
});
