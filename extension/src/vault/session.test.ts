import { beforeEach, expect, test } from 'vitest';
import { VaultRefusal } from './errors.ts';
import { Session } from './session.ts';
import { ready } from './sodium.ts';
import { MemorySession, START } from './vault.fixture.ts';

const key = new Uint8Array(32).fill(9);
const locked = new VaultRefusal('vault/locked');
const clock = { now: START };
let store: MemorySession;
let session: Session;

const restarted = () => new Session(store, () => clock.now);

beforeEach(async () => {
  await ready;
  clock.now = START;
  store = new MemorySession();
  session = restarted();
  await session.start(key, 15);
});

test('the key is there until the deadline and not a millisecond longer', async () => {
  clock.now = START + 15 * 60_000 - 1;
  expect(await session.vaultKey()).toEqual(key);
  clock.now += 1;
  await expect(session.vaultKey()).rejects.toEqual(locked);
  expect([...store.held.values()].some((value) => typeof value === 'object')).toBe(false);
});

test('use does not move the deadline', async () => {
  for (let minute = 0; minute < 15; minute += 1) {
    clock.now = START + minute * 60_000;
    await session.vaultKey();
    expect(await session.deadline()).toBe(START + 15 * 60_000);
  }
  clock.now = START + 15 * 60_000;
  await expect(session.vaultKey()).rejects.toEqual(locked);
});

test('a new worker finds the key and the same deadline', async () => {
  expect(await restarted().vaultKey()).toEqual(key);
  clock.now = START + 15 * 60_000;
  await expect(restarted().vaultKey()).rejects.toEqual(locked);
});

test('a clock that went backwards locks, also after the worker died, and for good', async () => {
  clock.now = START + 10 * 60_000;
  await session.vaultKey();
  clock.now = START + 5 * 60_000;
  await expect(restarted().vaultKey()).rejects.toEqual(locked);
  clock.now = START + 10 * 60_000;
  await expect(session.vaultKey()).rejects.toEqual(locked);
});

test('within one worker a millisecond backwards is enough', async () => {
  clock.now = START + 500;
  await session.vaultKey();
  clock.now = START + 499;
  await expect(session.vaultKey()).rejects.toEqual(locked);
});

test.each([
  ['no key', {}],
  ['a key of another length', { key: 'AAAA', unlockedAt: START, deadline: START + 1e6 }],
  ['no deadline', { key: 'A'.repeat(43), unlockedAt: START }],
  ['no start', { key: 'A'.repeat(43), deadline: START + 1e6 }],
])('a session with %s is locked', async (_, held) => {
  await store.set('vault.unlocked', held);
  await expect(session.vaultKey()).rejects.toEqual(locked);
});

test('a session storage that fails is a storage error, and gives no key', async () => {
  store.get = () => Promise.reject(new Error('QUOTA_BYTES quota exceeded'));
  await expect(session.vaultKey()).rejects.toEqual(new VaultRefusal('vault/storage'));
});
