/** What the person sees of the shop, in the extension's own code: over the real service, and without a browser. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDue } from '@zusage/extension/src/commands/read-due.ts';
import { openDoor } from '@zusage/extension/src/network/fetch.ts';
import { Person } from '@zusage/extension/src/sharing/person.fixture.ts';
import { allowLoopback } from '@zusage/protocol/brand';
import { accessToken } from '@zusage/protocol/brand/access-token';
import { stopValue } from '@zusage/protocol/stop';
import { startVaultApi } from '@zusage/vault-api/service';
import { until } from '@zusage/vault-api/testing/until';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

/** Asks until the log has published so many entries of the grant, which takes it a moment. */
async function recorded(jti: string, entries: number): Promise<void> {
  await until(async () => {
    const view = await person.run('refreshGrant', { jti });
    expect(view.recorded.warnings).toEqual([]);
    return view.recorded.state === 'recorded' && view.recorded.entries === entries;
  });
}

describe('one file for a human being', () => {
  /** The real command, as a person runs it. */
  async function check(name: string, text: string, ...options: string[]) {
    const file = join(folder, name);
    await writeFile(file, text);
    const main = fileURLToPath(new URL('../../protocol/src/audit/main.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [main, 'check-receipt', file, ...options],
      { cwd: folder, encoding: 'utf8' },
    );
    return { exit: status, out: stdout, err: stderr };
  }
  const admin = async (jti: string) => {
    const page = await visitor.see('/admin');
    const [, path = ''] = /href="(\/admin\/receipt\/[^"]+)"/.exec(page) ?? [];
    expect(decodeURIComponent(path)).toContain(jti);
    return visitor.see(path);
  };

  test('what the extension saves is what it says, in both languages, also after the end', async () => {
    const jti = await share();
    await recorded(jti, 1);
    await person.run('withdraw', { jti });
    await person.run('restore', { jti });
    await recorded(jti, 3);
    const { name, text } = await person.run('saveReceipt', { jti });
    expect(name).toMatch(/^localhost.*\.zusage\.json$/);
    for (const value of ['EU 42', 'dark']) expect(text).not.toContain(value);
    const asJson = JSON.parse((await check(name, text, '--json')).out);
    expect(asJson).toMatchObject({ exit: 0, verified: true });
    const german = await check(name, text, '--lang', 'de');
    expect(german).toMatchObject({ exit: 0, err: '' });
    expect(german.out).toContain('nicht');
    const english = await check(name, text, '--lang', 'en');
    expect(english).toMatchObject({ exit: 0, err: '' });

    const other = JSON.parse(text);
    other.proofs[1] = other.proofs[1].replace(/index (\d+)/, 'index 1$1');
    expect(await check('changed.zusage.json', JSON.stringify(other))).toMatchObject({ exit: 1 });
  });

  test('the shop saves the same from its side, also when everything is over', async () => {
    const jti = await share();
    await recorded(jti, 1);
    const first = await admin(jti);
    expect(JSON.parse(first).proofs).toHaveLength(1);
    expect(await check('shop.zusage.json', first)).toMatchObject({ exit: 0, err: '' });
    await person.run('withdraw', { jti });
    ahead = 30;
    await shop.sweep();
    await recorded(jti, 3);
    const last = await admin(jti);
    for (const value of ['EU 42', 'dark']) expect(last).not.toContain(value);
    expect(JSON.parse(last).proofs).toHaveLength(3);
    expect(await check('over.zusage.json', last)).toMatchObject({ exit: 0, err: '' });
    const { text } = await person.run('saveReceipt', { jti });
    expect(await check('mine.zusage.json', text)).toMatchObject({ exit: 0, err: '' });
  });
});

test('the real log: recorded at once, consistent as it grows, and nothing unexpected in it', async () => {
  const jti = await share();
  await recorded(jti, 1);
  const origin = api.url;
  const [first] = await person.run('publicLogs', {});
  expect(first).toMatchObject({ state: 'ok' });
  await person.run('withdraw', { jti });
  await person.run('restore', { jti });
  // The log itself grows by an entry each minute, too, so its size does not tell when these are in it.
  await until(async () => {
    await person.run('lookAtLog', { origin });
    await person.run('searchLog', { origin, again: true });
    return (await person.run('publicLogs', {}))[0]?.searched?.own === 3;
  });
  const [later] = await person.run('publicLogs', {});
  expect(later?.head?.size).toBeGreaterThan((first?.head?.size ?? 0) + 4);
  // Two of its entries are not proved yet.
  expect(later).toMatchObject({ state: 'ok', searched: { own: 3, open: 2, damaged: false } });
  ahead += 1;
  await recorded(jti, 3);
  expect((await person.run('publicLogs', {}))[0]).toMatchObject({
    state: 'ok',
    searched: { own: 3, open: 0, unexpected: [] },
  });
});

test('a grant that a newer one took the place of, and one that was stopped by its sheet, are proved like any other', async () => {
  const first = await share();
  ahead = 2;
  const second = await share();
  expect(second).not.toBe(first);
  const stored = await person.vault.get('grant', second);
  const settings = await person.vault.get('settings', 'settings');
  const stop = await stopValue(settings?.stopRoot ?? '', stored?.stopIndex ?? 0);
  // The older one has come to its end at the service and at the shop, which hands it back.
  await recorded(first, 3);
  await fetch(`${api.url}/stop`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ stop }),
  });
  ahead = 70;
  await recorded(second, 2);
  const { state } = await person.run('refreshGrant', { jti: second });
  expect(state).toBe('withdrawn');
});
