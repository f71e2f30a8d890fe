import { beforeEach, expect, test } from 'vitest';
import { readDue } from '../commands/read-due.ts';
import { Person } from '../sharing/person.fixture.ts';
import { type TestBrand, VAULT, World } from '../sharing/world.fixture.ts';

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
});

const step = async (again = false) => {
  const progress = await person.run('searchLog', { origin: VAULT, again });
  world.now += 1;
  return progress;
};
const health = async () => (await person.run('publicLogs', {}))[0];
const fill = (count: number) => {
  for (let i = 0; i < count; i++) {
    const r = Buffer.from(`${world.log.entries.length}`.padEnd(32, '.')).toString('base64url');
    world.log.entries.push(JSON.stringify({ v: 1, k: 'a', t: '2026-11-22T12:00Z', r }));
  }
  world.log.publish();
};
/** An entry under the person's next tag, of which no grant knows. */
const madeUp = () => {
  const { grant } = [...world.grants.values()][0] ?? {};
  if (grant === undefined) throw new Error('There is no grant.');
  world.log.append(grant, { type: 'expired', seq: 99, at: world.now });
  world.log.logged.get(jti)?.pop();
};

test('a log with nothing but what the person caused', async () => {
  expect(await step(true)).toEqual({ done: 9, of: 9, finished: true });
  expect(await health()).toMatchObject({
    state: 'ok',
    searched: { size: 9, own: 1, unexpected: [], damaged: false },
  });
});

test('an entry under the own tag that nothing accounts for is told, with its shop and minute', async () => {
  madeUp();
  fill(600);
  madeUp();
  await step(true);
  // First the vault service is asked: the shop may have handed something back.
  expect(await health()).toMatchObject({ state: 'ok', searched: { open: 2, unexpected: [] } });
  const { calls } = world;
  await readDue(person.services, () => 0.5);
  expect(calls.some(({ url }) => url.endsWith('/read'))).toBe(true);
  expect(await health()).toMatchObject({
    state: 'unexpected',
    searched: {
      own: 3,
      unexpected: [1, 2].map(() => ({ brand: 'The Shop', minute: expect.any(String) })),
    },
  });
});

test('what the person did a moment ago is on its way, and no alarm', async () => {
  await person.run('withdraw', { jti });
  await step(true);
  expect(await health()).toMatchObject({ state: 'ok', searched: { own: 2, open: 1 } });
  // Proofs are withheld: then it is missing there, and not unexpected here.
  world.faults.set('proofs', [{ status: 200, body: '{"proofs":[]}' }]);
  await person.run('refreshGrant', { jti });
  expect(await health()).toMatchObject({ state: 'ok', searched: { open: 0, unexpected: [] } });
  await person.run('refreshGrant', { jti });
  expect(await health()).toMatchObject({ state: 'ok', searched: { open: 0, unexpected: [] } });
  madeUp();
  await step(true);
  await person.run('refreshGrant', { jti });
  expect(await health()).toMatchObject({ state: 'unexpected', searched: { unexpected: [{}] } });
});

test('a large log is searched in steps, and a worker that dies between them goes on', async () => {
  fill(5000);
  madeUp();
  let progress = await step(true);
  expect(progress).toMatchObject({ done: 2048, finished: false });
  person.restart();
  world.faults.set('010', ['unreachable']);
  await expect(step()).rejects.toMatchObject({ code: 'log-unreachable' });
  const dones = [];
  while (!progress.finished) {
    progress = await step();
    dones.push(progress.done);
  }
  expect(dones).toEqual([4096, progress.of]);
  expect(await health()).toMatchObject({ searched: { own: 2, open: 1 } });
});

test('entries that do not lead to the signed root, or are no entries, or are not there', async () => {
  fill(600);
  const good = world.log.files;
  const bundle = Buffer.from(good.get('tile/entries/001') ?? []);
  const changed = Buffer.from(bundle);
  changed[20] = (changed[20] ?? 0) ^ 1;
  const other = Buffer.from(bundle);
  other.set(Buffer.from('1'), bundle.indexOf('"t":"2026-11-22T12:00Z"') + 20);
  for (const bad of [changed, other, bundle.subarray(0, -1), Buffer.alloc(1_049_089), null]) {
    world.log.files = new Map(good);
    if (bad === null) world.log.files.delete('tile/entries/001');
    else world.log.files.set('tile/entries/001', bad);
    expect(await step(true)).toMatchObject({ finished: true });
    expect(await health()).toMatchObject({ state: 'damaged', searched: { damaged: true } });
  }
  world.log.files = good;
  await step(true);
  expect(await health()).toMatchObject({ state: 'ok', searched: { damaged: false } });
});

test('where partial bundles are gone the whole one serves', async () => {
  const before = world.log.entries.length;
  await person.run('lookAtLog', { origin: VAULT });
  fill(300);
  for (const path of [...world.log.files.keys()]) {
    if (path.endsWith(`.p/${before}`)) world.log.files.delete(path);
  }
  expect(await step()).toMatchObject({ of: before, finished: true });
  expect(await health()).toMatchObject({ searched: { size: before, damaged: false } });
});
