import { beforeEach, expect, test } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { THROTTLE, Throttle } from './throttle.ts';

const SHOP = { asked: { origin: 'https://shop.example' }, clicked: false };
const CLICKED = { ...SHOP, clicked: true };
const OTHER = { ...CLICKED, asked: { origin: 'https://other.example' } };
const NOW = 1_800_000_000_000;
let throttle: Throttle;

beforeEach(() => {
  fakeBrowser.reset();
  throttle = new Throttle(fakeBrowser as never);
});

test('three prompts in vain within ten minutes are an hour of silence, for that site alone', async () => {
  for (const at of [NOW, NOW + 1, NOW + THROTTLE.within - 1]) {
    expect(await throttle.isSilent(SHOP, at)).toBe(false);
    await throttle.count('refused', SHOP, at);
  }
  const last = NOW + THROTTLE.within - 1;
  expect(await throttle.isSilent(SHOP, last + THROTTLE.silence - 1)).toBe(true);
  expect(await throttle.isSilent(CLICKED, last + THROTTLE.silence - 1)).toBe(true);
  expect(await throttle.isSilent(OTHER, last)).toBe(false);
  expect(await throttle.isSilent(SHOP, last + THROTTLE.silence)).toBe(false);
});

test('those that are further apart count anew', async () => {
  for (const at of [NOW, NOW + THROTTLE.within, NOW + 2 * THROTTLE.within]) {
    await throttle.count('refused', SHOP, at);
    expect(await throttle.isSilent(SHOP, at)).toBe(false);
  }
});

test('those at the same time are all counted, and another worker knows them', async () => {
  await Promise.all([1, 2, 3].map(() => throttle.count('refused', SHOP, NOW)));
  expect(await new Throttle(fakeBrowser as never).isSilent(SHOP, NOW)).toBe(true);
});

test('a page that was left under its prompts is silent only in what it asks by itself', async () => {
  for (let i = 0; i < THROTTLE.prompts; i++) await throttle.count('left', CLICKED, NOW);
  expect(await throttle.isSilent(SHOP, NOW)).toBe(false);
  for (const how of ['left', 'taken-back', 'refused'] as const)
    await throttle.count(how, SHOP, NOW);
  expect(await throttle.isSilent(SHOP, NOW)).toBe(true);
  expect(await throttle.isSilent(CLICKED, NOW)).toBe(false);
});
