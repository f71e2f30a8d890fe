import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decide, decisionOf, type Reason, refusalOf } from './decide.ts';
import type { BrandRecord, GrantRecord, Store } from './store/port.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { PURPOSE } from './testing/brand.ts';
import { eventCall, newPerson, share } from './testing/person.ts';
import { startWorld, type World } from './testing/world.ts';

let world: World;
let store: Store;
let brand: BrandRecord;
let grant: GrantRecord;
let withdraw: () => Promise<unknown>;
beforeEach(async () => {
  world = await startWorld();
  const person = await newPerson();
  const shared = await share(world, person);
  store = openSqliteStore(world.data);
  brand = (await store.brand(world.brand.did)) as BrandRecord;
  grant = (await store.grant(shared.grant.claims.jti)) as GrantRecord;
  withdraw = () => eventCall(world, person, shared.grant, { event: 'withdraw', seq: 1 });
});
afterEach(async () => {
  await store.close();
  await world.close();
});

test('a withdrawal that came first wins, and what was decided is recorded in that order', async () => {
  const asked = {
    kind: 'evaluation' as const,
    brand,
    grants: { by: 'pseudonym' as const, keys: [grant.person?.pseudonym as string] },
    purpose: PURPOSE,
    attributes: ['size.shoe'],
  };
  const context = { store, clock: () => world.now } as Parameters<typeof decide>[0];
  const checks = Array.from({ length: 20 }, () => decide(context, asked));
  await Promise.all([...checks, withdraw()]);
  expect(await decide(context, asked)).toEqual({ decision: false, reason: 'withdrawn' });
  const decisions = (await store.checks(grant.jti, 0, 99)).map(({ decision }) => decision);
  expect(decisions).toHaveLength(21);
  expect(decisions).toEqual([...decisions].sort().reverse());
});

test('among several grants the latest says why not, and any one that holds whole allows', () => {
  const { now } = world;
  const asked = { brand, purpose: PURPOSE, attributes: ['size.shoe'] };
  const latest: GrantRecord = { ...grant, paused: true };
  const older: GrantRecord = { ...grant, endedBy: 'returned', endedAt: now };
  const decided = (...grants: GrantRecord[]) =>
    decisionOf(
      grants.map((one, id) => ({ ...one, id })),
      asked,
      { now, usesOf: () => 0 },
    );
  expect(decided(latest, older)).toEqual({ decision: false, reason: 'suspended' });
  expect(decided(older, latest)).toEqual({ decision: false, reason: 'withdrawn' });
  expect(decided(latest, grant)).toMatchObject({ decision: true });
  expect(decided()).toEqual({ decision: false, reason: null });
});

describe('reasons come in the order of SPEC §12', () => {
  test('each hides those after it', () => {
    const { now } = world;
    // Everything wrong at once; each step mends the reason just seen.
    let subject: GrantRecord = {
      ...grant,
      endedBy: 'returned',
      endedAt: now,
      paused: true,
      nbf: now + 10,
    };
    let by: BrandRecord = { ...brand, frozenAt: now };
    let at = now;
    const asked = { purpose: 'https://w3id.org/dpv#Marketing', attributes: ['intent.travel'] };
    const mends: [Reason, () => void][] = [
      ['brand-frozen', () => (by = { ...by, frozenAt: null })],
      ['withdrawn', () => (subject = { ...subject, endedBy: null, endedAt: null })],
      ['suspended', () => (subject = { ...subject, paused: false })],
      ['not-yet', () => (at = subject.exp)],
      ['expired', () => (at = subject.nbf)],
      ['purpose', () => (asked.purpose = PURPOSE)],
      ['attribute', () => (asked.attributes = ['size.shoe'])],
    ];
    for (const [reason, mend] of mends) {
      expect(refusalOf(subject, { brand: by, ...asked }, at)).toBe(reason);
      mend();
    }
    expect(refusalOf(subject, { brand: by, ...asked }, at)).toBeNull();
  });

  test('a narrower purpose is covered, a wider one never', () => {
    const { now } = world;
    const details = { ...grant.person?.details, purpose: ['https://w3id.org/dpv#Marketing'] };
    const wide = { ...grant, person: { ...grant.person, details } } as GrantRecord;
    const ask = (purpose: string, of = wide) =>
      refusalOf(of, { brand, purpose, attributes: ['size.shoe'] }, now);
    expect(ask('https://w3id.org/dpv#DirectMarketing')).toBeNull();
    expect(ask('https://w3id.org/dpv#Purpose')).toBe('purpose');
    expect(ask('https://w3id.org/dpv#ServicePersonalisation', grant)).toBe('purpose');
    expect(ask('made-up')).toBe('purpose');
  });
});
