import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Database } from '../store/sqlite/database.ts';
import { DATABASE_FILE } from '../store/sqlite.ts';
import {
  eventCall,
  newPerson,
  registerCall,
  share,
  signGrant,
  slotCall,
} from '../testing/person.ts';
import { published } from '../testing/published.ts';
import { until } from '../testing/until.ts';
import { wholeLog } from '../testing/whole-log.ts';
import { check, startWorld, type World } from '../testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

/** The log's own looks commit, too, and may do so first. */
const BEFORE_COMMIT = /^UPDATE log_queue SET log = /;

/**
 * Fails the first statement that fits, before or after it was carried out.
 * @param earlier statements that fail before it, one after the other
 * @returns whether it came to that
 */
function failOnce(sql: RegExp, persisted: boolean, earlier: readonly RegExp[] = []): () => boolean {
  const failing = [...earlier, sql];
  let isNear = !sql.test('COMMIT');
  const { run } = Database.prototype;
  vi.spyOn(Database.prototype, 'run').mockImplementation(function (
    this: Database,
    text,
    ...values
  ) {
    isNear ||= BEFORE_COMMIT.test(text);
    if (!isNear || !failing[0]?.test(text)) return run.call(this, text, ...values);
    failing.shift();
    if (persisted) run.call(this, text, ...values);
    throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' });
  });
  return () => failing.length === 0;
}

/** Until then, a row waits in memory. */
const LEFT_WAITING = [/^INSERT INTO log_entry/];
const STEPS: [name: string, sql: RegExp, earlier?: readonly RegExp[]][] = [
  ['inserting an entry', /^INSERT INTO log_entry/],
  ['inserting an opening', /^INSERT INTO log_opening/],
  ['writing a tile', /^INSERT OR REPLACE INTO log_tile/],
  ['noting the month', /^INSERT INTO log_month/],
  ['writing a stream', /^INSERT OR REPLACE INTO log_stream/],
  ['placing a row of the queue', /^UPDATE log_queue SET log = /],
  ['keeping what it waits with', /^INSERT OR IGNORE INTO log_waiting/, LEFT_WAITING],
  ['clearing what it waited with', /^DELETE FROM log_waiting/, LEFT_WAITING],
  ['keeping the receipt', /^INSERT INTO receipt/],
  ['moving the head', /^UPDATE log_head/],
  ['remembering what is published', /^UPDATE log_published/],
  ['keeping the published note', /^INSERT INTO log_note/],
  ['committing', /^COMMIT$/],
];
const CASES = STEPS.flatMap(([name, sql, earlier]) =>
  [false, true].map((persisted) => ({ name, sql, earlier, persisted })),
);

test.each(CASES)(
  '$name fails (carried out: $persisted): nothing acknowledged is lost, nothing is there twice, and it goes on',
  async ({ sql, earlier, persisted }) => {
    const person = await newPerson();
    const request = await world.request();
    const slot = await slotCall(world, person, request);
    const grant = await signGrant(world, person, request, slot.body as never);
    await published(world);
    const hasFailed = failOnce(sql, persisted, earlier);
    const first = await registerCall(world, grant, request);
    await until(hasFailed);
    const isCommit = sql.test('COMMIT');
    expect(world.unknownOutcomes).toBe(isCommit && persisted ? 1 : 0);
    // A process that does not know ends; this one is started again.
    if (world.unknownOutcomes > 0) await world.restart();
    // What could neither be sequenced nor kept for later is not acknowledged.
    const isRefused = isCommit || sql.test('INSERT OR IGNORE INTO log_waiting');
    expect(first.status).toBe(isRefused ? 503 : 201);
    const again = await registerCall(world, grant, request);
    expect(again.status).toBe(201);
    if (!isRefused) expect(again.body['receipt']).toBe(first.body['receipt']);
    const withdrawn = await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
    expect(withdrawn.status).toBe(200);
    await published(world);
    await world.restart();
    await published(world);
    const { entries, faults } = wholeLog(world.data);
    expect(faults).toEqual([]);
    // The key, the brand, its epoch, and two flushes of four.
    expect(entries).toHaveLength(11);
  },
);

const MINUTE_STEPS: [name: string, sql: RegExp, checks: number][] = [
  ['inserting its entry', /^INSERT INTO log_entry/, 3],
  ['inserting its batch', /^INSERT INTO access_batch/, 3],
  ['inserting a record', /^INSERT INTO access_brand/, 3],
  ['moving the head', /^UPDATE log_head/, 3],
  ['inserting that of no checks', /^INSERT INTO log_entry/, 0],
];
const MINUTE_CASES = MINUTE_STEPS.flatMap(([name, sql, checks]) =>
  [false, true].map((persisted) => ({ name, sql, checks, persisted })),
);

test.each(MINUTE_CASES)(
  'a minute is over, and $name fails (carried out: $persisted): it is in the log once, with all its checks',
  async ({ sql, checks, persisted }) => {
    const person = await newPerson();
    await share(world, person);
    await published(world);
    for (let n = 0; n < checks; n++) await check(world, person.pseudonym);
    const minute = Math.floor(world.now / 60);
    const hasFailed = failOnce(sql, persisted);
    world.now += 60;
    await until(hasFailed);
    const batches = () => rows('SELECT interval FROM access_batch');
    await until(() => batches().length > 0);
    expect(batches()).toEqual([{ interval: minute }]);
    expect(rows('SELECT interval, n FROM access_brand')).toEqual(
      checks > 0 ? [{ interval: minute, n: checks }] : [],
    );
    await published(world);
    const { entries, faults } = wholeLog(world.data);
    expect(faults).toEqual([]);
    expect(entries.filter((entry) => entry.includes('"k":"a"'))).toHaveLength(1);
  },
);

function rows(sql: string): unknown[] {
  const db = new DatabaseSync(join(world.data, DATABASE_FILE), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

test('a lost race for the head changes nothing and is run again from what is there', async () => {
  let isOver = false;
  const { run } = Database.prototype;
  vi.spyOn(Database.prototype, 'run').mockImplementation(function (
    this: Database,
    text,
    ...values
  ) {
    if (isOver || !text.startsWith('UPDATE log_head')) return run.call(this, text, ...values);
    isOver = true;
    return 0;
  });
  const person = await newPerson();
  const request = await world.request();
  const slot = await slotCall(world, person, request);
  const grant = await signGrant(world, person, request, slot.body as never);
  expect((await registerCall(world, grant, request)).status).toBe(201);
  expect(isOver).toBe(true);
  await published(world);
  expect(wholeLog(world.data).faults).toEqual([]);
});
