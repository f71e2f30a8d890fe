import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventCall, newPerson, share } from './testing/person.ts';
import { published } from './testing/published.ts';
import { call, startWorld, token, type World } from './testing/world.ts';

const DAY = 86_400;

let world: World;
beforeEach(async () => {
  // In January; the month after has 28 days.
  world = await startWorld({ now: Date.UTC(2027, 0, 15) / 1000 });
});
afterEach(() => world.close());

const keys = () =>
  readdirSync(world.data)
    .filter((name) => name.startsWith('opening-key-'))
    .sort();

test('the key of the persons’ parts goes 35 days after the last of its month was erased, and not before', async () => {
  const [first, second] = [await newPerson(), await newPerson()];
  const ofFirst = await share(world, first);
  const ofSecond = await share(world, second);
  const january = ['opening-key-2027-01-kept.json', 'opening-key-2027-01-person.json'];
  expect(keys()).toEqual(january);

  const erase = async (person: typeof first, { grant }: typeof ofFirst) => {
    await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
    const erased = await eventCall(world, person, grant, { event: 'erase', seq: 2 });
    expect(erased.status).toBe(200);
  };
  await erase(first, ofFirst);
  world.now = Date.UTC(2027, 1, 10) / 1000;
  await world.restart();
  await erase(second, ofSecond);
  // Found to be empty by the first sweep after it.
  await world.restart();
  world.now += 34 * DAY;
  await world.restart();
  expect(keys()).toEqual(expect.arrayContaining(january));
  world.now += DAY;
  await world.restart();
  expect(keys()).toContain('opening-key-2027-01-kept.json');
  expect(keys()).not.toContain('opening-key-2027-01-person.json');

  // What was kept still opens: the brand's word that a grant was erased needs it.
  await published(world);
  const authorization = `Bearer ${await token(world)}`;
  const path = `/grants/${ofFirst.grant.claims.jti}/proofs`;
  const { body } = await call(world, path, { headers: { authorization } });
  expect((body['proofs'] as { event: string }[]).map(({ event }) => event)).toEqual([
    'registered',
    'withdrawn',
    'erased',
  ]);
});
