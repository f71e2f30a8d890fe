import { beforeEach, expect, test } from 'vitest';
import type { CommandName } from '../messages.ts';
import { PASSPHRASE, Person } from '../sharing/person.fixture.ts';
import { PRODUCTS, problem, type TestBrand, VAULT, World } from '../sharing/world.fixture.ts';
import type { GrantRecord } from '../vault/records.ts';

const DAY = 86_400;

let world: World;
let brand: TestBrand;
let person: Person;

beforeEach(async () => {
  world = await World.start();
  brand = await world.brand('shop.example');
  person = new Person({ door: world.door, now: () => world.now });
});

async function withGrant(): Promise<string> {
  await person.create(VAULT);
  const { request } = await brand.request({ attributes: { required: ['size.shoe'] } });
  const asked = person.asked(request, brand.origin);
  await person.share(asked, ['size.shoe'], { entered: [{ id: 'size.shoe', value: 'EU 42' }] });
  await person.sharing.delivered(asked);
  const [grant] = await person.run('grants', {});
  return grant?.jti ?? '';
}

/** An answer of the service to a read. */
const answered = (told: object) => ({
  status: 200,
  body: JSON.stringify({
    ...{ events: [], stream_root: null, checks: [], searches: [], cursor: '0', more: false },
    brand_frozen: false,
    ...told,
  }),
});
const EMPTY = { attributes: [], purposes: [], denied: 0, lists: 0, lastList: null };
const localDay = (at: number) => new Date(at * 1000).toLocaleDateString('sv-SE');

const states = async () => (await person.run('grants', {})).map(({ state }) => state);
const serviceStates = () => [...world.grants.values()].map(({ state }) => state);

test('a vault is made only after its service has said who it is', async () => {
  const create = (vaultService: string) =>
    person.run('create', { passphrase: PASSPHRASE, vaultService });
  for (const address of ['', 'vault.example', 'https://10.1.2.3', `${VAULT}/path`, 'https://nas']) {
    await expect(create(address)).rejects.toMatchObject({ code: 'service-address' });
  }
  await expect(create('https://elsewhere.example')).rejects.toMatchObject({
    code: 'service-refused',
  });
  world.faults.set('oauth-authorization-server', ['unreachable']);
  await expect(create(VAULT)).rejects.toMatchObject({ code: 'service-unreachable' });
  expect(await person.run('status', {})).toMatchObject({ vault: 'none' });

  expect(await create(`${VAULT}/`)).toMatchObject({
    vault: 'unlocked',
    vaultService: VAULT,
    attributes: 0,
    integrity: 'ok',
  });
  await expect(create(VAULT)).rejects.toMatchObject({ code: 'exists' });
});

test('lock and unlock: nothing is told while locked', async () => {
  await person.create(VAULT);
  expect(await person.run('lock', {})).toMatchObject({ vault: 'locked', vaultService: null });
  for (const command of ['attributes', 'grants', 'log'] as const) {
    await expect(person.run(command, {})).rejects.toMatchObject({ code: 'locked' });
  }
  await expect(person.run('unlock', { passphrase: 'wrong' })).rejects.toMatchObject({
    code: 'wrong-passphrase',
  });
  expect(await person.run('unlock', { passphrase: PASSPHRASE })).toMatchObject({
    vault: 'unlocked',
  });
});

test('malformed arguments and unknown commands are refused with a code', async () => {
  await person.create(VAULT);
  const calls: [string, unknown][] = [
    ['status', { extra: 1 }],
    ['create', { passphrase: 1, vaultService: VAULT }],
    ['unlock', null],
    ['saveAttribute', { id: 'size.shoe' }],
    ['saveAttribute', { id: 'size.shoe', value: { $ne: 1 } }],
    ['removeAttribute', { id: '' }],
    ['undo', { id: 'not an id' }],
    ['saveOwn', { label: 'x' }],
    ['searchAttributes', { text: 'x', limit: 0, sensitive: false }],
    ['withdraw', { jti: 'x' }],
    ['removeLogEntry', { id: 3 }],
    ['toString', {}],
    ['decide', {}],
  ];
  for (const [command, args] of calls) {
    await expect(
      person.commands.handle(command as CommandName, args),
      command,
    ).rejects.toMatchObject({ code: 'malformed' });
  }
});

test('an attribute is entered, changed, confirmed, deleted and put back', async () => {
  await person.create(VAULT);
  expect(await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' })).toMatchObject({
    held: { value: 'EU 42', shown: 'EU 42', source: 'entered', freshness: 'fresh' },
  });
  await expect(
    person.run('saveAttribute', { id: 'size.shoe', value: 'EU 420' }),
  ).rejects.toMatchObject({ code: 'value' });
  await expect(person.run('saveAttribute', { id: 'no.such', value: 'x' })).rejects.toMatchObject({
    code: 'unknown',
  });
  await person.run('saveAttribute', { id: 'intent.travel', value: 'hiking', until: '2027-06-30' });
  await expect(
    person.run('saveAttribute', { id: 'intent.travel', value: 'hiking' }),
  ).rejects.toMatchObject({ code: 'value' });
  expect(await person.run('confirmAttribute', { id: 'size.shoe' })).toHaveProperty('held');
  await expect(person.run('confirmAttribute', { id: 'size.jacket' })).rejects.toMatchObject({
    code: 'unknown',
  });

  const before = await person.run('attributes', {});
  expect(before.map(({ id }) => id)).toEqual(['size.shoe', 'intent.travel']);
  expect(before[1]?.held).toMatchObject({ value: 'hiking', until: '2027-06-30' });
  const { id } = await person.run('removeAttribute', { id: 'intent.travel' });
  expect(await person.run('attributes', {})).toHaveLength(1);
  await person.run('undo', { id });
  expect(await person.run('attributes', {})).toEqual(before);
});

test('the catalogue holds the whole vocabulary and no value', async () => {
  await person.create(VAULT);
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  const catalogue = await person.run('catalogue', {});
  expect(catalogue.length).toBeGreaterThan(30);
  expect(catalogue.every((view) => view.held === undefined && view.label !== '')).toBe(true);
});

test('withdraw stops at once, undo brings it back, and the window closes by the clock', async () => {
  const jti = await withGrant();
  expect(await person.run('withdraw', { jti })).toMatchObject({
    state: 'undo',
    undoUntil: world.now + 600,
  });
  expect(serviceStates()).toEqual(['suspended']);
  expect(await person.run('restore', { jti })).toMatchObject({ state: 'active' });
  expect(serviceStates()).toEqual(['active']);
  await person.run('withdraw', { jti });
  expect(await person.run('withdraw', { jti })).toMatchObject({ state: 'undo' });
  world.now += 600;
  const [grant] = await person.run('grants', {});
  expect(grant).toMatchObject({ state: 'withdrawn' });
  expect(grant).not.toHaveProperty('undoUntil');
  await expect(person.run('restore', { jti })).rejects.toMatchObject({ code: 'too-late' });
  const events = (await person.run('log', {})).map(({ event }) => event);
  expect(events.sort()).toEqual(['granted', 'restored', 'shown', 'withdrawn', 'withdrawn']);
  const record = await person.vault.get('grant', jti);
  expect(record?.receipts).toHaveLength(4);
});

test('withdrawn without network: noted, kept, and told at the next chance', async () => {
  const jti = await withGrant();
  world.faults.set('events', ['unreachable', 'unreachable']);
  expect(await person.run('withdraw', { jti })).toMatchObject({ state: 'withdrawal-pending' });
  await person.sharing.resumeAfterUnlock();
  expect(await states()).toEqual(['withdrawal-pending']);
  person.restart();
  await person.sharing.resumeAfterUnlock();
  expect(serviceStates()).toEqual(['ended']);
  expect(await states()).toEqual(['withdrawn']);
});

test('a vault that can only be read still lets the person stop, for good', async () => {
  const jti = await withGrant();
  await person.madeNewer();
  world.faults.set('events', ['unreachable']);
  await expect(person.run('withdraw', { jti })).rejects.toMatchObject({ code: 'read-only' });
  expect(serviceStates()).toEqual(['active']);
  expect(await person.run('withdraw', { jti })).toMatchObject({ state: 'withdrawn' });
  expect(serviceStates()).toEqual(['ended']);
});

test('a restore the service refuses says why', async () => {
  const jti = await withGrant();
  await person.run('withdraw', { jti });
  for (const [fault, code] of [
    ['unreachable', 'service-unreachable'],
    [problem(409, 'event/state'), 'too-late'],
    [problem(403, 'event/aud'), 'service-refused'],
  ] as const) {
    world.faults.set('events', [fault]);
    await expect(person.run('restore', { jti })).rejects.toMatchObject({ code });
  }
  // Something happened that we have not seen: read, and sign anew.
  world.faults.set('events', [problem(409, 'event/stale')]);
  expect(await person.run('restore', { jti })).toMatchObject({ state: 'active' });
});

test('reading tells how often the brand used it, and the log keeps that without values', async () => {
  const jti = await withGrant();
  const check = { purpose: PRODUCTS };
  const attributes = ['size.shoe'];
  world.checks = [
    { ...check, attributes, at: world.now + 5, decision: true },
    { ...check, attributes, at: world.now + 9, decision: true },
    { ...check, attributes: ['contact.email'], at: world.now + 10, decision: false },
  ];
  world.searches = [{ at: world.now + 20, kind: 'subject' }];
  const uses = { count: 2, last: world.now + 9 };
  const days = [
    {
      uses: 2,
      denied: 1,
      lists: 1,
      attributes: ['Shoe size'],
      purposes: ['Product recommendations'],
    },
  ];
  world.now += 60;
  // Two at once are one: neither counts nor logs twice.
  const views = await Promise.all([1, 2].map(() => person.run('refreshGrant', { jti })));
  expect(views).toMatchObject(views.map(() => ({ state: 'active', uses: { ...uses, days } })));
  expect(await person.run('refreshGrant', { jti })).toMatchObject({ uses: { ...uses, days } });
  const log = await person.run('log', {});
  expect(log.filter(({ event }) => event === 'used')).toMatchObject([
    { at: uses.last, count: 2, attributes: ['Shoe size'], purposes: ['Product recommendations'] },
  ]);
  expect(log.filter(({ event }) => event === 'listed')).toMatchObject([
    { at: world.now - 40, count: 1, attributes: [] },
  ]);
  world.faults.set('read', ['unreachable']);
  await expect(person.run('refreshGrant', { jti })).rejects.toMatchObject({
    code: 'service-unreachable',
  });
});

test('the log has one entry for each day of use, and none that was counted before', async () => {
  const jti = await withGrant();
  const use = (at: number) => ({
    purpose: PRODUCTS,
    attributes: ['size.shoe'],
    at,
    decision: true,
  });
  const page = (checks: object[], cursor: string) =>
    answered({ state: 'active', seq: 0, checks, cursor, more: cursor === '2' });
  const began = world.now;
  world.now += 2 * DAY;
  await person.unlock();
  const second = page([use(began + 20), use(world.now)], '3');
  world.faults.set('read', [page([use(began + 10)], '2'), second]);
  await person.run('refreshGrant', { jti });
  // The worker died after it had logged the last page, and before it had noted the cursor.
  await person.vault.update('grant', jti, (grant) => ({
    ...(grant as GrantRecord),
    cursor: '2',
    uses: {
      count: 1,
      last: began + 10,
      days: [{ ...EMPTY, day: localDay(began), uses: 1, last: began + 10 }],
    },
  }));
  world.faults.set('read', [second]);
  const view = await person.run('refreshGrant', { jti });
  expect(view.uses).toMatchObject({ count: 3, days: [{ uses: 1 }, { uses: 2 }] });
  const used = (await person.run('log', {})).filter(({ event }) => event === 'used');
  expect(used.map(({ at, count }) => [at, count])).toEqual([
    [world.now, 1],
    [began + 20, 2],
  ]);
});

test('what the service ended is shown as ended, and a hand-back as confirmed deletion', async () => {
  const jti = await withGrant();
  const events = [{ seq: 1, event: 'returned', at: world.now }];
  world.faults.set(
    'read',
    [1, 2].map(() => answered({ state: 'ended', seq: 1, events })),
  );
  for (let time = 0; time < 2; time += 1) {
    expect(await person.run('refreshGrant', { jti })).toMatchObject({
      state: 'returned',
      endedOn: world.now,
      deletion: { state: 'confirmed', on: world.now },
    });
  }
  const log = await person.run('log', {});
  expect(log.filter(({ event }) => event === 'returned')).toHaveLength(1);
});

test('a shop whose domain may have changed hands is named as such while it is shared with, until that is cleared up', async () => {
  const jti = await withGrant();
  const frozen = async () => (await person.run('grants', {}))[0]?.brandFrozen;
  const told = (brand_frozen: boolean) =>
    world.faults.set('read', [answered({ state: 'active', seq: 0, brand_frozen })]);
  expect(await frozen()).toBeUndefined();
  told(true);
  expect(await person.run('refreshGrant', { jti })).toMatchObject({ brandFrozen: true });
  expect(await frozen()).toBe(true);
  told(false);
  await person.run('refreshGrant', { jti });
  expect(await frozen()).toBeUndefined();
  told(true);
  await person.run('refreshGrant', { jti });
  await person.run('withdraw', { jti });
  world.now += 700;
  expect(await frozen()).toBeUndefined();
});

test('an ended grant is still held until the hand-back, and overdue only when the service says so', async () => {
  const jti = await withGrant();
  const deletion = async () => (await person.run('grants', {}))[0]?.deletion;
  const by = world.now + 90 * DAY;
  expect(await deletion()).toBeUndefined();
  await person.run('withdraw', { jti });
  expect(await deletion()).toBeUndefined();
  world.now += 700;
  expect(await deletion()).toEqual({ state: 'held', by });
  // Clocks differ, and hand-backs are made by jobs: a day late is not late.
  world.now = by + DAY;
  await person.unlock();
  world.faults.set('read', [answered({ state: 'ended', seq: 1 })]);
  expect(await person.run('refreshGrant', { jti })).toMatchObject({
    deletion: { state: 'held', by },
  });
  world.now = by + 2 * DAY;
  await person.unlock();
  // Nobody has asked since: perhaps the shop did confirm it.
  expect(await deletion()).toEqual({ state: 'held', by });
  world.faults.set('read', [answered({ state: 'ended', seq: 1 })]);
  expect(await person.run('refreshGrant', { jti })).toMatchObject({
    state: 'withdrawn',
    deletion: { state: 'overdue', by },
  });
  const events = [{ seq: 2, event: 'returned', at: world.now }];
  world.faults.set('read', [answered({ state: 'ended', seq: 2, events })]);
  expect(await person.run('refreshGrant', { jti })).toMatchObject({
    state: 'withdrawn',
    deletion: { state: 'confirmed', on: world.now },
  });
});

test('a grant expires by the clock, and only the person deletes from the log', async () => {
  await withGrant();
  const [entry] = await person.run('log', {});
  await person.run('removeLogEntry', { id: entry?.id ?? '' });
  expect((await person.run('log', {})).map(({ id }) => id)).not.toContain(entry?.id);
  world.now += 400 * 86_400;
  await person.unlock();
  expect(await states()).toEqual(['expired']);
});
