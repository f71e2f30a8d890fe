import {
  extraOfOpening,
  formatTlogProof,
  openingOfProof,
  parseTlogProof,
} from '@zusage/protocol/tlog';
import { beforeEach, describe, expect, test } from 'vitest';
import { readDue } from '../commands/read-due.ts';
import type { GrantView } from '../messages.ts';
import { Person } from '../sharing/person.fixture.ts';
import { problem, type TestBrand, VAULT, World } from '../sharing/world.fixture.ts';
import { proofKey } from '../vault/log-records.ts';
import { hasNewWarning } from './alarm.ts';

let world: World;
let brand: TestBrand;
let person: Person;
let jti: string;

beforeEach(async () => {
  world = await World.start();
  brand = await world.brand('shop.example');
  person = new Person({ door: world.door, now: () => world.now });
  await person.create(VAULT);
  jti = await share();
});

async function share(purpose?: string): Promise<string> {
  const { request } = await brand.request({
    attributes: { required: ['size.shoe'] },
    ...(purpose !== undefined && { terms: { purpose: [purpose] } }),
  });
  const asked = person.asked(request, brand.origin);
  await person.share(asked, ['size.shoe'], { entered: [{ id: 'size.shoe', value: 'EU 42' }] });
  await person.sharing.delivered(asked);
  world.now += 1;
  return [...world.grants.keys()].at(-1) ?? '';
}

const refresh = async (): Promise<GrantView['recorded']> =>
  (await person.run('refreshGrant', { jti })).recorded;
const grantOf = () => {
  const known = world.grants.get(jti);
  if (known === undefined) throw new Error('The service has no such grant.');
  return known.grant;
};
const answer = (proofs: object[]) => ({ status: 200, body: JSON.stringify({ proofs }) });

/** What the service answers about proofs once, told by `lie`. */
function lies(lie: (proof: { seq: number; event: string; proof: string }) => object): void {
  world.faults.set('proofs', [answer(world.log.proofs(jti).map(lie))]);
}
/** The same proof with another opening in it. */
function withOpening(
  proof: string,
  change: (
    opening: ReturnType<typeof openingOfProof>,
  ) => Partial<ReturnType<typeof openingOfProof>>,
): string {
  const parsed = parseTlogProof(proof);
  const opening = openingOfProof(parsed);
  return formatTlogProof({ ...parsed, extra: extraOfOpening({ ...opening, ...change(opening) }) });
}

test('each event is recorded, verified once, and kept with its proof', async () => {
  expect((await person.run('grants', {}))[0]?.recorded).toMatchObject({
    state: 'pending',
    on: null,
  });
  expect(await refresh()).toEqual({ state: 'recorded', on: world.now, entries: 1, warnings: [] });
  const before = world.count('/proofs');
  expect(await refresh()).toMatchObject({ state: 'recorded' });
  expect(world.count('/proofs')).toBe(before);
  await person.run('withdraw', { jti });
  expect((await person.run('grants', {}))[0]?.recorded).toMatchObject({ state: 'pending' });
  await person.run('restore', { jti });
  expect(await refresh()).toMatchObject({ state: 'recorded', entries: 3, warnings: [] });
  for (const { seq } of world.log.proofs(jti)) {
    const kept = await person.vault.get('proof', proofKey(jti, seq, 'vault.example/log'));
    expect(kept?.proof).toContain('c2sp.org/tlog-proof@v1');
  }
  const watch = await person.vault.get('logWatch', VAULT);
  expect(watch?.head).toMatchObject({ size: world.log.entries.length });
  expect(watch?.waiting).toEqual([]);
});

test('an entry that is missing after ten minutes is told, and its coming ends that', async () => {
  world.log.held = true;
  await person.run('withdraw', { jti });
  expect(await refresh()).toMatchObject({ state: 'pending', entries: 1 });
  world.now += 599;
  expect(await refresh()).toMatchObject({ state: 'pending' });
  world.now += 1;
  expect(await refresh()).toMatchObject({ state: 'warning', warnings: ['missing'] });
  world.log.release();
  expect(await refresh()).toMatchObject({ state: 'recorded', entries: 2 });
});

test('a service that says no about proofs is late like one that has none; one that is silent gets a day', async () => {
  const { faults } = world;
  faults.set('proofs', [problem(404, 'grant/unknown'), problem(404, 'grant/unknown')]);
  await refresh();
  world.now += 600;
  expect(await refresh()).toMatchObject({ warnings: ['missing'] });
  expect(await refresh()).toMatchObject({ state: 'recorded' });

  await person.run('withdraw', { jti });
  for (const [wait, state] of [
    [700, 'pending'],
    [86_400, 'warning'],
  ] as const) {
    world.now += wait;
    await person.unlock();
    faults.set('proofs', ['unreachable']);
    expect(await refresh()).toMatchObject({ state });
  }
});

describe('what does not hold is told by what it is', () => {
  test('a checkpoint by another key, a broken path, garbage', async () => {
    const other = await World.start();
    const forged = other.log.text('checkpoint').split('\n').at(-2) ?? '';
    for (const lie of [
      (proof: string) =>
        proof.replace(/— .*\n$/, `${forged.replace(/ \S+$/, ` ${'A'.repeat(92)}`)}\n`),
      (proof: string) => proof.replace(/\nindex (\d+)/, (_, n) => `\nindex ${Number(n) + 1}`),
      () => 'garbage',
      (proof: string) =>
        withOpening(proof, ({ r }) => ({ r: `${r[0] === 'A' ? 'B' : 'A'}${r.slice(1)}` })),
    ]) {
      lies((one) => ({ ...one, proof: lie(one.proof) }));
      expect(await refresh()).toMatchObject({ state: 'warning', warnings: ['proof'], entries: 0 });
      // The whole one ends it.
      expect(await refresh()).toMatchObject({ state: 'recorded', warnings: [] });
      await person.vault.remove('logged', jti);
    }
  });

  test.each([
    ['type', { type: 'suspended' }],
    ['brand', { brand: 'did:web:other.example' }],
    ['brand_seq', { brand_seq: null }],
    ['brand_key_id', { brand_key_id: null }],
    ['grant', { grant: 'urn:uuid:0b1d7a5e-0000-4000-8000-000000000001' }],
    ['grant_seq', { grant_seq: 7 }],
    ['subject', { subject: 'A'.repeat(43) }],
    ['scope', { scope: ['size.jacket', 'size.shoe'] }],
    ['at', { at: 1_795_000_000 }],
    ['grant_hash', { grant_hash: 'A'.repeat(43) }],
    ['request_hash', { request_hash: 'A'.repeat(43) }],
    ['terms_hash', { terms_hash: 'A'.repeat(43) }],
  ] as const)('another %s than the vault knows', async (name, lie) => {
    await refresh();
    await lied({ lie });
    expect(await refresh()).toMatchObject({ state: 'warning', warnings: ['fields'] });
    const [found] = (await person.vault.get('logged', jti))?.problems ?? [];
    expect(found).toMatchObject({ code: 'fields', seq: 1, detail: name });
    // It is in the log for ever, and so is what it was.
    expect(await person.vault.get('proof', proofKey(jti, 1, 'vault.example/log'))).toBeDefined();
  });

  test('an entry that was written before what it is about', async () => {
    await lied({ type: 'expired', shift: -180 });
    expect((await refresh()).warnings).toEqual(['fields']);
    expect((await person.vault.get('logged', jti))?.problems).toMatchObject([{ detail: 'minute' }]);
  });

  test('a receipt that commits to another stream', async () => {
    world.log.streamOf = () => 'C'.repeat(42).concat('A');
    await person.run('withdraw', { jti });
    expect((await refresh()).warnings).toEqual(['stream']);
  });

  test('a field that stays closed, whichever it is', async () => {
    for (let closed = 0; closed < 14; closed += 1) {
      lies((one) => ({
        ...one,
        proof: withOpening(one.proof, ({ disclosures }) => ({
          disclosures: disclosures.filter((_, i) => i !== closed),
        })),
      }));
      expect(await refresh(), `${closed}`).toMatchObject({ warnings: ['fields'], entries: 0 });
      await person.vault.remove('logged', jti);
    }
  });

  test('an act that the person never signed', async () => {
    await lied({});
    expect(await refresh()).toMatchObject({ warnings: ['act'] });
  });

  test('not under the tag of the stream, or another stream than before', async () => {
    await person.run('withdraw', { jti });
    const { opening } = world.log.logged.get(jti)?.at(-1) ?? {};
    expect(opening).toBeDefined();
    await refresh();
    await lied({ tag: 'AAAAAAAAAAAAAAAAAAAAAA', type: 'expired' });
    expect(await refresh()).toMatchObject({ warnings: ['stream'] });

    world.log.rootOf = () => 'B'.repeat(43);
    await person.vault.update('logged', jti, (logged) => ({
      ...(logged as NonNullable<typeof logged>),
      problems: [],
    }));
    const told = await refresh();
    expect(told.warnings).toContain('stream');
  });

  test('another place than the receipt promised', async () => {
    const [first] = world.log.entries.splice(5, 1);
    world.log.entries.splice(7, 0, first ?? '');
    const [logged] = world.log.logged.get(jti) ?? [];
    if (logged !== undefined) logged.index = 7;
    world.log.publish();
    expect(await refresh()).toMatchObject({ warnings: ['receipt'] });
  });

  test('another entry than was proved before', async () => {
    await refresh();
    await person.run('withdraw', { jti });
    const [first, second] = world.log.proofs(jti);
    const answers = [
      [{ ...first, proof: first?.proof.replace(/\nindex \d+/, '\nindex 77') }],
      [{ ...first, proof: second?.proof }],
    ];
    for (const proofs of answers) {
      world.faults.set('proofs', [answer(proofs)]);
      expect((await refresh()).warnings).toEqual(['changed']);
      await person.vault.update('logged', jti, (logged) => ({
        ...(logged as NonNullable<typeof logged>),
        problems: [],
      }));
    }
    expect(await refresh()).toMatchObject({ state: 'recorded', entries: 2 });
  });

  test('another event than was proved before', async () => {
    await person.run('withdraw', { jti });
    await refresh();
    const events = world.grants.get(jti)?.events ?? [];
    world.grants
      .get(jti)
      ?.events.splice(0, 9, ...events.map((one) => ({ ...one, event: 'resumed' })));
    expect((await refresh()).warnings).toEqual(['changed']);
  });
});

/** Something the service makes up: an event of the grant that nobody caused. */
async function lied(act: {
  lie?: object;
  tag?: string;
  type?: 'expired';
  shift?: number;
}): Promise<void> {
  const known = world.grants.get(jti);
  if (known === undefined) throw new Error('The service has no such grant.');
  const { type = 'withdrawn', ...rest } = act;
  known.seq += 1;
  known.events.push({ seq: known.seq, event: type, at: world.now });
  world.log.append(grantOf(), { type, seq: known.seq, at: world.now, ...rest } as never);
}

test('a number of the stream that is nobody’s is told once other grants have had their time', async () => {
  await refresh();
  // An entry that no grant knows of takes the next number.
  world.log.nextTag(grantOf(), world.now);
  await person.run('withdraw', { jti });
  expect(await refresh()).toMatchObject({ state: 'recorded', warnings: [] });
  await person.run('restore', { jti });
  world.now += 601;
  await person.unlock();
  expect(await refresh()).toMatchObject({ state: 'warning', warnings: ['gap'] });
});

test('a warning is told wherever the person looks first, until they have looked', async () => {
  const isNew = () => hasNewWarning(async (key) => person.session.get(key));
  const warns = async () => (await person.run('status', {})).logWarning;
  await refresh();
  expect([await warns(), await isNew()]).toEqual([false, false]);
  await readDue(person.services, () => 1);
  await lied({});
  world.now += 86_401;
  await person.unlock();
  await readDue(person.services, () => 1);
  expect([await isNew(), await warns()]).toEqual([true, true]);
  await person.run('publicLogs', {});
  expect([await isNew(), await warns()]).toEqual([false, true]);
  // Something else is new again.
  await lied({ tag: 'AAAAAAAAAAAAAAAAAAAAAA', type: 'expired' });
  await refresh();
  expect([await warns(), await isNew()]).toEqual([true, true]);
  // Also while locked the icon may say so; the page may not.
  await person.run('lock', {});
  expect([await warns(), await isNew()]).toEqual([false, true]);
});

test('two grants of one pseudonym share a stream, and neither is a gap of the other', async () => {
  const first = jti;
  const second = await share('https://w3id.org/dpv#DirectMarketing');
  expect(second).not.toBe(first);
  jti = second;
  expect(await refresh()).toMatchObject({ state: 'recorded' });
  const logged = await person.vault.get('logged', second);
  expect(logged?.problems).toMatchObject([{ code: 'gap' }]);
  jti = first;
  expect(await refresh()).toMatchObject({ state: 'recorded', warnings: [] });
  world.now += 601;
  await person.run('withdraw', { jti });
  jti = second;
  await person.run('withdraw', { jti });
  jti = first;
  await refresh();
  jti = second;
  expect(await refresh()).toMatchObject({ state: 'recorded', warnings: [] });
});

test('a worker that dies anywhere loses nothing and invents nothing', async () => {
  await person.run('withdraw', { jti });
  const { update, put } = person.vault;
  for (let steps = 0; steps < 12; steps += 1) {
    let left = steps;
    const die = () => {
      left -= 1;
      if (left < 0) throw new Error('killed');
    };
    Object.assign(person.vault, {
      put: (...args: Parameters<typeof put>) => {
        die();
        return put.apply(person.vault, args);
      },
      update: (...args: Parameters<typeof update>) => {
        die();
        return update.apply(person.vault, args);
      },
    });
    await refresh().catch(() => undefined);
    person.restart();
    const recorded = (await person.run('grants', {}))[0]?.recorded;
    expect(recorded?.warnings, `${steps}`).toEqual([]);
  }
  expect(await refresh()).toMatchObject({ state: 'recorded', entries: 2 });
});
