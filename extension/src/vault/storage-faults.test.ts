/** What else holds the database, or empties it, while the vault is open. */
import { expect, test } from 'vitest';
import { VaultRefusal } from './errors.ts';
import { PASSPHRASE, SERVICE, shoe, unlockedBench } from './vault.fixture.ts';

const storage = new VaultRefusal('vault/storage');

function opened(request: IDBOpenDBRequest): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

test('another connection that changes the version shuts nobody out for good, and nothing is lost', async () => {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  const other = await opened(indexedDB.open(bench.name, 900));
  const under = await bench.vault.put('attribute', 'size.shoe', shoe('EU 43')).then(
    () => 'written',
    (error: unknown) => error,
  );
  // Durable when it says so, and else one closed code.
  if (under !== 'written') expect(under).toEqual(storage);
  other.close();
  const after = await bench.restart().get('attribute', 'size.shoe');
  expect(after).toEqual(shoe(under === 'written' ? 'EU 43' : 'EU 42'));
  expect((await bench.vault.integrity()).ok).toBe(true);
});

test('a connection that does not let go keeps a write from being said to be done', async () => {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  const other = await opened(indexedDB.open(bench.name));
  other.onversionchange = () => undefined;
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 43'));
  other.close();
  expect(await bench.restart().get('attribute', 'size.shoe')).toEqual(shoe('EU 43'));
});

test('a database cleared behind an open vault is said to be lost, and nothing is written over it unasked', async () => {
  const bench = await unlockedBench();
  await bench.vault.unlock(PASSPHRASE);
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  await bench.database.header.clear();
  await bench.database.records.clear();
  expect(await bench.vault.state()).toBe('none');
  expect(await bench.vault.isLost()).toBe(true);
  await expect(bench.vault.put('attribute', 'size.shoe', shoe('EU 43'))).rejects.toEqual(
    new VaultRefusal('vault/none'),
  );
  await expect(bench.vault.unlock(PASSPHRASE)).rejects.toEqual(new VaultRefusal('vault/none'));
  expect((await bench.disk()).rows).toEqual([]);
  // A new start of the browser knows it still; a new vault and a deletion end it.
  expect(await bench.restart().isLost()).toBe(true);
  await bench.vault.create('another', { vaultService: SERVICE });
  expect(await bench.vault.isLost()).toBe(false);
  expect(await bench.vault.all('attribute')).toEqual([]);
  await bench.vault.erase();
  expect(await bench.vault.state()).toBe('none');
  expect(await bench.vault.isLost()).toBe(false);
});

test('a database deleted behind an open vault gives closed codes, and can be made again', async () => {
  const bench = await unlockedBench();
  await bench.vault.unlock(PASSPHRASE);
  await new Promise((resolve) => {
    indexedDB.deleteDatabase(bench.name).onsuccess = resolve;
  });
  await expect(bench.vault.put('attribute', 'size.shoe', shoe('EU 43'))).rejects.toBeInstanceOf(
    VaultRefusal,
  );
  bench.restart();
  expect(await bench.vault.state()).toBe('none');
  expect(await bench.vault.isLost()).toBe(true);
  await bench.vault.create(PASSPHRASE, { vaultService: SERVICE });
  expect(await bench.vault.state()).toBe('unlocked');
});

test.each([
  ['an hour back', -3_600_000],
  ['a year back', -31_536_000_000],
  ['a year on', 31_536_000_000],
])('a clock put %s locks, and loses nothing', async (_, jump) => {
  const bench = await unlockedBench();
  await bench.vault.unlock(PASSPHRASE);
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  bench.clock.now += jump;
  expect(await bench.vault.state()).toBe('locked');
  await expect(bench.vault.get('attribute', 'size.shoe')).rejects.toEqual(
    new VaultRefusal('vault/locked'),
  );
  await bench.vault.unlock(PASSPHRASE);
  expect(await bench.vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
  bench.clock.now -= jump;
  if (jump > 0) expect(await bench.vault.state()).toBe('locked');
});
