import { allowLoopback } from '@zusage/protocol/origin';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { knownRequest } from './known-request.ts';
import { brandRequest, serveBrand, type TestBrand } from './testing/brand.ts';

const NOW = 1_800_000_000;
const loopback = { [allowLoopback]: true } as const;
let brand: TestBrand;
let compact: string;
beforeAll(async () => {
  brand = await serveBrand();
  compact = await brandRequest(brand, 'http://127.0.0.1:4630', NOW);
});
afterAll(() => brand.close());

/** A request of 64 KB that nobody signed. */
function long(n: number): string {
  const [header, payload, signature] = compact.split('.');
  const claims = JSON.parse(Buffer.from(payload as string, 'base64url').toString());
  const longer = JSON.stringify({ ...claims, iss: String(n).padEnd(45_000) });
  return [header, Buffer.from(longer).toString('base64url'), signature].join('.');
}

test('the same request is parsed once, and not for a service that allows less', async () => {
  const first = await knownRequest(compact, loopback);
  expect(await knownRequest(compact, loopback)).toBe(first);
  await expect(knownRequest(compact, {})).rejects.toThrow();
});

test('however many long ones anybody sends, 2 MB of them are kept', async () => {
  const first = await knownRequest(long(0), loopback);
  for (let n = 1; n < 25; n++) await knownRequest(long(n), loopback);
  expect(await knownRequest(long(0), loopback)).toBe(first);
  for (let n = 25; n < 60; n++) await knownRequest(long(n), loopback);
  expect(await knownRequest(long(0), loopback)).not.toBe(first);
  const last = await knownRequest(long(59), loopback);
  expect(await knownRequest(long(59), loopback)).toBe(last);
});
