import { beforeEach, expect, test } from 'vitest';
import { Attempts, delayAfter, LONGEST_WAIT } from './attempts.ts';
import { VaultRefusal } from './errors.ts';
import { MemorySession } from './vault.fixture.ts';

const wait = new VaultRefusal('vault/wait');
let store: MemorySession;
let clock: { elapsed: number };
let attempts: Attempts;

/** A new worker; its clock begins anew. */
function restarted(): Attempts {
  clock = { elapsed: 0 };
  const own = clock;
  return new Attempts(store, () => own.elapsed);
}

beforeEach(() => {
  store = new MemorySession();
  attempts = restarted();
});

async function fail(times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await attempts.begin();
    clock.elapsed += await attempts.wait();
  }
}

test('the delay: nothing for three slips, then 5 seconds, doubled each time, never above five minutes', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1e6].map(delayAfter)).toEqual([
    0,
    0,
    0,
    0,
    ...[5, 10, 20, 40, 80, 160, 300, 300, 300].map((seconds) => seconds * 1000),
  ]);
});

test('the fourth failure makes the fifth wait, to the millisecond, and no attempt meanwhile counts', async () => {
  await fail(3);
  await attempts.begin();
  expect(await attempts.wait()).toBe(5000);
  clock.elapsed += 4999;
  await expect(attempts.begin()).rejects.toEqual(wait);
  clock.elapsed += 1;
  await attempts.begin();
  expect(await attempts.wait()).toBe(10_000);
});

test('an attempt that is cut off counts: it was counted before it was made', async () => {
  for (let i = 0; i < 4; i += 1) {
    await attempts.begin();
    attempts = restarted();
  }
  await expect(attempts.begin()).rejects.toEqual(wait);
});

test('a new worker goes on with what was left, and its own start gives nothing away', async () => {
  await fail(3);
  await attempts.begin();
  clock.elapsed += 2000;
  expect(await attempts.wait()).toBe(3000);
  attempts = restarted();
  clock.elapsed = 1e9;
  expect(await attempts.wait()).toBe(3000);
  clock.elapsed += 3000;
  expect(await attempts.wait()).toBe(0);
});

test('a clock that ran backwards all the same makes no wait longer', async () => {
  await fail(3);
  clock.elapsed -= 1e9;
  expect(await attempts.wait()).toBe(0);
  await attempts.begin();
  clock.elapsed -= 1e9;
  expect(await attempts.wait()).toBe(5000);
});

test('who got in begins from nothing', async () => {
  await fail(6);
  await attempts.begin();
  await attempts.forget();
  expect(await attempts.wait()).toBe(0);
  await fail(3);
  expect(await attempts.wait()).toBe(0);
  expect(store.held.get('vault.attempts')).toEqual({ failures: 3, left: 0 });
});

test.each([
  ['a text', 'none'],
  ['null', null],
  ['a negative count', { failures: -1, left: 0 }],
  ['no count', { left: 0 }],
  ['a wait that is no number', { failures: 4, left: 'never' }],
  ['an endless wait', { failures: 4, left: Number.POSITIVE_INFINITY }],
])(
  'where %s lies instead of a count, the longest wait counts, and no longer one',
  async (_, kept) => {
    await store.set('vault.attempts', kept);
    expect(await attempts.wait()).toBe(LONGEST_WAIT);
    await expect(attempts.begin()).rejects.toEqual(wait);
    clock.elapsed += LONGEST_WAIT;
    await attempts.begin();
  },
);

test('where nothing can be counted, nothing may be tried', async () => {
  store.set = () => Promise.reject(new Error('QUOTA_BYTES quota exceeded'));
  await expect(attempts.begin()).rejects.toEqual(new VaultRefusal('vault/storage'));
});
