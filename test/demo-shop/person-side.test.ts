/** What the person sees of the shop, in the extension's own code: over the real service, and without a browser. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDue } from '@zusage/extension/src/commands/read-due.ts';
import { openDoor } from '@zusage/extension/src/network/fetch.ts';
import { Person } from '@zusage/extension/src/sharing/person.fixture.ts';
import { allowLoopback } from '@zusage/protocol/brand';
import { accessToken } from '@zusage/protocol/brand/access-token';
import { startVaultApi } from '@zusage/vault-api/service';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadBrand } from './identity.ts';
import { Person as Visitor } from './person.fixture.ts';
import { type DemoShop, startDemoShop } from './shop.ts';

const ATTRIBUTES = ['size.shoe', 'preference.coffee-roast'];
const ENTERED = [
  { id: 'size.shoe', value: 'EU 42' },
  { id: 'preference.coffee-roast', value: 'dark' },
];
const HOUR = 3600;

let folder: string;
let api: Awaited<ReturnType<typeof startVaultApi>>;
let shop: DemoShop;
let person: Person;
let visitor: Visitor;
/** Seconds by which the clocks of service and person run ahead. */
let ahead: number;
const now = () => Math.floor(Date.now() / 1000) + ahead;

beforeEach(async () => {
  ahead = 0;
  folder = await mkdtemp(join(tmpdir(), 'zusage-person-side-'));
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
    { clock: now },
  );
  shop = await startDemoShop({
    port: 0,
    vault: api.url,
    dataDir: join(folder, 'shop'),
    maxVerdictAge: 0,
    repeatedly: () => ({ stop: async () => {} }),
  });
  visitor = new Visitor(shop.url, api.url);
  person = new Person({ door: openDoor(true), now, undoSeconds: 20 });
  await person.create(api.url);
});
afterEach(async () => {
  await shop.close();
  await api.close();
  await rm(folder, { recursive: true });
});

async function share(): Promise<string> {
  const asking = await visitor.post('/personalise/request', {});
  const { request } = (await asking.json()) as { request: string };
  const asked = person.asked(request, shop.url);
  const advanced = await person.share(asked, ATTRIBUTES, { entered: ENTERED });
  if (!('response' in advanced)) throw new Error(advanced.failed);
  const answer = await visitor.post('/personalise/response', advanced.response);
  expect(answer.status).toBe(200);
  await person.sharing.delivered(asked);
  const [grant] = await person.run('grants', {});
  return grant?.jti ?? '';
}

test('the person reads when the shop used what, also without asking for it', async () => {
  const jti = await share();
  await visitor.see();
  const { uses } = await person.run('refreshGrant', { jti });
  // All attributes of one look at the shop are one use.
  expect(uses?.count).toBe(1);
  expect(uses?.days[0]?.purposes).toEqual(['Product recommendations']);
  const form = {
    grant: jti,
    purpose: 'https://w3id.org/dpv#DirectMarketing',
    attribute: 'size.shoe',
  };
  await visitor.post('/admin/check', new URLSearchParams(form));
  await visitor.see();

  const readBy = () => readDue(person.services, () => 1);
  await readBy();
  ahead = 24 * HOUR;
  await person.unlock();
  await readBy();
  const [grant] = await person.run('grants', {});
  expect(grant?.uses?.count).toBe(2);
  expect(grant?.uses?.days.map(({ denied }) => denied).reduce((a, b) => a + b)).toBe(1);
  const used = (await person.run('log', {})).filter(({ event }) => event === 'used');
  expect(used.map(({ count = 0 }) => count).reduce((a, b) => a + b)).toBe(2);
});

test('a list the shop asks for is told to those on it, and is no use', async () => {
  const jti = await share();
  // A grant comes up in lists a minute after it was registered.
  ahead = 70;
  const brand = await loadBrand(shop.did, join(folder, 'shop'));
  const token = await accessToken(api.url, brand, now(), { [allowLoopback]: true });
  const answer = await fetch(`${api.url}/access/v1/search/subject`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      subject: { type: 'user' },
      action: { name: 'https://w3id.org/dpv#ProvideProductRecommendations' },
      resource: { type: 'attribute', id: 'size.shoe' },
    }),
  });
  expect(await answer.json()).toMatchObject({ results: [{ type: 'user' }] });
  const { uses } = await person.run('refreshGrant', { jti });
  expect(uses).toMatchObject({ count: 0, last: null, days: [{ uses: 0, lists: 1 }] });
  const listed = (await person.run('log', {})).filter(({ event }) => event === 'listed');
  expect(listed).toMatchObject([{ brand: 'Wegwarte', count: 1 }]);
});

test('once the shop has deleted it and said so, the person sees the day', async () => {
  const jti = await share();
  await person.run('withdraw', { jti });
  ahead = 30;
  expect((await person.run('grants', {}))[0]).toMatchObject({ deletion: { state: 'held' } });
  expect(await person.run('refreshGrant', { jti })).toMatchObject({ deletion: { state: 'held' } });
  await shop.sweep();
  const on = now();
  expect(await person.run('refreshGrant', { jti })).toMatchObject({
    state: 'withdrawn',
    deletion: { state: 'confirmed', on: expect.any(Number) },
  });
  const [grant] = await person.run('grants', {});
  expect(
    Math.abs((grant?.deletion?.state === 'confirmed' ? grant.deletion.on : 0) - on),
  ).toBeLessThan(60);
});
