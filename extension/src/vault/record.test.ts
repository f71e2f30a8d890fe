import { beforeAll, expect, test } from 'vitest';
import { VaultCryptoError } from './errors.ts';
import { openJson as open, sealJson as seal } from './record.ts';
import { randomBytes, ready } from './sodium.ts';
import { subkey } from './subkeys.ts';

const corrupt = new VaultCryptoError('vault/corrupt');
let key: Uint8Array;

beforeAll(async () => {
  await ready;
  key = subkey(randomBytes(32), 'records');
});

test('what was sealed opens under the same key, table and id only', () => {
  const sealed = seal(key, 'records', 'a', { shoe: 'EU 42' });
  expect(open(key, 'records', 'a', sealed)).toEqual({ shoe: 'EU 42' });
  expect(() => open(key, 'records', 'b', sealed)).toThrow(corrupt);
  expect(() => open(key, 'manifest', 'a', sealed)).toThrow(corrupt);
  expect(() => open(randomBytes(32), 'records', 'a', sealed)).toThrow(corrupt);
});

test('a change of any byte, version and nonce included, is noticed', () => {
  const sealed = seal(key, 'records', 'a', 'x');
  for (let at = 0; at < sealed.length; at += 1) {
    const altered = sealed.slice();
    altered[at] = (altered[at] as number) ^ 1;
    expect(() => open(key, 'records', 'a', altered)).toThrow(corrupt);
  }
});

test.each([0, 1, 24, 25, 40, 200])('a row cut to %i bytes is corrupt, not a crash', (length) => {
  const sealed = seal(key, 'records', 'a', 'x').slice(0, length);
  expect(() => open(key, 'records', 'a', sealed)).toThrow(corrupt);
});

test('a row that is not bytes is corrupt', () => {
  expect(() => open(key, 'records', 'a', 'AAAA')).toThrow(corrupt);
  expect(() => open(key, 'records', 'a', undefined)).toThrow(corrupt);
});

test('the length tells only the next multiple of 256', () => {
  const lengths = [0, 1, 100, 253].map((n) => seal(key, 'records', 'a', 'x'.repeat(n)).length);
  // version + nonce + 256 padded bytes + tag
  expect(lengths).toEqual([297, 297, 297, 297]);
  expect(seal(key, 'records', 'a', 'x'.repeat(254))).toHaveLength(297 + 256);
});

test('the same value is never sealed to the same bytes', () => {
  const nonces = new Set<string>();
  for (let i = 0; i < 100; i += 1)
    nonces.add(Buffer.from(seal(key, 'records', 'a', 'x').slice(1, 25)).toString('hex'));
  expect(nonces.size).toBe(100);
});

test('the three subkeys differ from each other and from the vault key', () => {
  const vaultKey = randomBytes(32);
  const all = [
    vaultKey,
    ...(['records', 'index', 'backup'] as const).map((u) => subkey(vaultKey, u)),
  ];
  expect(new Set(all.map((k) => Buffer.from(k).toString('hex'))).size).toBe(4);
});
