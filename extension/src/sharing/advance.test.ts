import { parseDisclosure } from '@zusage/protocol/disclosure';
import { parsePresentation, verifyPresentation } from '@zusage/protocol/presentation';
import { parseRequest } from '@zusage/protocol/request';
import { decryptResponse } from '@zusage/protocol/response';
import { beforeEach, expect, test } from 'vitest';
import { Person, yes } from './person.fixture.ts';
import type { StoredGrant } from './stored-grant.ts';
import type { Advanced, Asked, Step, StoredDecision } from './types.ts';
import { problem, type TestBrand, VAULT, World } from './world.fixture.ts';

const SHOE = 'EU 42';
const BOTH = ['size.shoe', 'preference.coffee-roast'];

let world: World;
let brand: TestBrand;
let person: Person;

beforeEach(async () => {
  world = await World.start();
  brand = await world.brand('shop.example');
  person = new Person({ door: world.door, now: () => world.now });
  await person.create(VAULT);
  await person.run('saveAttribute', { id: 'size.shoe', value: SHOE });
  await person.run('saveAttribute', { id: 'preference.coffee-roast', value: 'dark' });
});

async function decided(): Promise<{ asked: Asked; decision: StoredDecision; open: Open }> {
  const { request, session } = await brand.request();
  const asked = person.asked(request, brand.origin);
  const view = await person.sharing.promptView(asked);
  const decision = await person.sharing.decide(asked, yes(view, BOTH));
  const open: Open = async (advanced) => {
    if ('failed' in advanced) throw new Error(advanced.failed);
    const text = await decryptResponse(advanced.response.response, 'grant', session.encryptionKey);
    return verifyPresentation(text, {
      request: await parseRequest(request, { origin: brand.origin }),
      origin: brand.origin,
      now: world.now + world.offset,
      useNonce: async () => true,
      assertStatus: async ({ claims }) => {
        expect(world.grants.get(claims.jti)?.state).toBe('active');
      },
    });
  };
  return { asked, decision, open };
}
type Open = (advanced: Advanced) => Promise<Awaited<ReturnType<typeof verifyPresentation>>>;

async function logged(): Promise<string[]> {
  return (await person.run('log', {})).map(({ event }) => event);
}

test('what the brand decrypts is exactly what the person chose, registered before', async () => {
  const { asked, decision, open } = await decided();
  const { grant, disclosures } = await open(await person.advance(asked, decision));
  expect(disclosures.map(({ name, disclosed }) => [name, disclosed.value])).toEqual([
    ['size.shoe', SHOE],
    ['preference.coffee-roast', 'dark'],
  ]);
  expect(grant.claims).toMatchObject({ iat: world.now, decided_by: 'person' });
  expect(world.count('/grants')).toBe(1);
  expect(await logged()).toContain('granted');
});

test('the iat of grant and key binding is the service’s clock, never the person’s', async () => {
  world.offset = 137;
  const { asked, decision, open } = await decided();
  const { grant, keyBinding } = await open(await person.advance(asked, decision));
  expect(grant.claims.iat).toBe(world.now + 137);
  expect(grant.claims.nbf).toBe(world.now + 137);
  expect(keyBinding.claims.iat).toBe(world.now + 137);
});

test('no value and no private key is in a stored step, in the session or on the disk', async () => {
  const { asked, decision } = await decided();
  const stored: Step[] = [];
  await person.sharing.advance(
    asked,
    decision,
    null,
    async (step) => void stored.push(step),
    async () => true,
  );
  expect(stored.map(({ name }) => name)).toEqual(['slot', 'signed', 'registered', 'encrypted']);
  const seen = (text: string) =>
    text.includes(SHOE) || text.includes('"dark"') || text.includes('"d":');
  const session = JSON.stringify([...person.session.held]);
  expect(seen(JSON.stringify(stored))).toBe(false);
  expect(seen(session)).toBe(false);
  const [grant] = (await person.vault.all('grant')) as StoredGrant[];
  const encoded = grant?.disclosures ?? [];
  expect(encoded).toHaveLength(2);
  for (const disclosure of encoded) {
    expect(JSON.stringify(stored) + session).not.toContain(disclosure);
  }
  for (const bytes of await person.disk()) {
    expect(Buffer.from(bytes).includes(SHOE)).toBe(false);
  }
  // The same search finds it where it is.
  expect(seen(JSON.stringify((await parseDisclosure(encoded[0] ?? '')).disclosed))).toBe(true);
});

test('killed after any step, it goes on there, registers one grant, and the brand gets its answer', async () => {
  for (const last of ['slot', 'signed', 'registered', 'encrypted'] as const) {
    const { asked, decision, open } = await decided();
    const before = world.grants.size;
    const killed = person.sharing.advance(
      asked,
      decision,
      null,
      async (step) => {
        if (person.steps.get(asked.key)?.name === last) throw new Error('killed');
        person.steps.set(asked.key, structuredClone(step));
        if (step.name === last && last === 'encrypted') throw new Error('killed');
      },
      async () => true,
    );
    await expect(killed).rejects.toThrow('killed');
    person.restart();
    await open(await person.advance(asked, decision));
    expect(world.grants.size, last).toBe(before + 1);
  }
});

test('a stop index is used once, also when a step is repeated', async () => {
  const stops = new Set<string>();
  for (let i = 0; i < 3; i += 1) {
    const { asked, decision, open } = await decided();
    const { grant } = await open(await person.advance(asked, decision));
    stops.add(grant.claims.stop);
  }
  expect(stops.size).toBe(3);
});

test('sharing again for the same purposes replaces the grant before; another purpose stands beside it', async () => {
  const first = await decided();
  const one = (await first.open(await person.advance(first.asked, first.decision))).grant;
  const second = await decided();
  const two = (await second.open(await person.advance(second.asked, second.decision))).grant;
  expect(two.claims.replaces).toBe(one.claims.jti);
  expect(two.pseudonym).toBe(one.pseudonym);
  expect(world.grants.get(one.claims.jti)?.state).toBe('ended');
  expect((await person.run('grants', {})).map(({ state }) => state).sort()).toEqual([
    'active',
    'replaced',
  ]);

  const { request } = await brand.request({
    terms: { purpose: ['https://w3id.org/dpv#DirectMarketing'] },
  });
  await person.share(person.asked(request, brand.origin), BOTH);
  expect([...world.grants.values()].map(({ state }) => state)).toEqual([
    'ended',
    'active',
    'active',
  ]);
});

test('a grant to be replaced that ended at the service does not keep the person from sharing', async () => {
  const first = await decided();
  const one = (await first.open(await person.advance(first.asked, first.decision))).grant;
  const known = world.grants.get(one.claims.jti);
  if (known) known.state = 'ended';
  const second = await decided();
  const two = (await second.open(await person.advance(second.asked, second.decision))).grant;
  expect(two.claims.replaces).toBeUndefined();
});

test('two brands get two people: no key, index, stop value, salt or digest in common', async () => {
  const other = await world.brand('other.example');
  const grants = [];
  for (const { request, session, origin } of [
    { ...(await brand.request()), origin: brand.origin },
    { ...(await other.request()), origin: other.origin },
  ]) {
    const advanced = await person.share(person.asked(request, origin), BOTH);
    if ('failed' in advanced) throw new Error(advanced.failed);
    const text = await decryptResponse(advanced.response.response, 'grant', session.encryptionKey);
    grants.push(await parsePresentation(text));
  }
  const [a, b] = grants.map(({ grant, disclosures }) => [
    grant.pseudonym,
    grant.claims.jti,
    grant.claims.stop,
    String(grant.claims.status.status_list.idx),
    ...grant.claims.data._sd,
    ...disclosures.map(({ encoded }) => encoded),
  ]);
  expect(a?.filter((value) => b?.includes(value))).toEqual([]);
});

test('the service cannot be reached: nothing is registered, nothing is shared', async () => {
  const { asked, decision } = await decided();
  world.faults.set('slots', ['unreachable']);
  expect(await person.advance(asked, decision)).toEqual({ failed: 'service-unreachable' });
  expect(world.grants.size).toBe(0);
  expect(await logged()).toContain('failed');
  const failed = (await person.run('log', {})).find(({ event }) => event === 'failed');
  expect(failed?.reason).toBe('service-unreachable');
  expect(await person.run('grants', {})).toEqual([]);
});

test('202, an overload and a lost answer are met with the same bytes until there is a receipt', async () => {
  const { asked, decision, open } = await decided();
  world.faults.set('grants', [
    { status: 202, body: '{}' },
    problem(503, 'service/unavailable'),
    'lost',
  ]);
  await open(await person.advance(asked, decision));
  const bodies = world.calls.filter(({ url }) => url.endsWith('/grants')).map(({ body }) => body);
  expect(bodies).toHaveLength(4);
  expect(new Set(bodies.map((body) => body?.text)).size).toBe(1);
});

test('registered although no answer ever arrived: withdrawn at the next unlock, and never released', async () => {
  const { asked, decision } = await decided();
  world.faults.set('grants', Array(6).fill('lost'));
  world.faults.set('events', ['unreachable']);
  expect(await person.advance(asked, decision)).toEqual({ failed: 'service-unreachable' });
  expect([...world.grants.values()].map(({ state }) => state)).toEqual(['active']);
  person.restart({ browser: true });
  await person.unlock();
  await person.sharing.resumeAfterUnlock();
  expect([...world.grants.values()].map(({ state }) => state)).toEqual(['ended']);
  expect(await person.vault.all('step')).toEqual([]);
});

test('a “no” of the service is told as what it means', async () => {
  for (const [code, reason] of [
    ['brand/not-enrolled', 'brand-not-enrolled'],
    ['request/expired', 'request-expired'],
    ['brand/frozen', 'service-refused'],
  ] as const) {
    const { asked, decision } = await decided();
    world.faults.set('slots', [problem(403, code)]);
    expect(await person.advance(asked, decision)).toEqual({ failed: reason });
  }
});

test('a receipt of another grant, of an unknown key or forged releases nothing and withdraws', async () => {
  const { asked, decision, open } = await decided();
  const good = (await open(await person.advance(asked, decision))).grant;
  const stranger = await World.start();
  const receipts = [
    await world.receipt(good, 'registered', 0),
    await world.receipt(good, 'withdrawn', 0),
    await stranger.receipt(good, 'registered', 0),
    'x.y.z',
  ];
  for (const receipt of receipts) {
    const next = await decided();
    world.faults.set('grants', [{ status: 201, body: JSON.stringify({ receipt }) }]);
    expect(await person.advance(next.asked, next.decision)).toEqual({ failed: 'receipt-invalid' });
  }
  expect([...world.grants.values()].filter(({ state }) => state === 'active').length).toBe(1);
});

test('new receipt keys count while a pinned one remains, and are asked for at most once a minute', async () => {
  await world.addKey('v2');
  const first = await decided();
  await first.open(await person.advance(first.asked, first.decision));
  expect(world.count('/jwks.json')).toBe(2);

  world.keys = [];
  await world.addKey('v3');
  const second = await decided();
  expect(await person.advance(second.asked, second.decision)).toEqual({
    failed: 'receipt-invalid',
  });
  expect(world.count('/jwks.json')).toBe(2);
  world.now += 61;
  const third = await decided();
  expect(await person.advance(third.asked, third.decision)).toEqual({ failed: 'receipt-invalid' });
  expect(world.count('/jwks.json')).toBe(3);
});

test('a page that is gone immediately before registering: nothing is registered', async () => {
  const { asked, decision } = await decided();
  person.alive = false;
  expect(await person.advance(asked, decision)).toEqual({ failed: 'page-gone' });
  expect(world.count('/grants')).toBe(0);
  expect(world.count('/events')).toBe(0);
  expect(await person.vault.all('step')).toEqual([]);
});

test('an answer that cannot be delivered is withdrawn without undo, also while the vault is locked', async () => {
  const { asked, decision } = await decided();
  await person.advance(asked, decision);
  await person.run('lock', {});
  await person.sharing.withdrawUndelivered(asked, person.steps.get(asked.key) ?? null);
  expect([...world.grants.values()].map(({ state }) => state)).toEqual(['ended']);
  await person.unlock();
  await person.sharing.resumeAfterUnlock();
  expect((await person.run('grants', {})).map(({ state }) => state)).toEqual(['not-delivered']);
  expect(await logged()).toContain('not-delivered');
  expect(await person.vault.all('step')).toEqual([]);
});

test('the browser ends before the page has its answer: withdrawn at the next unlock', async () => {
  const { asked, decision } = await decided();
  await person.advance(asked, decision);
  person.restart({ browser: true });
  await person.unlock();
  await person.sharing.resumeAfterUnlock();
  expect([...world.grants.values()].map(({ state }) => state)).toEqual(['ended']);
});

test('delivered, also while locked: nothing is withdrawn later', async () => {
  for (const locked of [false, true]) {
    const { asked, decision } = await decided();
    await person.advance(asked, decision);
    if (locked) await person.run('lock', {});
    await person.sharing.delivered(asked);
    if (locked) await person.unlock();
    await person.sharing.resumeAfterUnlock();
    expect(await person.vault.all('step')).toEqual([]);
  }
  expect([...world.grants.values()].map(({ state }) => state)).toEqual(['ended', 'active']);
});

test('a vault that locks in the middle fails, and what was registered is withdrawn', async () => {
  const { asked, decision } = await decided();
  const advanced = await person.sharing.advance(
    asked,
    decision,
    null,
    async ({ name }) => {
      if (name === 'registered') await person.vault.lock();
    },
    async () => true,
  );
  expect(advanced).toEqual({ failed: 'vault-locked' });
  expect([...world.grants.values()].map(({ state }) => state)).toEqual(['ended']);
});

test('a vault that locks at any moment releases what is registered, or leaves nothing active', async () => {
  const { get } = person.session;
  let moments = 0;
  for (let last = false; !last; moments += 1) {
    const { asked, decision } = await decided();
    let left = moments;
    person.session.get = async (key) => {
      if (key === 'vault.unlocked' && left-- === 0) return undefined;
      return get.call(person.session, key);
    };
    const advanced = await person.advance(asked, decision);
    person.session.get = get;
    last = left > 0;
    if ('failed' in advanced) {
      // The slot has ended, and perhaps the time of the unlock.
      world.now += 700;
      if ((await person.vault.deadline()) === null) await person.unlock();
      await person.sharing.resumeAfterUnlock();
      expect([...world.grants.values()].map(({ state }) => state)).not.toContain('active');
      expect(await person.vault.all('step')).toEqual([]);
    } else {
      await person.sharing.delivered(asked);
    }
    const active = (await person.run('grants', {})).filter(({ state }) => state === 'active');
    expect(active).toHaveLength('failed' in advanced ? 0 : 1);
  }
  expect(moments).toBeGreaterThan(10);
}, 60_000);

test('a request that expired while the person read is not registered', async () => {
  const { asked, decision } = await decided();
  world.now += 1000;
  expect(await person.advance(asked, decision)).toEqual({ failed: 'request-expired' });
  expect(world.count('/slots')).toBe(0);
});
