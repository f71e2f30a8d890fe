import { serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { VaultRefusal } from './errors.ts';
import { SCHEMA_VERSION } from './record.ts';
import {
  type Bench,
  emptyBench,
  PASSPHRASE,
  SERVICE,
  START,
  shoe,
  unlockedBench,
} from './vault.fixture.ts';
import type { PassphraseWrapping } from './wrapping.ts';

/** Every row of every store of the database, through IndexedDB itself, as bytes. */
async function dump(name: string): Promise<Buffer> {
  const database = await settled(indexedDB.open(name));
  const parts: Buffer[] = [];
  for (const store of database.objectStoreNames) {
    const rows = await settled(database.transaction(store).objectStore(store).getAll());
    parts.push(...rows.map((row) => serialize(row)));
  }
  database.close();
  return Buffer.concat(parts);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Whether the text is in there, in an encoding somebody might have let it slip in. */
function holds(bytes: Buffer, text: string): boolean {
  const spelled = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
  const base64 = Buffer.from(text).toString('base64url').slice(0, -2);
  return [...spelled, Buffer.from(base64)].some((needle) => bytes.includes(needle));
}

test('nothing of what the person entered is on the disk in the clear', async () => {
  const bench = await unlockedBench();
  const planted = [
    'EU 42 planted',
    'shop.planted.example',
    'attribute',
    'size.shoe',
    PASSPHRASE,
    SERVICE,
  ];
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42 planted'));
  await bench.changeSettings({ blockedBrands: ['did:web:shop.planted.example'] });
  const { stopRoot } = await bench.settings();
  const held = (await bench.session.get('vault.unlocked')) as { key: string };
  const bytes = await dump(bench.name);
  for (const text of [...planted, stopRoot, held.key]) expect(holds(bytes, text)).toBe(false);
  expect(bytes.includes(Buffer.from(held.key, 'base64url'))).toBe(false);
});

test('the search would find it, had it been written', async () => {
  const bench = await unlockedBench();
  const utf8 = new TextEncoder().encode('EU 42 planted');
  for (const sealed of [utf8, 'EU 42 planted', btoa('EU 42 planted')]) {
    await bench.database.records.put({ id: 'x', sealed } as never);
    expect(holds(await dump(bench.name), 'EU 42 planted')).toBe(true);
  }
  await bench.database.records.delete('x');
  expect(holds(await dump(bench.name), 'EU 42 planted')).toBe(false);
});

test('a row is an id and ciphertext, and nothing else', async () => {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  const { rows } = await bench.disk();
  for (const row of rows) {
    expect(Object.keys(row).sort()).toEqual(['id', 'sealed']);
    expect(row.id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect((row.sealed.length - 41) % 256).toBe(0);
  }
  expect(Object.keys(await bench.header()).sort()).toEqual([
    'id',
    'manifest',
    'version',
    'wrappings',
  ]);
});

async function newer(bench: Bench): Promise<Buffer> {
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  await bench.database.header.update('vault', {
    version: SCHEMA_VERSION + 1,
    somethingNew: 'x',
  } as never);
  return dump(bench.name);
}

test('a vault of a newer version is read, never written', async () => {
  const bench = await unlockedBench();
  const before = await newer(bench);
  const vault = bench.restart();
  expect(await vault.state()).toBe('newer');
  await vault.lock();
  await vault.unlock(PASSPHRASE);
  expect(await vault.state()).toBe('newer');
  expect(await vault.deadline()).toBe(START + 15 * 60_000);
  expect(await vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
  const attempts = await Promise.allSettled([
    vault.put('attribute', 'size.shoe', shoe('x')),
    vault.update('attribute', 'size.shoe', () => shoe('x')),
    vault.remove('attribute', 'size.shoe'),
    vault.takeStopIndex(),
  ]);
  for (const attempt of attempts)
    expect(attempt).toEqual({ status: 'rejected', reason: new VaultRefusal('vault/read-only') });
  await expect(vault.create('x', { vaultService: SERVICE })).rejects.toEqual(
    new VaultRefusal('vault/exists'),
  );
  expect((await dump(bench.name)).equals(before)).toBe(true);
});

test('IndexedDB at a higher version of its own, with stores we do not know, is left alone', async () => {
  const bench = await unlockedBench();
  await newer(bench);
  bench.database.close();
  const request = indexedDB.open(bench.name, 100);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('later').put('kept', 'key');
  };
  (await settled(request)).close();
  const before = await dump(bench.name);
  const vault = bench.restart();
  expect(await vault.state()).toBe('newer');
  expect(await vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
  bench.database.close();
  expect((await dump(bench.name)).equals(before)).toBe(true);
});

test('a header with dangerous KDF parameters is refused before they are run', async () => {
  const bench = await unlockedBench();
  const header = await bench.header();
  const wrapping = header.wrappings[0] as PassphraseWrapping;
  const kdf = { ...wrapping.kdf, memory: 2 ** 40 };
  await bench.database.header.put({ ...header, wrappings: [{ ...wrapping, kdf }] });
  await expect(bench.restart().unlock(PASSPHRASE)).rejects.toEqual(
    new VaultRefusal('vault/kdf-parameters'),
  );
});

test('a database that does not open is a storage error, for every operation', async () => {
  const bench = emptyBench();
  bench.database.close({ disableAutoOpen: true });
  const storage = new VaultRefusal('vault/storage');
  await expect(bench.vault.state()).rejects.toEqual(storage);
  await expect(bench.vault.create('x', { vaultService: SERVICE })).rejects.toEqual(storage);
});
