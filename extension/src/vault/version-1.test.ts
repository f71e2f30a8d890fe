import { decodeBase64url } from '@zusage/protocol/bytes';
import { expect, test } from 'vitest';
import { associatedData } from './associated-data.ts';
import type { SealedRow } from './database.ts';
import { randomId } from './manifest.ts';
import { SCHEMA_VERSION } from './record.ts';
import { SETTINGS, type SettingsRecord } from './records.ts';
import { encrypt, pad, randomBytes } from './sodium.ts';
import { subkey } from './subkeys.ts';
import { type Bench, PASSPHRASE, shoe, there, unlockedBench } from './vault.fixture.ts';

type Written = { readonly kind: string; readonly key: string; readonly value: unknown };

/** Puts the vault back as version 1 would have written it. @returns the ids of the rows */
async function asVersion1(bench: Bench, written: readonly Written[]): Promise<string[]> {
  const { header } = await bench.disk();
  const held = (await bench.session.get('vault.unlocked')) as { key: string };
  const recordsKey = subkey(decodeBase64url(held.key), 'records');
  const seal = (table: string, id: string, value: unknown): SealedRow => {
    const nonce = randomBytes(24);
    const plaintext = pad(new TextEncoder().encode(JSON.stringify(value)), 256);
    const ciphertext = encrypt(plaintext, associatedData(table, id, 1), nonce, recordsKey);
    return { id, sealed: new Uint8Array([1, ...nonce, ...ciphertext]) };
  };
  const rows = written.map((entry, i) =>
    seal('records', randomId(), { ...entry, revision: i + 1 }),
  );
  const entries = Object.fromEntries(rows.map(({ id }, i) => [id, i + 1]));
  const root = { revision: rows.length, unresolved: false, entries };
  const manifest = seal('manifest', there(header).manifest, root);
  await bench.restore({ header: { ...there(header), version: 1 }, rows: [...rows, manifest] });
  return rows.map(({ id }) => id);
}

async function first(): Promise<{ bench: Bench; settings: SettingsRecord; ids: string[] }> {
  const bench = await unlockedBench();
  const settings = await bench.settings();
  const ids = await asVersion1(bench, [
    { kind: 'settings', key: SETTINGS, value: settings },
    { kind: 'attribute', key: 'size.shoe', value: shoe('EU 42') },
    { kind: 'attribute', key: 'size.hat', value: shoe('57') },
  ]);
  bench.restart();
  return { bench, settings, ids };
}

test('a vault of version 1 is read, and is of this version from the first write on', async () => {
  const { bench, settings } = await first();
  await bench.vault.lock();
  await bench.vault.unlock(PASSPHRASE);
  expect((await bench.vault.integrity()).ok).toBe(true);
  expect(await bench.vault.get('settings', SETTINGS)).toEqual(settings);
  expect((await bench.vault.remembered('attribute')).map(({ value }) => value).sort()).toEqual([
    '57',
    'EU 42',
  ]);
  expect((await bench.header()).version).toBe(1);

  await bench.vault.put('attribute', 'size.shoe', shoe('EU 43'));
  expect((await bench.header()).version).toBe(SCHEMA_VERSION);
  bench.restart();
  expect((await bench.vault.integrity()).ok).toBe(true);
  expect((await bench.vault.all('attribute')).map(({ value }) => value).sort()).toEqual([
    '57',
    'EU 43',
  ]);
  expect(await bench.vault.takeStopIndex()).toBe(settings.nextStopIndex);
  expect((await bench.restart().integrity()).ok).toBe(true);
});

test('what is missing from a vault of version 1 is noticed, before and after its first write', async () => {
  const { bench, ids } = await first();
  await bench.database.records.delete(there(ids[2]));
  expect(await bench.restart().integrity()).toMatchObject({ ok: false, missing: 1 });
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 43'));
  expect(await bench.restart().integrity()).toMatchObject({
    ok: false,
    missing: 1,
    unresolved: true,
  });
});
