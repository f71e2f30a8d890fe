import { expect, test } from 'vitest';
import { VaultCryptoError } from './errors.ts';
import { type Bench, changedRows, type Disk, shoe, there, unlockedBench } from './vault.fixture.ts';

const BLOCKED = 'did:web:blocked.example';

/** A vault with an attribute and a blocked brand, and the ids of their rows. */
async function filled(): Promise<{
  bench: Bench;
  attribute: string;
  settings: string;
  before: Disk;
}> {
  const bench = await unlockedBench();
  const empty = await bench.disk();
  const manifest = empty.header?.manifest;
  const settings = empty.rows.find(({ id }) => id !== manifest)?.id as string;
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  const before = await bench.disk();
  const attribute = changedRows(empty, before).find((id) => id !== manifest) as string;
  await bench.changeSettings({ blockedBrands: [BLOCKED] });
  return { bench, attribute, settings, before };
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
  expect(await bench.restart().integrity()).toMatchObject({ manifestLost: true, unreadable: 1 });
  await bench.restore(now);
  await bench.database.records.put({ id: attribute, sealed: sealedIn(now, manifest) });
  expect(await bench.restart().integrity()).toMatchObject({ ok: false, unreadable: 1 });
});

test('an older manifest over newer records is reported', async () => {
  const { bench, before } = await filled();
  const { manifest } = await bench.header();
  await bench.database.records.put({ id: manifest, sealed: sealedIn(before, manifest) });
  bench.restart();
  expect(await bench.vault.integrity()).toMatchObject({ ok: false, older: 1 });
  await failsClosed(bench);
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

test('accepting a loss where there is none changes nothing', async () => {
  const { bench } = await filled();
  const disk = await bench.disk();
  await bench.vault.acceptLoss();
  expect(await bench.disk()).toEqual(disk);
});
