import { parseEvent } from '@zusage/protocol/event';
import { beforeEach, expect, test } from 'vitest';
import { readDue } from '../commands/read-due.ts';
import type { Door } from '../network/fetch.ts';
import { Person } from '../sharing/person.fixture.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import { problem, VAULT, World } from '../sharing/world.fixture.ts';
import { WorldLog } from './world-log.fixture.ts';

let world: World;
let person: Person;
/** Shared, stopped and restored; and stopped for good. */
let kept: string;
let stopped: string;
/** What lies between the person and the service. */
let wire: Door;

beforeEach(async () => {
  world = await World.start();
  wire = world.door;
  person = new Person({ door: (...asked) => wire(...asked), now: () => world.now });
  await person.create(VAULT);
  [kept, stopped] = [await share('shop.example'), await share('books.example')];
  await person.run('withdraw', { jti: kept });
  await person.run('restore', { jti: kept });
  await person.run('withdraw', { jti: stopped });
  world.now += 3600;
  await person.unlock();
  await lose();
});

async function share(host: string): Promise<string> {
  const brand = await world.brand(host);
  const { request } = await brand.request({ attributes: { required: ['size.shoe'] } });
  const asked = person.asked(request, brand.origin);
  await person.share(asked, ['size.shoe'], { entered: [{ id: 'size.shoe', value: 'EU 42' }] });
  await person.sharing.delivered(asked);
  return [...world.grants.keys()].at(-1) ?? '';
}

function forget(known: object | undefined): void {
  const { events, acts } = known as { events: object[]; acts: Map<string, object> };
  events.splice(1);
  acts.clear();
  Object.assign(known as object, { seq: 0, state: 'suspended', recovering: true });
}

/** The service has only what was registered, suspends it, and goes on with another log. */
async function lose(): Promise<void> {
  for (const known of world.grants.values()) {
    forget(known);
  }
  const body = { origin: 'vault.example/log', checkpoint: world.log.text('checkpoint') };
  const minute = `${new Date(world.now * 1000).toISOString().slice(0, 16)}Z`;
  world.next = new WorldLog(
    'vault.example/log-2',
    JSON.stringify({
      ...{ v: 1, k: 'k', t: minute, type: 'log-follows' },
      body: Buffer.from(JSON.stringify(body)).toString('base64url'),
    }),
  );
  world.logKey = world.next.signer.vkey;
  await person.run('lookAtLog', { origin: VAULT });
}

async function goOn(): Promise<void> {
  const [log] = await person.run('publicLogs', {});
  await person.run('followLog', { origin: VAULT, vkey: log?.follow?.vkey ?? '' });
  // What the service writes now is in the other log; proofs of it are the real service's matter.
  world.answers.clear();
  world.log.held = true;
}
const moment = () => readDue(person.services, () => 0.5);
const eventsOf = (jti: string) => world.grants.get(jti)?.events.map(({ event }) => event);
const grantOf = async (jti: string) => (await person.vault.get('grant', jti)) as StoredGrant;
const sent = () =>
  world.calls.flatMap(({ url, body }) =>
    url.endsWith('/events') ? [parseEvent(body?.text ?? '').claims] : [],
  );

test('what was stopped is stopped again before anything else, and before the person agrees', async () => {
  world.calls.length = 0;
  await moment();
  expect(sent().map(({ grant, event }) => [grant, event])).toEqual([
    [stopped, 'withdraw'],
    [stopped, 'withdraw'],
  ]);
  // The first is the one that was signed then.
  expect(sent()[0]?.iat).toBeLessThan(world.now - 3000);
  expect((await grantOf(stopped)).retell).toBeUndefined();
  for (let time = 0; time < 4; time += 1) await moment();
  expect(eventsOf(kept)).toEqual(['registered']);
});

test('the service that does not answer about it is asked again, and others are not kept waiting', async () => {
  world.faults.set('events', ['unreachable']);
  await moment();
  expect((await grantOf(stopped)).retell).toBe(world.now + 600);
  world.faults.set('events', [problem(503, 'service/busy')]);
  world.now += 600;
  await moment();
  world.now += 600;
  await person.unlock();
  await moment();
  expect(eventsOf(stopped)?.slice(0, 2)).toEqual(['registered', 'withdrawn']);
  expect((await grantOf(stopped)).retell).toBeUndefined();
});

test('what is shared is resumed when the log is old enough, and not before', async () => {
  await goOn();
  world.now += 300;
  expect(await person.run('refreshGrant', { jti: kept })).toMatchObject({ state: 'active' });
  expect(eventsOf(kept)).toEqual(['registered', 'withdrawn', 'restored']);
  world.now += 120;
  expect(await person.run('refreshGrant', { jti: kept })).toMatchObject({ state: 'active' });
  expect(eventsOf(kept)).toEqual(['registered', 'withdrawn', 'restored', 'resumed']);
  expect(await grantOf(kept)).toMatchObject({ seq: 3 });
});

test('what the person stops meanwhile is not resumed', async () => {
  await goOn();
  world.now += 3600;
  await person.unlock();
  let stop: Promise<unknown> | undefined;
  wire = async (url, ...rest) => {
    const answer = await world.door(url, ...rest);
    if (url.endsWith('/read') && stop === undefined) {
      stop = person.run('withdraw', { jti: kept });
      await stop;
    }
    return answer;
  };
  await person.run('refreshGrant', { jti: kept });
  world.now += 3600;
  await person.unlock();
  for (let time = 0; time < 4; time += 1) await moment();
  expect(eventsOf(kept)).not.toContain('resumed');
  expect((await grantOf(kept)).retell).toBeUndefined();
  expect(world.grants.get(kept)?.state).toBe('ended');
});

test('parts of what was said are not told: they might end what goes on', async () => {
  const log = await person.run('log', {});
  const restored = log.find(({ event }) => event === 'restored');
  await person.run('removeLogEntry', { id: restored?.id ?? '' });
  await goOn();
  world.now += 3600;
  await person.unlock();
  await person.run('refreshGrant', { jti: kept });
  expect(eventsOf(kept)).toEqual(['registered', 'resumed']);
});

test('an end that the service does not let be taken back is said, not hidden', async () => {
  await goOn();
  Object.assign(world.grants.get(kept) as object, { state: 'ended' });
  expect(await person.run('refreshGrant', { jti: kept })).toMatchObject({ state: 'lost' });
});

test('a worker that dies at any word to the service, or before its answer, leaves nothing half done', async () => {
  await goOn();
  const before = await grantOf(kept);
  for (const when of ['before', 'after'] as const) {
    let calls = 0;
    for (let dying = 1; calls >= dying - 1; dying += 1) {
      forget(world.grants.get(kept));
      await person.vault.put('grant', kept, { ...before, retell: world.now });
      world.now += 600;
      await person.unlock();
      calls = 0;
      const died = Promise.withResolvers<void>();
      wire = async (...asked) => {
        calls += 1;
        if (calls !== dying) return world.door(...asked);
        if (when === 'after') await world.door(...asked);
        died.resolve();
        return new Promise(() => undefined);
      };
      await Promise.race([person.run('refreshGrant', { jti: kept }), died.promise]);
      wire = world.door;
      person.restart();
      world.now += 600;
      await person.unlock();
      await person.run('refreshGrant', { jti: kept });
      expect(world.grants.get(kept)?.state, `${when} ${dying}`).toBe('active');
      expect(eventsOf(kept)).toEqual(['registered', 'withdrawn', 'restored', 'resumed']);
      expect((await grantOf(kept)).retell).toBeUndefined();
    }
  }
}, 60_000);
