import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Files, Signer } from '@zusage/protocol/audit/log-writer.fixture';
import { run } from '@zusage/protocol/audit/run';
import { beforeEach, describe, expect, test } from 'vitest';
import { readDue } from '../commands/read-due.ts';
import type { LogHealthView } from '../messages.ts';
import { Person } from '../sharing/person.fixture.ts';
import { problem, type TestBrand, VAULT, World } from '../sharing/world.fixture.ts';

let world: World;
let brand: TestBrand;
let person: Person;
let jti: string;

beforeEach(async () => {
  world = await World.start();
  brand = await world.brand('shop.example');
  person = new Person({ door: world.door, now: () => world.now });
  await person.create(VAULT);
  const { request } = await brand.request({ attributes: { required: ['size.shoe'] } });
  const asked = person.asked(request, brand.origin);
  await person.share(asked, ['size.shoe'], { entered: [{ id: 'size.shoe', value: 'EU 42' }] });
  await person.sharing.delivered(asked);
  jti = [...world.grants.keys()][0] ?? '';
});

const look = () => person.run('lookAtLog', { origin: VAULT });
const health = async (): Promise<LogHealthView | undefined> =>
  (await person.run('publicLogs', {}))[0];
const grow = (count: number) => {
  const { length } = world.log.entries;
  for (let i = length; i < length + count; i++) world.log.entries.push(entry(i));
  world.log.publish();
};
const entry = (i: number, variant = '') => {
  const r = Buffer.from(`${i} ${variant}`.padEnd(32, '.')).toString('base64url');
  return JSON.stringify({ v: 1, k: 'a', t: '2026-11-22T12:00Z', r });
};

test('what is seen is remembered, and a larger tree that contains it takes its place', async () => {
  expect(await health()).toMatchObject({ origin: VAULT, state: 'unseen', head: null });
  const { length } = world.log.entries;
  expect(await look()).toMatchObject({ state: 'ok', head: { size: length, on: world.now } });
  world.now += 60;
  grow(1);
  expect(await look()).toMatchObject({ head: { size: length + 1, on: world.now } });
  grow(700);
  person.restart();
  expect(await look()).toMatchObject({ state: 'ok', head: { size: length + 701 } });
  // The same again: nothing to compare, and so no tile is read.
  const tiles = world.calls.filter(({ url }) => url.includes('/tile/')).length;
  expect(await look()).toMatchObject({ state: 'ok' });
  expect(world.calls.filter(({ url }) => url.includes('/tile/'))).toHaveLength(tiles);
});

test('a smaller state that the known one contains is old, and no contradiction', async () => {
  const small = world.log.text('checkpoint');
  grow(300);
  await look();
  world.log.files.set('checkpoint', Buffer.from(small));
  world.now += 3600;
  await person.unlock();
  for (let time = 0; time < 2; time += 1) {
    expect(await look()).toMatchObject({
      state: 'ok',
      head: { size: world.log.entries.length },
    });
  }
});

describe('two states that cannot both be true are kept, told, and can be shown to others', () => {
  test.each([
    ['of the same size', 0],
    ['of a larger size', 5],
    ['of a larger size, with other tiles', 300],
    ['of a smaller size', -2],
  ])('%s', async (_, more) => {
    grow(20);
    await look();
    const kept = world.log.files;
    const entries = world.log.entries.slice(0, world.log.entries.length + Math.min(0, more));
    entries.splice(3, 1, entry(3, 'other'));
    for (let i = 0; i < more; i++) entries.push(entry(i, 'more'));
    const other = world.log.written(entries);
    // A fork that is smaller shows in the tiles of the larger one, which are still served.
    const checkpoint = other.get('checkpoint') ?? new Uint8Array();
    const served = more < 0 ? new Map([...kept, ['checkpoint', checkpoint]]) : other;
    world.log.files = served;
    expect(await look()).toMatchObject({ state: 'fork', evidence: true });
    const { name, text } = await person.run('saveEvidence', { origin: VAULT });
    // Whatever the log shows later, and be it a third state.
    const third = [...world.log.entries];
    third.splice(4, 1, entry(4, 'third'));
    for (const files of [kept, world.log.written(third)]) {
      world.now += 1;
      world.log.files = files;
      expect(await look()).toMatchObject({ state: 'fork', evidence: true });
    }
    expect((await person.run('saveEvidence', { origin: VAULT })).text).toBe(text);
    expect(name).toBe('vault.example-log-evidence.json');
    const found = await audit(served, text);
    expect(found).toMatchObject({ exit: 1 });
    expect(found.out).toMatch(/"fork\//);
  });
});

/** `zusage-audit verify` of the log as it is served now, with the file as what is known of it. */
async function audit(files: Files, evidence: string) {
  const folder = mkdtempSync(join(tmpdir(), 'zusage-evidence-'));
  try {
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(folder, 'log', path)), { recursive: true });
      await writeFile(join(folder, 'log', path), bytes);
    }
    writeFileSync(join(folder, 'evidence.json'), evidence);
    return await run([
      ...['verify', join(folder, 'log'), '--json', '--key', world.log.signer.vkey],
      ...['--known', join(folder, 'evidence.json'), '--evidence', join(folder, 'found')],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a fork that only one pseudonym is shown comes to light with its proofs', async () => {
  await look();
  const entries = [...world.log.entries];
  entries.splice(0, 1, entry(0, 'other'));
  const { files } = world.log;
  const honest = world.log.entries.splice(0, entries.length, ...entries);
  world.log.files = world.log.written(entries);
  expect(await person.run('refreshGrant', { jti })).toMatchObject({
    recorded: { state: 'recorded' },
  });
  world.log.entries.splice(0, honest.length, ...honest);
  world.log.files = files;
  expect(await health()).toMatchObject({ state: 'fork' });
});

describe('what may pass is told only when it stays', () => {
  const later = async (seconds: number) => {
    world.now += seconds;
    await person.unlock();
  };

  test('a log that lost what it had signed', async () => {
    const small = world.log.files;
    grow(300);
    const all = world.log.files;
    await look();
    world.log.files = small;
    expect(await look()).toMatchObject({ state: 'waiting' });
    await later(601);
    expect(await look()).toMatchObject({ state: 'rollback' });
    world.log.files = all;
    expect(await look()).toMatchObject({ state: 'ok' });
  });

  test('tiles that do not lead to what was signed, or are not there', async () => {
    await look();
    const size = world.log.entries.length;
    grow(300);
    const good = world.log.files;
    for (const bad of [Buffer.alloc(8192, 7), Buffer.alloc(3), null]) {
      world.log.files = new Map(good);
      if (bad === null) world.log.files.delete('tile/0/000');
      else world.log.files.set('tile/0/000', bad);
      expect(await look()).toMatchObject({ state: 'waiting', head: { size } });
      await later(601);
      expect(await look()).toMatchObject({ state: 'damaged', head: { size } });
      await person.vault.update('logWatch', VAULT, (watch) => {
        const { trouble: _, ...rest } = watch as NonNullable<typeof watch>;
        return rest;
      });
    }
    world.log.files = good;
    expect(await look()).toMatchObject({ state: 'ok', head: { size: size + 300 } });
  });

  test('a checkpoint that the pinned key did not sign, or none at all', async () => {
    await look();
    const good = world.log.files;
    const stranger = world.log.written(world.log.entries, new Signer('vault.example/log', 1, 'x'));
    for (const files of [stranger, new Map([['checkpoint', Buffer.from('<html>')]])]) {
      world.log.files = files;
      expect(await look()).toMatchObject({ state: 'waiting' });
      await later(601);
      expect(await look()).toMatchObject({ state: 'signature' });
      world.log.files = good;
      expect(await look()).toMatchObject({ state: 'ok' });
    }
  });

  test('a log that cannot be reached, or answers far too much', async () => {
    await look();
    for (const fault of [
      'unreachable',
      problem(503, 'service/overloaded'),
      problem(404, 'http/not-found'),
    ] as const) {
      world.faults.set('checkpoint', [fault]);
      await expect(look()).rejects.toMatchObject({ code: 'log-unreachable' });
    }
    world.log.files.set('checkpoint', Buffer.alloc(262_145));
    await expect(look()).rejects.toMatchObject({ code: 'log-unreachable' });
    expect(await health()).toMatchObject({ state: 'ok' });
    expect(await person.run('withdraw', { jti })).toMatchObject({ state: 'undo' });
  });
});

test('tiles out of reach: the checkpoint waits, also through a restart, and is compared later', async () => {
  await look();
  const { length } = world.log.entries;
  grow(10);
  world.faults.set(`${length + 10}`, ['unreachable']);
  expect(await look()).toMatchObject({ state: 'waiting', head: { size: length } });
  person.restart();
  grow(10);
  expect(await look()).toMatchObject({ state: 'ok', head: { size: length + 20 } });
});

test('the log is asked with the regular reading, and again after some hours without one', async () => {
  const checkpoints = () => world.count('/log/checkpoint');
  const due = () => readDue(person.services, () => 0.5);
  await due();
  expect(checkpoints()).toBe(1);
  expect(await health()).toMatchObject({ state: 'ok' });
  await due();
  expect(checkpoints()).toBe(1);
  // Proofs bring a checkpoint: nobody asks for one more.
  world.now += 61;
  await due();
  expect((await person.run('grants', {}))[0]?.recorded.state).toBe('recorded');
  expect(checkpoints()).toBe(1);
  world.now += 6 * 3600;
  await person.unlock();
  await due();
  expect(checkpoints()).toBe(2);
});

test('only logs of services that a grant is with are asked', async () => {
  await expect(person.run('lookAtLog', { origin: 'https://other.example' })).rejects.toMatchObject({
    code: 'unknown',
  });
  await expect(person.run('saveEvidence', { origin: VAULT })).rejects.toMatchObject({
    code: 'unknown',
  });
});
