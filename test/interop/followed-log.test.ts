import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readDue } from '@zusage/extension/src/commands/read-due.ts';
import { openDoor } from '@zusage/extension/src/network/fetch.ts';
import { Person } from '@zusage/extension/src/sharing/person.fixture.ts';
import { run } from '@zusage/protocol/audit/run';
import { allowLoopback } from '@zusage/protocol/brand';
import { parseGrant } from '@zusage/protocol/grant';
import { followLog } from '@zusage/vault-api/follow-log';
import { openSqliteStore } from '@zusage/vault-api/store/sqlite';
import { brandRequest, serveBrand, type TestBrand } from '@zusage/vault-api/testing/brand';
import { published } from '@zusage/vault-api/testing/published';
import { check, enrol, startWorld, type World } from '@zusage/vault-api/testing/world';
import { afterEach, beforeEach, expect, test } from 'vitest';

// A service that lost some of its past begins another log (SPEC §17.6), and the extension's own code, over the wire,
// brings every grant to what the person decided.

const HOURS = 7 * 3600;
let world: World;
let person: Person;
let brands: TestBrand[];
beforeEach(async () => {
  // The operator's command lives by the machine's clock; everything up to it happened before.
  world = await startWorld({ now: Math.floor(Date.now() / 1000) - 3000 });
  brands = [world.brand];
  person = new Person({ door: openDoor(true), now: () => world.now });
  await person.create(world.vault.url);
});
afterEach(async () => {
  for (const brand of brands.slice(1)) await brand.close();
  await world.close();
});

async function anotherBrand(): Promise<TestBrand> {
  const brand = await serveBrand();
  brands.push(brand);
  expect((await enrol(world, brand)).status).toBe(201);
  return brand;
}

async function share(brand: TestBrand): Promise<string> {
  const before = (await person.run('grants', {})).map(({ jti }) => jti);
  const request = await brandRequest(brand, world.vault.url, world.now);
  const asked = person.asked(request, brand.origin);
  const advanced = await person.share(asked, ['size.shoe'], {
    entered: [{ id: 'size.shoe', value: 'EU 42' }],
  });
  if ('failed' in advanced) throw new Error(advanced.failed);
  await person.sharing.delivered(asked);
  const after = (await person.run('grants', {})).map(({ jti }) => jti);
  return after.find((jti) => !before.includes(jti)) ?? '';
}

/** What the brand is told about this grant when it asks. */
async function verdict(brand: TestBrand, jti: string): Promise<unknown> {
  const stored = await person.vault.get('grant', jti);
  const { pseudonym } = await parseGrant(stored?.grant ?? '', { [allowLoopback]: true });
  const { body } = await check({ ...world, brand }, pseudonym);
  return body['decision'] === true || (body['context'] as { reason: string }).reason;
}

/** What happens in `lost` is not in the backup that is restored; then the operator begins another log. */
async function loseAndFollow(lost: () => Promise<void>): Promise<void> {
  const file = join(world.data, 'vault.db');
  const db = new DatabaseSync(file);
  db.exec(`VACUUM INTO '${file}.backup'`);
  db.close();
  await lost();
  await published(world);
  await person.run('lookAtLog', { origin: world.vault.url });
  await world.vault.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  renameSync(`${file}.backup`, file);
  chmodSync(file, 0o600);
  const { host, port } = new URL(world.vault.url);
  const store = openSqliteStore(world.data);
  const config = {
    host: '127.0.0.1',
    port: Number(port),
    data: world.data,
    development: true,
    trustProxy: false,
    rateLimit: 1000,
    logLevel: 'info',
  } as const;
  await followLog(store, config, `${host}/log-2`);
  await store.close();
  world.now = Math.floor(Date.now() / 1000);
  await world.restart();
  await published(world);
}

/** The worker's moments, each in a worker of its own, until there is nothing left for it to do. */
async function moments(): Promise<void> {
  for (let time = 0; time < 8; time += 1) {
    person.restart();
    await person.unlock();
    await readDue(person.services, () => 0.5);
    world.now += 120;
    await published(world);
  }
  await person.unlock();
}
const states = async () =>
  new Map((await person.run('grants', {})).map(({ jti, state }) => [jti, state]));
const log = async () => (await person.run('publicLogs', {}))[0];

test('stopped stays stopped, shared is shared again, and what the service lost is said', {
  timeout: 120_000,
}, async () => {
  const [first] = brands as [TestBrand];
  const second = await anotherBrand();
  const third = await anotherBrand();
  const stopped = await share(first);
  const kept = await share(second);
  let gone = '';
  await loseAndFollow(async () => {
    world.now += 60;
    await person.run('withdraw', { jti: stopped });
    // Stopped and taken back: told again, neither may end it.
    await person.run('withdraw', { jti: kept });
    await person.run('restore', { jti: kept });
    gone = await share(third);
    await published(world);
    for (const jti of [stopped, kept, gone]) {
      expect((await person.run('refreshGrant', { jti })).recorded.state).toBe('recorded');
    }
  });
  world.now += HOURS;
  await person.unlock();
  expect(await verdict(first, stopped)).toBe('suspended');
  expect(await verdict(second, kept)).toBe('suspended');

  await moments();
  expect(await log()).toMatchObject({
    state: 'followed',
    follow: { outcome: 'same', lost: 0 },
    retelling: 2,
    evidence: false,
  });
  // Without any consent, because a withdrawal needs none.
  expect(await verdict(first, stopped)).toBe('withdrawn');
  expect(await verdict(second, kept)).toBe('suspended');
  for (const { recorded } of await person.run('grants', {})) expect(recorded.warnings).toEqual([]);

  const origin = world.vault.url;
  const vkey = (await log())?.follow?.vkey ?? '';
  await expect(person.run('followLog', { origin, vkey: `${vkey}x` })).rejects.toMatchObject({
    code: 'unknown',
  });
  expect(await person.run('followLog', { origin, vkey })).toMatchObject({
    follow: null,
    earlier: [{ name: `${new URL(origin).host}/log` }],
    retelling: 2,
  });
  await moments();
  expect(await log()).toMatchObject({ state: 'ok', follow: null, retelling: 0 });
  expect(await verdict(second, kept)).toBe(true);
  expect(await verdict(first, stopped)).toBe('withdrawn');
  expect(await states()).toEqual(
    new Map([
      [gone, 'lost'],
      [kept, 'active'],
      [stopped, 'withdrawn'],
    ]),
  );

  // What was proven in the log before stays proven, and the new one has proofs of its own.
  await person.run('refreshGrant', { jti: kept });
  for (const jti of [kept, stopped]) {
    const view = (await person.run('grants', {})).find((one) => one.jti === jti);
    expect(view?.recorded).toMatchObject({ state: 'recorded', warnings: [] });
  }
  const logged = await person.vault.get('logged', kept);
  expect(logged?.earlier?.[0]?.entries.map(({ event }) => event)).toEqual([
    'registered',
    'withdrawn',
    'restored',
  ]);
  expect(logged?.entries.map(({ seq, event }) => [seq, event])).toEqual([
    [1, 'withdrawn'],
    [2, 'restored'],
    [3, 'resumed'],
  ]);
  // Whoever gets the file finds nothing in it that contradicts itself.
  const file = join(world.data, 'kept.zusage.json');
  writeFileSync(file, (await person.run('saveReceipt', { jti: kept })).text);
  expect(await run(['check-receipt', file, '--json'])).toMatchObject({ exit: 0 });
  // The whole new log holds nothing else under the person's marks.
  let progress = await person.run('searchLog', { origin, again: true });
  while (!progress.finished) progress = await person.run('searchLog', { origin, again: false });
  expect((await log())?.searched).toMatchObject({ unexpected: [], damaged: false });
  expect((await log())?.state).toBe('ok');
});
