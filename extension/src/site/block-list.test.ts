import { expect, test } from 'vitest';
import type { SettingsRecord } from '../vault/records.ts';
import type { Vault } from '../vault/vault.ts';
import { blockSite, isSiteBlocked } from './block-list.ts';

/** The part of the vault that holds the list. */
function vaultWith(settings: Pick<SettingsRecord, 'blockedBrands'> | undefined) {
  let held = settings as SettingsRecord | undefined;
  return {
    isBlocked: async (did: string) => held?.blockedBrands.includes(did) ?? true,
    update: async (_kind: string, _key: string, change: (now: typeof held) => SettingsRecord) => {
      held = change(held);
      return held;
    },
  } as unknown as Vault;
}

test('a blocked site is blocked until it is unblocked, and no other is', async () => {
  const vault = vaultWith({ blockedBrands: ['did:web:other.example'] });
  await blockSite(vault, 'https://shop.example', true);
  await blockSite(vault, 'https://shop.example', true);
  expect(await isSiteBlocked(vault, 'https://shop.example')).toBe(true);
  expect(await isSiteBlocked(vault, 'https://www.shop.example')).toBe(false);
  await blockSite(vault, 'https://shop.example', false);
  expect(await isSiteBlocked(vault, 'https://shop.example')).toBe(false);
  expect(await isSiteBlocked(vault, 'https://other.example')).toBe(true);
});

test('a site is blocked under the DID its brand would have', async () => {
  const vault = vaultWith({ blockedBrands: ['did:web:localhost%3A4620'] });
  expect(await isSiteBlocked(vault, 'http://localhost:4620')).toBe(true);
  expect(await isSiteBlocked(vault, 'http://localhost:4621')).toBe(false);
});

test('without settings nothing is written over', async () => {
  const blocking = blockSite(vaultWith(undefined), 'https://shop.example', true);
  await expect(blocking).rejects.toMatchObject({ code: 'vault/corrupt' });
});
