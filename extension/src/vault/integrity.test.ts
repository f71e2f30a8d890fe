import { expect, test } from 'vitest';
import { VaultCryptoError } from './errors.ts';
import {
  type Bench,
  changedRows,
  type Disk,
  SERVICE,
  shoe,
  there,
  unlockedBench,
} from './vault.fixture.ts';

const BLOCKED = 'did:web:blocked.example';

/** A vault with an attribute and a blocked brand, and the ids of their rows. */
async function filled(): Promise<{
  bench: Bench;
  attribute: string;
  settings: string;
  before: Disk;
}> {
  const bench = await unlockedBench();
  const [settings] = await bench.recordIds();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  const before = await bench.disk();
  const attribute = (await bench.recordIds()).find((id) => id !== settings);
  await bench.changeSettings({ blockedBrands: [BLOCKED] });
  return { bench, attribute: there(attribute), settings: there(settings), before };
}

/** The ids of the manifest's parts beside its root. */
async function shards(bench: Bench): Promise<string[]> {
  const records = [...(await bench.recordIds()), (await bench.header()).manifest];
  return (await bench.disk()).rows.map(({ id }) => id).filter((id) => !records.includes(id));
}

const sealedIn = (disk: Disk, id: string) => there(disk.rows.find((row) => row.id === id)).sealed;

async function failsClosed(bench: Bench): Promise<void> {
  expect((await bench.vault.integrity()).ok).toBe(false);
  expect(await bench.vault.isBlocked(BLOCKED)).toBe(true);
  expect(await bench.vault.isBlocked('did:web:other.example')).toBe(true);
  await expect(bench.vault.takeStopIndex()).rejects.toBeInstanceOf(VaultCryptoError);
}

test('an untouched vault is whole', async () => {
  const { bench } = await filled();
  expect(await bench.restart().integrity()).toEqual({
    ok: true,
    manifestLost: false,
    missing: 0,
    older: 0,
    unknown: 0,
    unreadable: 0,
    unresolved: false,
  });
});

test('a record put back to an older copy is reported, and blocks fail closed', async () => {
  const { bench, settings, before } = await filled();
  await bench.database.records.put({ id: settings, sealed: sealedIn(before, settings) });
  bench.restart();
  expect(await bench.vault.integrity()).toMatchObject({ ok: false, older: 1 });
  await failsClosed(bench);
});

test('a deleted record is reported, and blocks fail closed', async () => {
  const { bench, settings } = await filled();
  await bench.database.records.delete(settings);
  bench.restart();
  expect(await bench.vault.integrity()).toMatchObject({ ok: false, missing: 1 });
  await failsClosed(bench);
});

test('a removed record that comes back is reported and not read', async () => {
  const { bench, attribute } = await filled();
  const row = await bench.row(attribute);
  await bench.vault.remove('attribute', 'size.shoe');
  await bench.database.records.put(row);
  bench.restart();
  expect(await bench.vault.integrity()).toMatchObject({ ok: false, unknown: 1 });
  expect(await bench.vault.get('attribute', 'size.shoe')).toBeUndefined();
  await failsClosed(bench);
});

test('a tampered ciphertext is reported, and the rest stays readable', async () => {
  const { bench, attribute } = await filled();
  const row = await bench.row(attribute);
  row.sealed[60] = (row.sealed[60] as number) ^ 1;
  await bench.database.records.put(row);
  bench.restart();
  expect(await bench.vault.integrity()).toMatchObject({ ok: false, unreadable: 1 });
  expect(await bench.vault.get('attribute', 'size.shoe')).toBeUndefined();
  expect((await bench.settings()).blockedBrands).toEqual([BLOCKED]);
});

test('records exchanged between ids do not open', async () => {
  const { bench, attribute, settings } = await filled();
  const now = await bench.disk();
  await bench.database.records.bulkPut([
    { id: attribute, sealed: sealedIn(now, settings) },
    { id: settings, sealed: sealedIn(now, attribute) },
  ]);
  bench.restart();
  expect(await bench.vault.integrity()).toMatchObject({ ok: false, unreadable: 2 });
  await failsClosed(bench);
});

test('a record in the manifest’s place, or the manifest in a record’s, does not open', async () => {
  const { bench, attribute } = await filled();
  const now = await bench.disk();
  const manifest = (await bench.header()).manifest;
  await bench.database.header.update('vault', { manifest: attribute });
  expect(await bench.restart().integrity()).toMatchObject({
    manifestLost: true,
    // The root itself, which no header leads to any more, and the shards.
    unreadable: (await shards(bench)).length,
  });
  await bench.restore(now);
  await bench.database.records.put({ id: attribute, sealed: sealedIn(now, manifest) });
  expect(await bench.restart().integrity()).toMatchObject({ ok: false, unreadable: 1 });
});

test('an older manifest over newer records is reported', async () => {
  const { bench, before } = await filled();
  const { manifest } = await bench.header();
  const parts = [manifest, ...(await shards(bench))];
  for (const row of before.rows) if (parts.includes(row.id)) await bench.database.records.put(row);
  bench.restart();
  expect(await bench.vault.integrity()).toMatchObject({ ok: false, older: 1 });
  await failsClosed(bench);
});

test('a part of the manifest that is older than the rest is a lost manifest', async () => {
  const { bench, settings, before } = await filled();
  const now = await bench.disk();
  const { manifest } = await bench.header();
  const shard = there(changedRows(before, now).find((id) => id !== manifest && id !== settings));
  const older: [string, string[]][] = [
    ['the root', [manifest]],
    ['a shard', [shard]],
    ['a shard and its record', [shard, settings]],
    ['the root and the record', [manifest, settings]],
  ];
  for (const [what, ids] of older) {
    await bench.restore(now);
    for (const id of ids) await bench.database.records.put({ id, sealed: sealedIn(before, id) });
    bench.restart();
    expect(await bench.vault.integrity(), what).toMatchObject({ ok: false, manifestLost: true });
    await failsClosed(bench);
    await expect(bench.vault.put('attribute', 'a', shoe('x')), what).rejects.toEqual(
      new VaultCryptoError('vault/corrupt'),
    );
  }
});

test('a part of the manifest that is missing, altered or another one is a lost manifest', async () => {
  const { bench, attribute } = await filled();
  const now = await bench.disk();
  const [shard] = await shards(bench);
  const id = there(shard);
  const altered = sealedIn(now, id).slice();
  altered[60] = (altered[60] as number) ^ 1;
  const others = [
    altered,
    sealedIn(now, (await bench.header()).manifest),
    sealedIn(now, attribute),
  ];
  for (const sealed of others) {
    await bench.database.records.put({ id, sealed });
    expect(await bench.restart().integrity()).toMatchObject({ ok: false, manifestLost: true });
    await failsClosed(bench);
  }
  await bench.database.records.delete(id);
  expect(await bench.restart().integrity()).toMatchObject({ ok: false, manifestLost: true });
  // What is left can still be read.
  expect((await bench.settings()).blockedBrands).toEqual([BLOCKED]);
});

test('a shard put back while the vault is unlocked is not healed by what is written afterwards', async () => {
  const { bench, settings, before } = await filled();
  const { manifest } = await bench.header();
  const parts = (await shards(bench)).filter((id) => before.rows.some((row) => row.id === id));
  for (const id of [...parts, settings])
    await bench.database.records.put({ id, sealed: sealedIn(before, id) });
  for (let i = 0; i < 3; i += 1) await bench.vault.put('attribute', `a${i}`, shoe('x'));
  bench.restart();
  expect((await bench.vault.integrity()).ok).toBe(false);
  expect(manifest).toBe((await bench.header()).manifest);
  await failsClosed(bench);
});

test('rows of any name and content in the records are reported and harm nothing', async () => {
  const { bench } = await filled();
  const strange = [
    { id: 'x', sealed: new Uint8Array(300) },
    { id: '', sealed: new Uint8Array(300) },
    { id: 'ü'.repeat(11), sealed: new Uint8Array(0) },
    { id: 'a'.repeat(70_000), sealed: new Uint8Array(70_000) },
    { id: 7, sealed: 'text' },
    { id: [1, 'b'], sealed: null },
    { id: 'nothing' },
  ];
  await bench.database.records.bulkPut(strange as never);
  bench.restart();
  const { ok, unreadable } = await bench.vault.integrity();
  expect({ ok, unreadable }).toEqual({ ok: false, unreadable: strange.length });
  expect(await bench.vault.all('attribute')).toEqual([shoe('EU 42')]);
});

test('without its manifest a vault can be read and not written', async () => {
  const { bench } = await filled();
  await bench.database.records.delete((await bench.header()).manifest);
  bench.restart();
  expect(await bench.vault.integrity()).toMatchObject({ ok: false, manifestLost: true });
  expect(await bench.vault.all('attribute')).toEqual([shoe('EU 42')]);
  await expect(bench.vault.put('attribute', 'a', shoe('x'))).rejects.toEqual(
    new VaultCryptoError('vault/corrupt'),
  );
});

test('what is altered after the unlock is noticed when it is read', async () => {
  const { bench, attribute, settings, before } = await filled();
  await bench.database.records.put({ id: settings, sealed: sealedIn(before, settings) });
  await expect(bench.settings()).rejects.toEqual(new VaultCryptoError('vault/rolled-back'));
  await bench.database.records.delete(attribute);
  await expect(bench.vault.get('attribute', 'size.shoe')).rejects.toEqual(
    new VaultCryptoError('vault/corrupt'),
  );
  await expect(bench.vault.all('attribute')).rejects.toEqual(new VaultCryptoError('vault/corrupt'));
});

test('the whole vault put back to an older copy is noticed while it is unlocked', async () => {
  const { bench, before } = await filled();
  await bench.restore(before);
  await expect(bench.vault.put('attribute', 'a', shoe('x'))).rejects.toEqual(
    new VaultCryptoError('vault/rolled-back'),
  );
});

test('writing over an older record does not heal the finding; accepting the loss does', async () => {
  const { bench, settings, before } = await filled();
  const { stopRoot } = await bench.settings();
  await bench.vault.takeStopIndex();
  await bench.database.records.put({ id: settings, sealed: sealedIn(before, settings) });
  bench.restart();
  await bench.changeSettings({ lang: 'de' });
  bench.restart();
  expect(await bench.vault.integrity()).toMatchObject({ ok: false, older: 0, unresolved: true });
  await failsClosed(bench);

  await bench.vault.acceptLoss();
  expect((await bench.vault.integrity()).ok).toBe(true);
  expect((await bench.restart().integrity()).ok).toBe(true);
  expect((await bench.settings()).stopRoot).not.toBe(stopRoot);
  expect(await bench.vault.takeStopIndex()).toBe(0);
  expect(await bench.vault.all('attribute')).toEqual([shoe('EU 42')]);
});

test('accepting the loss of the manifest and a record keeps what is left', async () => {
  const { bench, attribute } = await filled();
  await bench.database.records.bulkDelete([(await bench.header()).manifest, attribute]);
  await bench.restart().acceptLoss();
  expect((await bench.restart().integrity()).ok).toBe(true);
  expect((await bench.settings()).blockedBrands).toEqual([BLOCKED]);
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 44'));
  expect(await bench.restart().all('attribute')).toEqual([shoe('EU 44')]);
});

test('settings that are lost begin anew, at a service that was pinned', async () => {
  const { bench, settings } = await filled();
  const pinned = { origin: SERVICE, keys: [], logVkey: '', pinnedAt: 0 };
  await bench.vault.put('service', SERVICE, pinned);
  await bench.database.records.delete(settings);
  await bench.restart().acceptLoss();
  expect((await bench.restart().integrity()).ok).toBe(true);
  expect(await bench.settings()).toMatchObject({ vaultService: SERVICE, nextStopIndex: 0 });
  expect(await bench.vault.takeStopIndex()).toBe(0);
  expect(await bench.vault.all('attribute')).toEqual([shoe('EU 42')]);
});

test('accepting a loss where there is none changes nothing', async () => {
  const { bench } = await filled();
  const disk = await bench.disk();
  await bench.vault.acceptLoss();
  expect(await bench.disk()).toEqual(disk);
});
