import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventCall, newPerson, readCall, share, slotCall } from '../../testing/person.ts';
import { check, startWorld, token, type World } from '../../testing/world.ts';
import { DATABASE_FILE } from '../sqlite.ts';
import { checkTables } from './checks.ts';
import { Database } from './database.ts';
import { sweep, sweepChecks } from './housekeeping.ts';
import { noteChecks } from './note-checks.ts';

let world: World;
let db: Database;
beforeEach(async () => {
  // Nobody else notes checks meanwhile.
  world = await startWorld({ atRest: true });
  db = new Database(join(world.data, DATABASE_FILE));
});
afterEach(async () => {
  await db.close();
  await world.close();
});

test('of a run that is old in part only the old checks are forgotten, and all are still counted', async () => {
  const [one, other] = [await newPerson(), await newPerson()];
  const { grant } = await share(world, one);
  await share(world, other);
  const bearer = await token(world);
  const ask = async (...people: (typeof one)[]) => {
    for (const { pseudonym } of people) await check(world, pseudonym, { bearer });
  };
  await ask(one, other);
  await db.write(() => noteChecks(db, 1));
  await ask(one, one, other);
  const until = world.now;
  world.now += 10;
  await ask(one);
  await db.write(() => noteChecks(db, 1));
  await ask(one, other);

  await sweepChecks(db, until);
  const left = db.all('SELECT id FROM check_leaf ORDER BY id').map(({ id }) => id);
  expect(left).toEqual([6, 7, 8]);
  expect(db.all('SELECT check_id FROM check_of_grant ORDER BY check_id')).toEqual(
    left.map((check_id) => ({ check_id })),
  );
  expect(db.all('SELECT last FROM check_run')).toEqual([{ last: 6 }, { last: 8 }]);
  const { checks } = checkTables(db, null);
  const read = await checks(grant.claims.jti, 0, 10);
  expect(read.map(({ n }) => n)).toEqual([4, 5]);

  world.now += 10;
  await sweepChecks(db, world.now);
  for (const table of ['check_leaf', 'check_of_grant', 'check_run']) {
    expect(db.all(`SELECT * FROM ${table}`)).toEqual([]);
  }
  expect(db.all('SELECT checks FROM check_forgotten ORDER BY checks')).toEqual([
    { checks: 3 },
    { checks: 5 },
  ]);
});

test('a short run waits for more, a whole one is noted', async () => {
  const person = await newPerson();
  await share(world, person);
  await check(world, person.pseudonym);
  expect(await db.write(() => noteChecks(db))).toBe(false);
  expect(db.all('SELECT * FROM check_run')).toEqual([]);
  const more = `
    WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 5000)
    INSERT INTO check_leaf SELECT n, kind, brand, grant_id, purpose, attributes, at, decision, reason, interval, opening, leaf
    FROM check_leaf, n`;
  await db.write(() => db.run(more));
  expect(await db.write(() => noteChecks(db))).toBe(true);
  expect(await db.write(() => noteChecks(db))).toBe(true);
  expect(await db.write(() => noteChecks(db))).toBe(false);
  expect(db.all('SELECT last FROM check_run')).toEqual([{ last: 2048 }, { last: 4096 }]);
  expect(db.get('SELECT count(*) AS n FROM check_of_grant')).toEqual({ n: 4096 });
});

test('what is past its time goes at that second, and nothing sooner', async () => {
  const DAY = 86_400;
  const began = world.now;
  const person = await newPerson();
  const { grant } = await share(world, person);
  await share(world, await newPerson());
  await slotCall(world, await newPerson(), await world.request());
  await token(world);
  await readCall(world, person, grant);
  await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  const left = async (seconds: number) => {
    await db.write(() => sweep(db, began + seconds));
    const count = (from: string) => db.get(`SELECT count(*) AS n FROM ${from}`)?.n;
    return {
      assertions: count("single_use WHERE kind = 'assertion'"),
      reads: count("single_use WHERE kind = 'read'"),
      enrolments: count("single_use WHERE kind = 'enrolment'"),
      tokens: count('token'),
      holders: count('slot WHERE pseudonym IS NOT NULL AND request_hash IS NOT NULL'),
      requests: count('answered_request'),
      jwts: count('grant_jwt'),
      grants: count('consent_grant'),
    };
  };
  const all = {
    assertions: 1,
    reads: 1,
    enrolments: 1,
    tokens: 1,
    holders: 3,
    requests: 2,
    jwts: 2,
    grants: 2,
  };
  expect(await left(119)).toEqual(all);
  const later = { ...all, assertions: 0, reads: 0 };
  expect(await left(120)).toEqual(later);
  expect(await left(599)).toEqual(later);
  const soon = { ...later, enrolments: 0, tokens: 0, holders: 0 };
  expect(await left(600)).toEqual(soon);
  // A request lives ten minutes, a slot that was given at its end as many, and clocks differ.
  expect(await left(1319)).toEqual(soon);
  const ended = { ...soon, requests: 0 };
  expect(await left(1320)).toEqual(ended);
  // 30 days after the withdrawal, and after the other grant's own end.
  expect(await left(30 * DAY - 1)).toEqual(ended);
  expect(await left(30 * DAY)).toEqual({ ...ended, jwts: 1 });
  expect(await left(120 * DAY - 1)).toEqual({ ...ended, jwts: 1 });
  expect(await left(120 * DAY)).toEqual({ ...ended, jwts: 0 });
});
