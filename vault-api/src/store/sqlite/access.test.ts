import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventCall, newPerson, share } from '../../testing/person.ts';
import { check, startWorld, type World } from '../../testing/world.ts';
import { DATABASE_FILE } from '../sqlite.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

test('checks that come after the erasure of the latest ones are taken up, too', async () => {
  const waiting = () => {
    const db = new DatabaseSync(join(world.data, DATABASE_FILE), { readOnly: true });
    try {
      return db.prepare('SELECT id FROM check_leaf WHERE interval IS NULL').all().length;
    } finally {
      db.close();
    }
  };
  const person = await newPerson();
  const { grant } = await share(world, person);
  await check(world, person.pseudonym);
  await setTimeout(600);
  expect(waiting()).toBe(0);
  await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  await eventCall(world, person, grant, { event: 'erase', seq: 2 });
  const other = await newPerson();
  await share(world, other);
  await check(world, other.pseudonym);
  await setTimeout(600);
  expect(waiting()).toBe(0);
});
