import { beforeEach, expect, test } from 'vitest';
import { ApiError, NotWritableError, StoreError } from '../errors.ts';
import type { Store } from './port.ts';
import { withReadiness } from './readiness.ts';

let now: number;
let attempts: number;
let isBroken: boolean;
let refuses: boolean;
let store: Store;
beforeEach(() => {
  now = 0;
  attempts = 0;
  isBroken = false;
  refuses = false;
  const bare = {
    ready: async () => {},
    sweep: async () => {
      if (isBroken) throw new StoreError('disk');
      if (refuses) throw new ApiError('idempotency/mismatch');
    },
  } as unknown as Store;
  const attempt = async () => {
    attempts++;
    if (isBroken) throw new StoreError('disk');
  };
  store = withReadiness(bare, attempt, () => now);
});
const isReady = () =>
  store.ready().then(
    () => true,
    () => false,
  );

test('a store that works is written once a minute, however often somebody asks', async () => {
  for (now = 0; now < 120_000; now += 100) expect(await isReady()).toBe(true);
  expect(attempts).toBe(2);
});

test('one that nobody writes is found out within a minute', async () => {
  expect(await isReady()).toBe(true);
  isBroken = true;
  now = 59_999;
  expect(await isReady()).toBe(true);
  now = 60_000;
  expect(await isReady()).toBe(false);
});

test('after a failure it is tried at once, then once a second until it works again', async () => {
  await isReady();
  isBroken = true;
  now = 5_000;
  await expect(store.sweep(0, 0)).rejects.toThrow(StoreError);
  attempts = 0;
  for (; now < 15_000; now += 100) expect(await isReady()).toBe(false);
  expect(attempts).toBe(10);
  isBroken = false;
  expect(await isReady()).toBe(true);
  now += 59_900;
  expect(await isReady()).toBe(true);
  expect(attempts).toBe(11);
});

test('a failure that passed by itself is none of readiness', async () => {
  await isReady();
  isBroken = true;
  await expect(store.sweep(0, 0)).rejects.toThrow(StoreError);
  isBroken = false;
  now = 1_000;
  expect(await isReady()).toBe(true);
  expect(attempts).toBe(2);
});

test('a refusal of what was asked for is no failure', async () => {
  await isReady();
  refuses = true;
  now = 5_000;
  await expect(store.sweep(0, 0)).rejects.toThrow(ApiError);
  expect(await isReady()).toBe(true);
  expect(attempts).toBe(1);
});

test('those who ask at the same time share one attempt', async () => {
  isBroken = true;
  expect(await Promise.all([isReady(), isReady(), isReady()])).toEqual([false, false, false]);
  expect(attempts).toBe(1);
});

test('the failure says that nothing can be written', async () => {
  isBroken = true;
  await expect(store.ready()).rejects.toBeInstanceOf(NotWritableError);
});
