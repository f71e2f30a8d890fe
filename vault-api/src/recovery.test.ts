import { chmodSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type EventClaims, signEvent } from '@zusage/protocol/event';
import type { Grant } from '@zusage/protocol/grant';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followLog } from './follow-log.ts';
import { DATABASE_FILE, openSqliteStore } from './store/sqlite.ts';
import { brandRequest } from './testing/brand.ts';
import { newPerson, share, slotCall, type TestPerson } from './testing/person.ts';
import { published } from './testing/published.ts';
import { check, enrol, post, startWorld, token, type World } from './testing/world.ts';

// The log was followed by another one within minutes, and somebody else than the person says again what the person
// once said: the audience has every signed event from its proofs. Parts of the truth must not make a grant active.

let world: World;
let person: TestPerson;
let grant: Grant;
beforeEach(async () => {
  // The operator's command lives by the machine's clock.
  world = await startWorld({ now: Math.floor(Date.now() / 1000) });
  person = await newPerson();
  ({ grant } = await share(world, person));
});
afterEach(() => world.close());

const file = () => join(world.data, DATABASE_FILE);

/** What happens in `lost` is not in the backup, which is restored, and another log begins. */
async function loseAndFollow(lost: () => Promise<void>): Promise<void> {
  const db = new DatabaseSync(file());
  db.exec(`VACUUM INTO '${file()}.backup'`);
  db.close();
  await lost();
  await published(world);
  const { host, port } = new URL(world.vault.url);
  await world.vault.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(file() + suffix, { force: true });
  renameSync(`${file()}.backup`, file());
  chmodSync(file(), 0o600);
  const store = openSqliteStore(world.data);
  const config = {
    host: '127.0.0.1',
    port: Number(port),
    data: world.data,
    development: true,
    trustProxy: false,
    rateLimit: 1000,
    logLevel: 'info',
  } as const;
  await followLog(store, config, `${host}/log-2`);
  await store.close();
  await world.restart();
}

async function signed(claims: Pick<EventClaims, 'event' | 'seq'> & Partial<EventClaims>) {
  const { jti } = grant.claims;
  const about = { aud: world.vault.url, grant: jti, grant_hash: grant.hash, iat: world.now };
  return signEvent({ ...about, jti: `urn:uuid:${crypto.randomUUID()}`, ...claims }, person.key);
}
const send = (event: string) => post(world, `/grants/${grant.claims.jti}/events`, event);

test.each([
  [
    'a withdrawal that was taken back',
    { event: 'withdraw', seq: 1, undo: true },
    { event: 'restore', seq: 2 },
  ],
  ['a pause', { event: 'suspend', seq: 1 }, { event: 'resume', seq: 2 }],
] as const)(
  'a grant stays suspended when %s is told again without the withdrawal that came after',
  async (_, first, second) => {
    world.now -= 60;
    const undo = 'undo' in first ? { undo_until: world.now + 600 } : {};
    const events = [
      await signed({ event: first.event, seq: first.seq, ...undo }),
      await signed(second),
      await signed({ event: 'withdraw', seq: 3 }),
    ];
    await loseAndFollow(async () => {
      for (const event of events) expect((await send(event)).status).toBe(200);
      world.now += 120;
    });
    expect((await check(world, person.pseudonym)).body).toMatchObject({ decision: false });
    for (const event of events.slice(0, 2)) expect((await send(event)).status).toBe(200);
    expect((await check(world, person.pseudonym)).body).toMatchObject({ decision: false });
    const last = await send(events[2] as string);
    expect([last.status, last.body['state']]).toEqual([200, 'ended']);
  },
);

test('a withdrawal that was taken back in time is still taken back when its window is long over', async () => {
  world.now -= 60;
  const events = [
    await signed({ event: 'withdraw', seq: 1, undo_until: world.now + 600 }),
    await signed({ event: 'restore', seq: 2 }),
  ];
  await loseAndFollow(async () => {
    for (const event of events) expect((await send(event)).status).toBe(200);
    world.now += 86_400;
  });
  const states = [];
  for (const event of events) states.push((await send(event)).body['state']);
  expect(states).toEqual(['ended', 'suspended']);
  expect((await check(world, person.pseudonym)).body).toMatchObject({ decision: false });
  const resumed = await send(await signed({ event: 'resume', seq: 3 }));
  expect(resumed.body['state']).toBe('active');
  expect((await check(world, person.pseudonym)).body).toMatchObject({ decision: true });
});

test('all that was said again in its order counts with its own time, also the erasure after an end', async () => {
  world.now -= 60;
  const events = [
    await signed({ event: 'withdraw', seq: 1 }),
    await signed({ event: 'erase', seq: 2 }),
  ];
  await loseAndFollow(async () => {
    for (const event of events) expect((await send(event)).status).toBe(200);
    world.now += 400;
  });
  for (const event of events) expect((await send(event)).status).toBe(200);
  await world.vault.close();
  expect(world.stored()).not.toContain(person.pseudonym);
  await world.restart();
});

test('a brand that was frozen since is read again before its old key counts for anything', async () => {
  const bearer = await token(world);
  const key = { ...world.brand };
  await loseAndFollow(async () => {
    await world.brand.rotate({ keepOld: false, fragment: 'sig-2' });
    expect((await enrol(world)).body['code']).toBe('brand/frozen');
    world.now += 5;
  });
  expect((await check(world, person.pseudonym, { bearer })).status).toBe(401);
  const answer = await slotCall(
    world,
    await newPerson(),
    await brandRequest(key, world.vault.url, world.now),
  );
  expect(answer.body['code']).toBe('brand/frozen');
});
