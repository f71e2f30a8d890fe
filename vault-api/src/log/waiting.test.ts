import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stopHash, stopValue } from '@zusage/protocol/stop';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Sequencer } from '../store/sqlite/sequencer.ts';
import { DATABASE_FILE } from '../store/sqlite.ts';
import {
  eventCall,
  newPerson,
  proofsCall,
  readCall,
  registerCall,
  share,
  signGrant,
  slotCall,
} from '../testing/person.ts';
import { published } from '../testing/published.ts';
import { until } from '../testing/until.ts';
import { wholeLog } from '../testing/whole-log.ts';
import { check, enrol, form, post, startWorld, type World } from '../testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

const claimsOf = (jws: unknown) =>
  JSON.parse(Buffer.from(String(jws).split('.')[1] as string, 'base64url').toString());

function withDatabase<T>(work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(world.data, DATABASE_FILE));
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    return work(db);
  } finally {
    db.close();
  }
}

test('while nothing gets an index: registering answers 202 after two seconds, ending at once; the same again gets the index', async () => {
  const [first, later] = [await newPerson(), await newPerson()];
  const shared = await share(world, first);
  const request = await world.request();
  const slot = await slotCall(world, later, request);
  const grant = await signGrant(world, later, request, slot.body as never);
  const stopped = vi.spyOn(Sequencer.prototype, 'isRequested').mockReturnValue(false);

  const began = performance.now();
  const registered = await registerCall(world, grant, request);
  expect(performance.now() - began).toBeGreaterThan(1900);
  expect(registered.status).toBe(202);
  const pending = claimsOf(registered.body['receipt']);
  expect(pending).toMatchObject({ event: 'registered', seq: 0, log: null, stream: null });
  // It counts already.
  expect((await check(world, later.pseudonym)).body['decision']).toBe(true);

  const again = performance.now();
  const withdrawn = await eventCall(world, first, shared.grant, { event: 'withdraw', seq: 1 });
  expect(performance.now() - again).toBeLessThan(1900);
  expect([withdrawn.status, withdrawn.body['state']]).toEqual([200, 'ended']);
  expect(claimsOf(withdrawn.body['receipt'])).toMatchObject({ event: 'withdrawn', log: null });
  expect((await check(world, first.pseudonym)).body['decision']).toBe(false);

  stopped.mockRestore();
  const repeated = await registerCall(world, grant, request);
  expect(repeated.status).toBe(201);
  const receipt = claimsOf(repeated.body['receipt']);
  expect(receipt).toMatchObject({
    ...pending,
    jti: receipt.jti,
    log: { index: receipt.log.index },
    stream: receipt.stream,
  });
  await published(world);
  expect(wholeLog(world.data).faults).toEqual([]);
});

test('when ten thousand rows wait, only what ends something is taken', async () => {
  const [first, second, third] = [await newPerson(), await newPerson(), await newPerson()];
  const withdrawn = await share(world, first);
  const suspended = await share(world, second);
  await share(world, third);
  const request = await world.request();
  const slot = await slotCall(world, first, request);
  const grant = await signGrant(world, first, request, slot.body as never);
  withDatabase((db) =>
    db
      .prepare(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
         INSERT INTO log_queue (kind, due) SELECT 'k', ? FROM n`,
      )
      .run(world.now + 1000),
  );
  const refused = [
    await registerCall(world, grant, request),
    await slotCall(world, second, await world.request()),
    await form(world, '/revoke', { token: suspended.grant.claims.jti }),
    await enrol(world),
  ];
  for (const answer of refused) {
    expect([answer.status, answer.body['code']]).toEqual([503, 'service/busy']);
    expect(answer.headers.get('retry-after')).toBe('5');
  }
  const say = (event: 'withdraw' | 'suspend' | 'resume', one: typeof withdrawn, by = second) =>
    eventCall(world, by, one.grant, { event, seq: event === 'resume' ? 2 : 1 });
  expect((await say('withdraw', withdrawn, first)).status).toBe(200);
  expect((await say('suspend', suspended)).status).toBe(200);
  expect((await say('resume', suspended)).body['code']).toBe('service/busy');
  const stop = await stopValue(third.stopRoot, 0);
  expect((await post(world, '/stop', { stop })).body).toEqual({ known: true });
  expect((await check(world, third.pseudonym)).body['decision']).toBe(false);
});

test('the stops of a sheet count at once and come into the log over a minute', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, newPerson));
  const ends: string[] = [];
  for (const person of people) {
    const { grant } = await share(world, person);
    ends.push(await stopHash(await stopValue(person.stopRoot, 0)));
    expect(grant.claims.stop).toBe(ends.at(-1));
  }
  for (const person of people) {
    const stop = await stopValue(person.stopRoot, 0);
    expect((await post(world, '/stop', { stop })).body).toEqual({ known: true });
    expect((await check(world, person.pseudonym)).body['decision']).toBe(false);
  }
  const rows = withDatabase((db) =>
    db.prepare('SELECT due FROM log_queue WHERE grant_seq = 1').all(),
  );
  const delays = rows.map(({ due }) => (due as number) - world.now);
  expect(delays).toHaveLength(12);
  expect(delays.every((delay) => delay >= 0 && delay < 60)).toBe(true);
  expect(new Set(delays).size).toBeGreaterThan(3);
  world.now += 60;
  await until(() => wholeLog(world.data).faults.length === 0);
});

test('an expiry is an entry, once; the grant goes on to be expired, and can be erased', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person, {
    decided: { exp: world.now + 86_400 },
  });
  world.now += 86_400;
  const entries = async () =>
    ((await readCall(world, person, grant)).body['events'] as { event: string }[]).map(
      ({ event }) => event,
    );
  await until(async () => (await entries()).length > 1);
  expect(await entries()).toEqual(['registered', 'expired']);
  expect((await check(world, person.pseudonym)).body).toMatchObject({
    decision: false,
    context: { reason: 'expired' },
  });
  await published(world);
  const proofs = (await proofsCall(world, person, grant)).body['proofs'] as { event: string }[];
  expect(proofs.map(({ event }) => event)).toEqual(['registered', 'expired']);
  const erased = await eventCall(world, person, grant, { event: 'erase', seq: 2 });
  expect([erased.status, erased.body['state']]).toEqual([200, 'expired']);
});
