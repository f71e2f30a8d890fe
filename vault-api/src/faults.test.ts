import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  eventCall,
  newPerson,
  readCall,
  registerCall,
  share,
  signGrant,
  slotCall,
} from './testing/person.ts';
import { rows } from './testing/rows.ts';
import { until } from './testing/until.ts';
import { call, check, startWorld, token, type World } from './testing/world.ts';

let world: World;
let connection: DatabaseSync;
beforeEach(async () => {
  // The service's own connection, so that SQLite itself can be told to refuse, as a disk would.
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  world = await startWorld({ atRest: true });
  connection = exec.mock.contexts[0] as DatabaseSync;
  exec.mockRestore();
});
afterEach(() => world.close());

const pragma = (text: string) => connection.prepare(`PRAGMA ${text}`).get();

test('what is acknowledged was waited for, and what is deleted is overwritten', () => {
  expect(pragma('synchronous')).toEqual({ synchronous: 2 });
  expect(pragma('secure_delete')).toEqual({ secure_delete: 1 });
  expect(pragma('journal_mode')).toEqual({ journal_mode: 'wal' });
});

/** Each way of taking the disk away, and of giving it back. */
const FAULTS = [
  {
    name: 'a full disk',
    begin: () => {
      pragma('wal_checkpoint(TRUNCATE)');
      pragma('max_page_count = 1');
    },
    end: () => pragma('max_page_count = 1073741823'),
    /** A change in place needs no new page and goes through. */
    refusesAll: false,
  },
  {
    name: 'a read-only database',
    begin: () => connection.exec('PRAGMA query_only = ON'),
    end: () => connection.exec('PRAGMA query_only = OFF'),
    refusesAll: true,
  },
];

/** Until the last page is taken: what is small may find room in pages that are there. */
async function refusedAtLast(attempt: () => Promise<{ status: number; body: object }>) {
  for (let n = 0; n < 5_000; n++) {
    const answer = await attempt();
    if (answer.status >= 500) return answer;
  }
  throw new Error('was never refused');
}

async function signed() {
  const request = await world.request();
  const person = await newPerson();
  const slot = await slotCall(world, person, request);
  const { pseudonym } = person;
  return { pseudonym, request, grant: await signGrant(world, person, request, slot.body as never) };
}

test.each(FAULTS)(
  '$name: writes are refused with 503, nothing is half done, and it recovers',
  async (fault) => {
    const person = await newPerson();
    const shared = await share(world, person);
    const bearer = await token(world);
    // Some may find room in pages that are there.
    const later = await Promise.all(Array.from({ length: 8 }, signed));

    fault.begin();
    const denied = await refusedAtLast(() => check(world, person.pseudonym, { bearer }));
    expect(denied).toMatchObject({ status: 503, body: { code: 'service/unavailable' } });
    expect(denied.body).not.toHaveProperty('decision');

    const registration = await refusedAtLast(async () => {
      const before = rows(world);
      const [next] = later;
      if (next === undefined) throw new Error('found room for every registration');
      const answer = await registerCall(world, next.grant, next.request);
      if (answer.status >= 500) expect(rows(world)).toBe(before);
      else later.shift();
      return answer;
    });
    expect(registration.body).toMatchObject({ code: 'service/unavailable' });
    if (fault.refusesAll) {
      const before = rows(world);
      const withdrawal = { event: 'withdraw', seq: 1 } as const;
      expect((await eventCall(world, person, shared.grant, withdrawal)).status).toBe(503);
      expect(rows(world)).toBe(before);
    }
    // What needs no write goes on.
    expect((await call(world, '/livez')).status).toBe(200);
    const { pathname } = new URL(shared.grant.claims.status.status_list.uri);
    expect((await call(world, pathname)).status).toBe(200);
    expect(world.logged()).not.toContain(person.pseudonym);

    fault.end();
    const [refused] = later;
    if (refused === undefined) throw new Error('nobody was refused');
    const { grant, request, pseudonym } = refused;
    expect((await registerCall(world, grant, request)).status).toBe(201);
    expect((await check(world, person.pseudonym, { bearer })).body.decision).toBe(true);
    expect((await check(world, pseudonym, { bearer })).body.decision).toBe(true);
    const withdrawn = await eventCall(world, person, shared.grant, { event: 'withdraw', seq: 1 });
    expect(withdrawn.status).toBe(200);
    expect((await readCall(world, person, shared.grant)).body.state).toBe('ended');
  },
);

/** Asked again until it says so: it tries at most once a second. */
async function readiness(status: number) {
  let answer = await call(world, '/readyz');
  await until(async () => {
    answer = await call(world, '/readyz');
    return answer.status === status;
  });
  return answer;
}

test.each(FAULTS)(
  '$name: readiness ends with the first failure, is logged once, and comes back',
  async (fault) => {
    const bearer = await token(world);
    expect((await call(world, '/readyz')).status).toBe(200);
    fault.begin();
    const failed = await refusedAtLast(() => check(world, 'S', { bearer }));
    expect(failed.status).toBe(503);
    const unready = await readiness(503);
    expect(unready).toMatchObject({ status: 503, body: { code: 'service/not-writable' } });
    for (let n = 0; n < 5; n++) {
      const { status, text } = await call(world, '/readyz');
      expect([status, text]).toEqual([503, unready.text]);
    }
    expect(world.logged().match(/"service\/not-writable"/g)).toHaveLength(1);
    fault.end();
    expect(await readiness(200)).toMatchObject({ status: 200, body: { status: 'ok' } });
    fault.begin();
    await refusedAtLast(() => check(world, 'S', { bearer }));
    await readiness(503);
    expect(world.logged().match(/"service\/not-writable"/g)).toHaveLength(2);
    fault.end();
  },
);
