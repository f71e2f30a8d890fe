import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogStore } from '../../testing/log-store.ts';
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
      const sql = 'SELECT id FROM check_leaf WHERE id > (SELECT id FROM check_noted)';
      return db.prepare(sql).all().length;
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

test('what two processes take up is in one tree for each minute', async () => {
  const one = await openLogStore();
  const other = await openLogStore(one.data);
  const leaf = {
    kind: 'evaluation',
    brand: 'did:web:one.example',
    purpose: 'p',
    attributes: ['a'],
    at: one.clock.now,
    decision: false,
    reason: null,
    grant: null,
  } as const;
  const asked = { aud: leaf.brand, by: 'pseudonym', keys: [], max: 1 } as const;
  try {
    for (let minute = 0; minute < 3; minute++) {
      for (let n = 0; n < 6; n++) {
        const { store } = n % 2 === 0 ? one : other;
        await store.check(asked, () => ({ answer: null, checks: [{ leaf }] }));
        await store.noteChecks();
      }
      for (const { store, clock } of [one, other]) {
        clock.now += 60;
        await store.noteChecks();
        await store.sequence();
      }
    }
    const db = new DatabaseSync(join(one.data, DATABASE_FILE), { readOnly: true });
    const recorded = 'SELECT interval, count(*) AS n FROM check_leaf GROUP BY interval';
    const sealed = 'SELECT interval, n FROM access_brand ORDER BY interval';
    const [expected, actual] = [db.prepare(recorded).all(), db.prepare(sealed).all()];
    db.close();
    expect(expected.map(({ n }) => n)).toEqual([6, 6, 6]);
    expect(actual).toEqual(expected);
  } finally {
    await other.store.close();
    await one.remove();
  }
});
