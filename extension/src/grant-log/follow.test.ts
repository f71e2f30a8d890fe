import { Signer } from '@zusage/protocol/audit/log-writer.fixture';
import { beforeEach, describe, expect, test } from 'vitest';
import { readDue } from '../commands/read-due.ts';
import type { LogHealthView } from '../messages.ts';
import { Person } from '../sharing/person.fixture.ts';
import { type TestBrand, VAULT, World } from '../sharing/world.fixture.ts';
import { hasNewWarning } from './alarm.ts';
import { WorldLog } from './world-log.fixture.ts';

let world: World;
let brand: TestBrand;
let person: Person;
let jti: string;

beforeEach(async () => {
  world = await World.start();
  brand = await world.brand('shop.example');
  person = new Person({ door: world.door, now: () => world.now });
  await person.create(VAULT);
  const { request } = await brand.request({ attributes: { required: ['size.shoe'] } });
  const asked = person.asked(request, brand.origin);
  await person.share(asked, ['size.shoe'], { entered: [{ id: 'size.shoe', value: 'EU 42' }] });
  await person.sharing.delivered(asked);
  jti = [...world.grants.keys()][0] ?? '';
  await person.run('refreshGrant', { jti });
  await look();
});

const look = () => person.run('lookAtLog', { origin: VAULT });
const health = async () => (await person.run('publicLogs', {}))[0] as LogHealthView;
const goOn = async () =>
  person.run('followLog', { origin: VAULT, vkey: (await health()).follow?.vkey ?? '' });

function first(body: object, type = 'log-follows'): string {
  const encoded = Buffer.from(JSON.stringify(body)).toString('base64url');
  const minute = `${new Date(world.now * 1000).toISOString().slice(0, 16)}Z`;
  return JSON.stringify({ v: 1, k: 'k', t: minute, type, body: encoded });
}

/** The service goes on with another log, whose first entry names this checkpoint. */
function follow(checkpoint: string | null = world.log.text('checkpoint'), entry?: string): void {
  const body = { origin: 'vault.example/log', checkpoint };
  world.next = new WorldLog('vault.example/log-2', entry ?? first(body));
  world.logKey = world.next.signer.vkey;
}

const grow = (count: number, log = world.log) => {
  for (let i = 0; i < count; i++) {
    const r = Buffer.from(`${log.entries.length}`.padEnd(32, '.')).toString('base64url');
    log.entries.push(JSON.stringify({ v: 1, k: 'a', t: '2026-11-22T12:00Z', r }));
  }
  log.publish();
};

function fork(): string {
  const other = [...world.log.entries];
  other.splice(2, 1, world.log.entries[3] as string);
  const files = world.log.written(other);
  return new TextDecoder().decode(files.get('checkpoint'));
}

describe('what a log that follows says about the one before is checked before anybody agrees', () => {
  test('it fits', async () => {
    follow();
    expect(await look()).toMatchObject({
      state: 'followed',
      follow: { outcome: 'same', lost: 0 },
      evidence: false,
      retelling: 1,
    });
    await readDue(person.services, () => 0.5);
    expect(await hasNewWarning((key) => person.services.session.get(key))).toBe(true);
    // Known from now on, also to a worker that begins anew; the log before is not asked any more.
    person.restart();
    const asked = world.count('/log/checkpoint');
    expect(await look()).toMatchObject({ state: 'followed' });
    expect(world.count('/log/checkpoint')).toBe(asked);
  });

  test('it ends before what was seen: the rest is lost', async () => {
    const early = world.log.text('checkpoint');
    grow(7);
    await look();
    follow(early);
    expect(await look()).toMatchObject({ follow: { outcome: 'same', lost: 7 } });
  });

  test('nothing is named, because the service lost that, too', async () => {
    follow(null);
    const { length } = world.log.entries;
    expect(await look()).toMatchObject({ follow: { outcome: 'uncheckable', lost: length } });
  });

  test('it names a larger state, whose tiles are gone', async () => {
    grow(300);
    follow();
    for (const path of [...world.log.files.keys()]) {
      if (path.startsWith('tile/')) world.log.files.delete(path);
    }
    expect(await look()).toMatchObject({ follow: { outcome: 'uncheckable', lost: 0 } });
    expect(await goOn()).toMatchObject({ state: 'ok', follow: null });
  });

  test('it contradicts what was seen: kept as evidence, also by who goes on', async () => {
    follow(fork());
    expect(await look()).toMatchObject({
      state: 'fork',
      follow: { outcome: 'fork' },
      evidence: true,
    });
    const { text } = await person.run('saveEvidence', { origin: VAULT });
    expect(JSON.parse(text)).toMatchObject({ log_vkey: world.log.signer.vkey });
    expect(await goOn()).toMatchObject({
      evidence: true,
      earlier: [{ name: 'vault.example/log' }],
    });
    expect(await person.run('saveEvidence', { origin: VAULT })).toMatchObject({ text });
  });

  test.each([
    ['a checkpoint that another key signed', () => forged(), undefined],
    ['no log', () => null, () => first({})],
    [
      'a log of somebody else',
      () => null,
      () => first({ origin: 'other.example/log', checkpoint: null }),
    ],
    ['an entry of another kind', () => null, () => first({ origin: 'x' }, 'brand-frozen')],
  ])('it names %s, and is not offered', async (_, checkpoint, entry) => {
    follow(checkpoint(), entry?.());
    expect(await look()).toMatchObject({ state: 'followed', follow: { outcome: 'unnamed' } });
    await expect(goOn()).rejects.toMatchObject({ code: 'unknown' });
    expect((await person.vault.get('service', VAULT))?.logVkey).toBe(world.log.signer.vkey);
  });

  test('its first entry is not in it', async () => {
    follow();
    const other = new WorldLog('vault.example/log-2', first({ origin: 'x', checkpoint: null }));
    const bundle = [...other.files].find(([path]) => path.startsWith('tile/entries/'));
    world.next?.files.set(...(bundle as [string, Uint8Array]));
    expect(await look()).toMatchObject({ follow: { outcome: 'unnamed' } });
  });

  test('it cannot be read yet, and then it can', async () => {
    follow();
    const { next } = world;
    world.next = null;
    expect(await look()).toMatchObject({ state: 'followed', follow: { outcome: 'unread' } });
    await expect(goOn()).rejects.toMatchObject({ code: 'unknown' });
    world.next = next;
    expect(await look()).toMatchObject({ follow: { outcome: 'same' } });
  });

  test('one that came and went between is looked through', async () => {
    const between = new WorldLog(
      'vault.example/log-2',
      first({ origin: 'vault.example/log', checkpoint: world.log.text('checkpoint') }),
    );
    world.next = between;
    const third = new WorldLog(
      'vault.example/log-3',
      first({ origin: 'vault.example/log-2', checkpoint: between.text('checkpoint') }),
    );
    for (const [path, bytes] of third.files) {
      const body = Buffer.from(bytes).toString(path === 'checkpoint' ? 'utf8' : 'latin1');
      world.answers.set(`${VAULT}/log-3/${path}`, () => ({ status: 200, body }));
    }
    world.logKey = third.signer.vkey;
    expect(await look()).toMatchObject({ follow: { outcome: 'same' } });
  });
});

function forged(): string {
  const text = `${world.log.text('checkpoint').split('\n\n')[0]}\n`;
  return `${text}\n${new Signer('vault.example/log', 1, 'another key').line(text)}`;
}

test.each([
  ['of another host', 'other.example/log-2'],
  ['of the same number', 'vault.example/log'],
  ['of another path', 'vault.example/other-2'],
])('a log key %s is not one that follows', async (_, name) => {
  world.logKey = new Signer(name, 1, 'a new key').vkey;
  expect(await look()).toMatchObject({ state: 'ok', follow: null });
  await expect(person.run('moveService', { vaultService: VAULT })).rejects.toMatchObject({
    code: 'service-changed',
  });
});

test('a service that has none of its pinned keys is another one', async () => {
  follow();
  world.keys = [];
  await world.addKey('v9');
  expect(await look()).toMatchObject({ state: 'ok', follow: null });
});

test('what is taken back before anybody agreed leaves nothing behind', async () => {
  follow();
  await look();
  world.logKey = world.log.signer.vkey;
  expect(await look()).toMatchObject({ state: 'ok', follow: null });
});

test('a read that shows it is no alarm of its own, and nothing is missing until the person agrees', async () => {
  follow();
  world.log.rootOf = () => Buffer.alloc(32, 5).toString('base64url');
  const { recorded } = await person.run('refreshGrant', { jti });
  expect(recorded).toMatchObject({ state: 'recorded', warnings: [] });
  expect(await health()).toMatchObject({ state: 'followed' });
  world.log.held = true;
  await person.run('withdraw', { jti });
  for (let day = 0; day < 3; day += 1) {
    world.now += 86_400;
    await person.unlock();
    const view = await person.run('refreshGrant', { jti });
    expect(view.recorded).toMatchObject({ state: 'pending', warnings: [] });
  }
});

test('a receipt that names another log has the service asked at the worker’s next moment', async () => {
  follow();
  const append = world.log.append.bind(world.log);
  world.log.append = (...entry) => {
    const place = append(...entry);
    return place && { ...place, origin: 'vault.example/log-2' };
  };
  await readDue(person.services, () => 0.5);
  expect(await health()).toMatchObject({ state: 'ok' });
  await person.run('withdraw', { jti });
  await readDue(person.services, () => 0.5);
  expect(await health()).toMatchObject({ state: 'followed' });
});

test('a grant that the service does not know any more counts as ended, and is said to be lost', async () => {
  follow();
  world.grants.clear();
  await look();
  await expect(person.run('refreshGrant', { jti })).rejects.toMatchObject({
    code: 'service-refused',
  });
  await goOn();
  expect(await person.run('refreshGrant', { jti })).toMatchObject({ state: 'lost' });
  expect(await health()).toMatchObject({ retelling: 0 });
  // Nobody is asked about it again.
  const asked = world.count('/read');
  world.now += 2 * 86_400;
  await person.unlock();
  for (let time = 0; time < 3; time += 1) await readDue(person.services, () => 0.5);
  expect(world.count('/read')).toBe(asked);
});
