import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveBrand } from './testing/brand.ts';
import { newPerson, share } from './testing/person.ts';
import { published } from './testing/published.ts';
import { wholeLog } from './testing/whole-log.ts';
import { enrol, startWorld, type World } from './testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

test('a brand whose bounds take more bytes than characters is in the log by their hash, and holds nobody up', async () => {
  const brand = await serveBrand();
  try {
    brand.manifest = { ...brand.manifest, purposes: Array(20).fill('€'.repeat(85)) };
    expect((await enrol({ ...world, brand })).status).toBe(201);
  } finally {
    await brand.close();
  }
  // Fails when the registration is answered without an index.
  await share(world, await newPerson());
  await published(world);
  const { entries, faults } = wholeLog(world.data);
  expect(faults).toEqual([]);
  const bodies = entries
    .map((entry) => JSON.parse(entry) as { type?: string; body: string })
    .filter(({ type }) => type === 'brand-enrolled')
    .map(({ body }) => JSON.parse(Buffer.from(body, 'base64url').toString()));
  expect(bodies.at(-1)).toEqual({ did: brand.did, hash: expect.stringMatching(/^[\w-]{43}$/) });
});
