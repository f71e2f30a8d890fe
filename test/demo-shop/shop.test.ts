import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grant } from '@zusage/protocol/grant';
import { startVaultApi } from '@zusage/vault-api/service';
import { ownPort } from '@zusage/vault-api/testing/own-port';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Person } from './person.fixture.ts';
import { type DemoShop, type DemoShopOptions, startDemoShop } from './shop.ts';

const TOLD = { 'size.shoe': 'EU 42', 'preference.coffee-roast': 'dark' };

let folder: string;
let api: Awaited<ReturnType<typeof startVaultApi>>;
let shop: DemoShop;
let person: Person;
/** Seconds by which the service's clock runs ahead. */
let ahead: number;

beforeEach(async () => {
  ahead = 0;
  folder = await mkdtemp(join(tmpdir(), 'zusage-shop-'));
  api = await startVaultApi(
    {
      host: '127.0.0.1',
      port: 0,
      data: join(folder, 'vault'),
      development: true,
      trustProxy: false,
      rateLimit: 10_000,
      logLevel: 'silent',
    },
    { clock: () => Math.floor(Date.now() / 1000) + ahead },
  );
  shop = await open(await ownPort());
  person = new Person(shop.url, api.url);
});
afterEach(async () => {
  await shop.close();
  await api.close();
  await rm(folder, { recursive: true });
});

const open = (port: number, maxVerdictAge = 0, more: Partial<DemoShopOptions> = {}) =>
  startDemoShop({
    port,
    vault: api.url,
    dataDir: join(folder, 'shop'),
    maxVerdictAge,
    sweepEvery: 300,
    ...more,
  });

/** The shop's background work by a clock that only the test moves. */
class Clock {
  private work: { act: () => Promise<void>; every: number; left: number } | undefined;

  readonly repeatedly: NonNullable<DemoShopOptions['repeatedly']> = (act, seconds) => {
    this.work = { act, every: seconds, left: seconds };
    return { stop: async () => {} };
  };

  async pass(seconds: number): Promise<void> {
    const { work } = this;
    if (work === undefined) return;
    work.left -= seconds;
    for (; work.left <= 0; work.left += work.every) await work.act();
  }
}

const isPersonalised = (page: string) => page.includes('data-personalised="yes"');
const stateOf = (page: string) => /data-state="([a-z]+)"/.exec(page)?.[1];
const shelf = (page: string, id: string) =>
  new RegExp(`data-testid="shelf-${id}">(.*?)</ul>`, 's').exec(page)?.[1] ?? '';
const productsIn = (part: string) =>
  [...part.matchAll(/data-product="([a-z]+)"/g)].map((match) => match[1]);
const answers = (page: string) =>
  [...page.matchAll(/data-answer="([a-z/-]+)"/g)].map((match) => match[1]);

describe('the demo shop', () => {
  test('is the same for everybody until somebody shares', async () => {
    const page = await person.see();
    expect(isPersonalised(page)).toBe(false);
    expect(productsIn(page).length).toBeGreaterThanOrEqual(40);
    expect(page).toContain('lang="en"');
    expect(await person.see('/', 'de-AT,de;q=0.9,en;q=0.5')).toContain('Gute Schuhe');
  });

  test('sorts for the person and says why, with the optional attribute left out', async () => {
    await person.share(TOLD);
    const page = await person.see();
    expect(isPersonalised(page)).toBe(true);
    expect(page).toContain('In stock in EU 42, the size you told us');
    expect(page).toContain('Because you told us: Dark roast');
    expect(productsIn(shelf(page, 'yours')).slice(0, 2)).toEqual(['campfire', 'tunnel']);
    expect(productsIn(shelf(page, 'yours'))).toContain('ridge');
    expect(productsIn(shelf(page, 'more')).slice(-3)).toEqual(['fernway', 'shallows', 'firn']);
  });

  test('checks for its own purpose, and is refused any other purpose and attribute', async () => {
    const grant = await person.share(TOLD);
    await person.see();
    const ask = (purpose: string, attribute: string) =>
      person.post(
        '/admin/check',
        new URLSearchParams({
          grant: grant.claims.jti,
          purpose: `https://w3id.org/dpv#${purpose}`,
          attribute,
        }),
      );
    await ask('DirectMarketing', 'size.shoe');
    await ask('ProvideProductRecommendations', 'intent.travel');
    expect(answers(await person.see('/admin'))).toEqual([
      'attribute',
      'purpose',
      'allowed',
      'allowed',
    ]);
  });

  test('relies on a verdict for as long as the service allows, and not longer than it wants to', async () => {
    await shop.close();
    shop = await open(Number(new URL(shop.url).port), 300);
    await person.share(TOLD);
    await person.see();
    await person.see();
    expect(answers(await person.see('/admin'))).toEqual(['allowed', 'allowed']);
  });

  test('relies on none any more once the status list says that the person has stopped', async () => {
    await shop.close();
    shop = await open(Number(new URL(shop.url).port), 300);
    const grant = await person.share(TOLD);
    await person.see();
    await person.withdraw(grant, 300);
    expect(isPersonalised(await person.see())).toBe(true);
    // A list may be seconds old.
    ahead = 5;
    await shop.sweep();
    expect(stateOf(await person.see())).toBe('paused');
  });

  test('is neutral when the person withdraws, and personal again when they undo it', async () => {
    const grant = await person.share(TOLD);
    await person.withdraw(grant, 300);
    const paused = await person.see();
    expect([isPersonalised(paused), stateOf(paused)]).toEqual([false, 'paused']);
    await shop.sweep();
    expect(await person.see('/admin')).toContain('data-values="held"');
    await person.undo(grant);
    expect(isPersonalised(await person.see())).toBe(true);
  });

  test('deletes the values and hands the grant back once it cannot be undone', async () => {
    const grant = await person.share(TOLD);
    await person.withdraw(grant, 20);
    expect(stateOf(await person.see())).toBe('paused');
    ahead = 30;
    expect(stateOf(await person.see())).toBe('ended');
    const admin = await person.see('/admin');
    expect(admin).toContain('data-values="erased"');
    expect(admin).toContain('(withdrawn)');
    expect(admin).toMatch(/data-testid="handed-back">\d{4}-/);
    expect(answers(admin)[0]).toBe('withdrawn');
  });

  test('does so without any visit', async () => {
    const grant = await person.share(TOLD);
    await person.withdraw(grant, 20);
    ahead = 30;
    await shop.sweep();
    const admin = await person.see('/admin');
    expect(admin).toContain('data-values="erased"');
    expect(admin).toMatch(/data-testid="handed-back">\d{4}-/);
    expect(answers(admin)).toEqual([]);
  });

  test('leaves no value on its disk once it is deleted', async () => {
    const told = { ...TOLD, 'intent.travel': 'trekking until 2099-12-31' };
    await person.share(told);
    const file = join(folder, 'shop', 'shop.sqlite');
    expect(await readFile(file, 'latin1')).toContain('2099-12-31');
    await person.post('/personalise/forget', new URLSearchParams());
    expect(await readFile(file, 'latin1')).not.toContain('2099-12-31');
    expect(stateOf(await person.see())).toBe('ended');
    expect(await person.see('/admin')).toContain('(asked-to)');
  });

  test('is neutral while the service cannot be asked, and keeps the values', async () => {
    await person.share(TOLD);
    await api.close();
    const page = await person.see();
    expect([isPersonalised(page), stateOf(page)]).toEqual([false, 'unchecked']);
    await shop.sweep();
    const admin = await person.see('/admin');
    expect(admin).toContain('data-values="held"');
    expect(answers(admin)[0]).toBe('vault/unreachable');
  });

  test('checks everything it holds again within the hour, and says when and what it heard', async () => {
    await shop.close();
    const clock = new Clock();
    const port = Number(new URL(shop.url).port);
    shop = await open(port, 0, { sweepEvery: 86_400, repeatedly: clock.repeatedly });
    const others = [1, 2].map(() => new Person(shop.url, api.url));
    const grants = [];
    for (const one of [person, ...others]) grants.push(await one.share(TOLD));
    const rechecks = async () => {
      const admin = await person.see('/admin');
      return [...admin.matchAll(/data-status="([a-z/-]+)"/g)].map((match) => match[1]);
    };
    expect(await rechecks()).toEqual(['not-yet', 'not-yet', 'not-yet']);
    await others[0]?.withdraw(grants[1] as Grant, 600);
    await others[1]?.withdraw(grants[2] as Grant, 0);
    // A list may be seconds old.
    ahead = 5;
    await clock.pass(3599);
    expect(await rechecks()).toEqual(['not-yet', 'not-yet', 'not-yet']);
    await clock.pass(1);
    // The newest first.
    expect(await rechecks()).toEqual(['status/ended', 'status/suspended', 'active']);
    const admin = await person.see('/admin');
    expect(admin).toContain('at least every 60 min');
    expect(admin.match(/data-values="erased"/g)).toHaveLength(1);
    // The list was read, and nobody asked about.
    expect(answers(admin)).toEqual([]);
    await api.close();
    await clock.pass(3600);
    expect(await rechecks()).toEqual(['status/ended', 'vault/unreachable', 'vault/unreachable']);
  });

  test('is still personalised after the shop was restarted', async () => {
    await person.share(TOLD);
    await shop.close();
    shop = await open(Number(new URL(shop.url).port));
    expect(isPersonalised(await person.see())).toBe(true);
  });

  test('replaces what it held when the same person shares again', async () => {
    await person.share(TOLD);
    await person.share({ ...TOLD, 'size.shoe': 'EU 36' });
    const page = await person.see();
    expect(page).toContain('In stock in EU 36');
    const admin = await person.see('/admin');
    expect(admin.match(/data-values="erased"/g)).toHaveLength(1);
    expect(admin).toContain('(replaced)');
  });

  test('accepts a response once, from the visitor who asked, and from its own page', async () => {
    const { request } = (await (await person.post('/personalise/request', {})).json()) as {
      request: string;
    };
    const { response } = await person.accept(request, TOLD);
    const stranger = new Person(shop.url, api.url);
    expect((await stranger.post('/personalise/response', { response })).status).toBe(400);
    await stranger.post('/personalise/request', {});
    expect((await stranger.post('/personalise/response', { response })).status).toBe(422);
    const elsewhere = await fetch(`${shop.url}/personalise/response`, {
      method: 'POST',
      headers: { origin: 'http://localhost:1' },
      body: JSON.stringify({ response }),
    });
    expect(elsewhere.status).toBe(403);
    expect((await person.post('/personalise/response', { response })).status).toBe(200);
    expect((await person.post('/personalise/response', { response })).status).toBe(400);
  });

  test('names its privacy notice by the hash of what it serves', async () => {
    const { request } = (await (await person.post('/personalise/request', {})).json()) as {
      request: string;
    };
    const payload = JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString());
    const terms = JSON.parse(Buffer.from(payload.transaction_data[0], 'base64url').toString());
    const served = await (await fetch(terms.notice.uri)).arrayBuffer();
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', served)).toString('base64url');
    expect(terms.notice['hash#sha-256']).toBe(hash);
    expect(terms).not.toHaveProperty('frequency');
  });

  test('serves scripts without types, and no page asks the browser by itself', async () => {
    for (const path of ['/shop-page.js', '/zusage-page.js']) {
      const response = await fetch(shop.url + path);
      expect(response.headers.get('content-type')).toContain('text/javascript');
      expect(await response.text()).not.toMatch(/import type|: Promise</);
    }
    const { headers } = await fetch(shop.url);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});
