import { beforeEach, expect, test } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { THROTTLE, Throttle } from './throttle.ts';

const SHOP = 'https://shop.example';
const NOW = 1_800_000_000_000;
let throttle: Throttle;

beforeEach(() => {
  fakeBrowser.reset();
  throttle = new Throttle(fakeBrowser as never);
});

test('three prompts in vain within ten minutes are an hour of silence, for that site alone', async () => {
  for (const at of [NOW, NOW + 1, NOW + THROTTLE.within - 1]) {
    expect(await throttle.isSilent(SHOP, at)).toBe(false);
    await throttle.count(SHOP, at);
  }
  const last = NOW + THROTTLE.within - 1;
  expect(await throttle.isSilent(SHOP, last + THROTTLE.silence - 1)).toBe(true);
  expect(await throttle.isSilent('https://other.example', last)).toBe(false);
  expect(await throttle.isSilent(SHOP, last + THROTTLE.silence)).toBe(false);
});

test('those that are further apart count anew', async () => {
  for (const at of [NOW, NOW + THROTTLE.within, NOW + 2 * THROTTLE.within]) {
    await throttle.count(SHOP, at);
    expect(await throttle.isSilent(SHOP, at)).toBe(false);
  }
});

test('those at the same time are all counted, and another worker knows them', async () => {
  await Promise.all([1, 2, 3].map(() => throttle.count(SHOP, NOW)));
  expect(await new Throttle(fakeBrowser as never).isSilent(SHOP, NOW)).toBe(true);
});
