import { chmodSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventCall, newPerson, readCall, registerCall, share } from '../testing/person.ts';
import { check, startWorld, type World } from '../testing/world.ts';
import { MIGRATIONS } from './sqlite/migrations.ts';
import { DATABASE_FILE, openSqliteStore } from './sqlite.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const file = () => join(world.data, DATABASE_FILE);

function query(sql: string) {
  const db = new DatabaseSync(file(), { readOnly: true });
  const found = db.prepare(sql).all();
  db.close();
  return found;
}

test('every change has its row in the log, in their order, and erasure takes the person’s part of what opens it', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person);
  await eventCall(world, person, grant, { event: 'suspend', seq: 1 });
  await eventCall(world, person, grant, { event: 'withdraw', seq: 2 });
  const rows = query("SELECT * FROM log_queue WHERE kind = 'e' ORDER BY qid");
  expect(rows.map(({ grant_seq }) => grant_seq)).toEqual([0, 1, 2]);
  const indexes = rows.map(({ log_index }) => log_index as number);
  expect(indexes).toEqual([...indexes].sort((one, other) => one - other));
  // What waited is sealed by now.
  expect(query('SELECT * FROM log_waiting')).toEqual([]);
  const openings = `SELECT log_index, kept, person FROM log_opening WHERE log_index IN (${indexes})`;
  expect(query(openings).map(({ person }) => person === null)).toEqual([false, false, false]);
  expect((await eventCall(world, person, grant, { event: 'erase', seq: 3 })).status).toBe(200);
  expect(query(openings).map(({ kept, person }) => [kept === null, person])).toEqual([
    [false, null],
    [false, null],
    [false, null],
  ]);
});

test('its files are for their owner only, and it refuses ones that are not', async () => {
  for (const suffix of ['', '-wal', '-shm']) {
    expect(statSync(file() + suffix).mode & 0o777, suffix).toBe(0o600);
  }
  chmodSync(file(), 0o604);
  expect(() => openSqliteStore(world.data)).toThrow(/can be read by others/);
});

test('it leaves a database of a newer version alone', async () => {
  await world.vault.close();
  const db = new DatabaseSync(file());
  const present = db.prepare('PRAGMA user_version').get()?.['user_version'];
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(() => openSqliteStore(world.data)).toThrow(/newer version/);
  const back = new DatabaseSync(file());
  back.exec(`PRAGMA user_version = ${present}`);
  back.close();
  await world.restart();
});

test('it brings a database of the first version to the present one, with what it holds', async () => {
  const person = await newPerson();
  const { grant, request, receipt } = await share(world, person);
  await check(world, person.pseudonym);
  await world.vault.close();
  renameSync(file(), `${file()}.present`);
  const db = new DatabaseSync(file());
  const [first] = MIGRATIONS;
  db.exec(`${first}; PRAGMA user_version = 1; ATTACH '${file()}.present' AS present`);
  for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()) {
    const columns = (schema: string) =>
      db.prepare('SELECT name FROM pragma_table_info(?, ?)').all(name as string, schema);
    const present = columns('present').map((column) => column['name']);
    const both = columns('main').filter((column) => present.includes(column['name']));
    const list = both.map((column) => column['name']).join();
    // There was no log yet.
    if (['check_leaf', 'log_queue', 'entry'].includes(name as string) || list === '') continue;
    db.exec(`INSERT INTO main.${name} (${list}) SELECT ${list} FROM present.${name}`);
  }
  db.exec(
    `INSERT INTO main.check_leaf
     SELECT leaf.id, kind, brand, jti, 1, purpose, attributes, at, decision, reason, interval
     FROM present.check_leaf AS leaf JOIN present.consent_grant AS grants ON grants.id = grant_id`,
  );
  db.prepare('UPDATE main.consent_grant SET jwt = ?').run(grant.jwt);
  db.prepare(
    `INSERT INTO main.entry SELECT jti, entry.seq, event, at, NULL, NULL, NULL, NULL, ?
     FROM present.entry JOIN present.consent_grant AS grants ON grants.id = grant_id`,
  ).run(receipt);
  rmSync(join(world.data, 'published-head'));
  db.close();
  chmodSync(file(), 0o600);
  await world.restart();
  await check(world, person.pseudonym);
  const { checks, events } = (await readCall(world, person, grant)).body;
  expect(checks).toHaveLength(2);
  expect(events).toHaveLength(1);
  expect((await registerCall(world, grant, request)).body).toEqual({ receipt });
});
