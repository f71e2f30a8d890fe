import { afterEach, expect, test } from 'vitest';
import { serveBrand } from './testing/brand.ts';
import { newPerson, slotCall } from './testing/person.ts';
import { call, enrol, startWorld, token, type World } from './testing/world.ts';

let world: World;
afterEach(() => world.close());

/** The status of one check, and what the answer says about the rest of the minute. */
async function checked(of: World, bearer: string) {
  const { status, body, headers } = await call(of, '/access/v1/evaluation', {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      subject: { type: 'user', id: 'nobody' },
      action: { name: 'https://w3id.org/dpv#Marketing' },
      resource: { type: 'attribute', id: 'size.shoe' },
    }),
  });
  return { status, code: body.code, headers };
}

test('a brand is told what is left of its minute, and is refused beyond; others are not', async () => {
  world = await startWorld({ brandRateLimit: 4 });
  const other = { ...world, brand: await serveBrand() } as World;
  await enrol(other);
  // The token itself was the first.
  const bearer = await token(world);
  const answers = [];
  for (let n = 0; n < 4; n++) answers.push(await checked(world, bearer));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual([
    '2',
    '1',
    '0',
    '0',
  ]);
  const last = answers.at(-1);
  expect(last?.code).toBe('http/brand-rate');
  expect(last?.headers.get('ratelimit-limit')).toBe('4');
  const reset = 60 - (world.now % 60);
  expect(last?.headers.get('retry-after')).toBe(String(reset));
  for (const { headers } of answers) expect(headers.get('ratelimit-reset')).toBe(String(reset));
  expect((await checked(other, await token(other))).status).toBe(200);
  await other.brand.close();
});

test('the next minute is a new one', async () => {
  world = await startWorld({ brandRateLimit: 2 });
  const bearer = await token(world);
  expect((await checked(world, bearer)).status).toBe(200);
  expect((await checked(world, bearer)).status).toBe(429);
  world.now += 60;
  expect((await checked(world, bearer)).status).toBe(200);
});

test('a brand has no more slots open than its quota', async () => {
  world = await startWorld({ brandSlots: 2 });
  const slots = [];
  for (let n = 0; n < 3; n++) {
    slots.push(await slotCall(world, await newPerson(), await world.request()));
  }
  expect(slots.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(slots[2]?.body.code).toBe('slot/limit');
  // What was not used in its ten minutes is open no longer.
  world.now += 600;
  expect((await slotCall(world, await newPerson(), await world.request())).status).toBe(200);
});

test('a network is told what is left of its minute, too', async () => {
  world = await startWorld();
  const { headers } = await call(world, '/brands');
  expect(headers.get('ratelimit-limit')).toBe('100000');
  expect(Number(headers.get('ratelimit-remaining'))).toBeLessThan(100_000);
  expect(headers.get('ratelimit-reset')).toMatch(/^[0-9]+$/);
});
