import { beforeEach, expect, test } from 'vitest';
import { Person } from '../sharing/person.fixture.ts';
import { problem, VAULT, World } from '../sharing/world.fixture.ts';
import { readDue } from './read-due.ts';

const DAY = 86_400;
const BRANDS = ['shop.example', 'books.example', 'bikes.example'];

let world: World;
let person: Person;

beforeEach(async () => {
  world = await World.start();
  person = new Person({ door: world.door, now: () => world.now });
  await person.create(VAULT);
  for (const host of BRANDS) {
    const brand = await world.brand(host);
    const { request } = await brand.request({ attributes: { required: ['size.shoe'] } });
    const asked = person.asked(request, brand.origin);
    await person.share(asked, ['size.shoe'], { entered: [{ id: 'size.shoe', value: 'EU 42' }] });
    await person.sharing.delivered(asked);
  }
});

const due = (random = 0.5) => readDue(person.services, () => random);
const reads = () => world.count('/read');
async function later(seconds: number): Promise<void> {
  world.now += seconds;
  await person.unlock();
}

test('each grant is read about once a day, one at a time', async () => {
  await due();
  expect(reads()).toBe(0);
  await later(DAY);
  for (const times of [1, 2, 3, 3]) {
    await due();
    expect(reads()).toBe(times);
  }
  const asked = world.calls.filter(({ url }) => url.endsWith('/read')).map(({ url }) => url);
  expect(new Set(asked).size).toBe(BRANDS.length);
  await later(DAY);
  await due();
  expect(reads()).toBe(4);
});

test('nothing is read while the vault is locked', async () => {
  await due();
  await later(DAY);
  await person.run('lock', {});
  await due();
  expect(reads()).toBe(0);
});

test('without network a grant stays due; what the service refuses waits for its next time', async () => {
  await due();
  await later(DAY);
  world.faults.set('read', ['unreachable', problem(404, 'grant/unknown')]);
  // The first of those due is drawn each time.
  for (let time = 0; time < 4; time += 1) await due(0.1);
  expect(reads()).toBe(4);
  const asked = world.calls.filter(({ url }) => url.endsWith('/read')).map(({ url }) => url);
  expect(asked[1]).toBe(asked[0]);
  expect(new Set(asked).size).toBe(BRANDS.length);
});

test('an ended grant is read until the deletion is confirmed, and not for ever', async () => {
  const [first, second] = await person.run('grants', {});
  for (const grant of [first, second]) await person.run('withdraw', { jti: grant?.jti ?? '' });
  await later(700);
  await person.vault.update('grant', first?.jti ?? '', (grant) => ({
    ...(grant as NonNullable<typeof grant>),
    returnedOn: world.now,
  }));
  // Once more for the proofs of what was done.
  for (let time = 0; time < 3; time += 1) await due();
  expect(reads()).toBe(3);
  await later(2 * DAY);
  for (let time = 0; time < 3; time += 1) await due();
  expect(reads()).toBe(5);
  // The third has expired by then, too, and nobody expects an answer about any of them.
  await later(500 * DAY);
  await due();
  expect(reads()).toBe(5);
});
