/** An unlock for which the rows were read before. */
// Before Dexie, which looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { VaultRefusal } from './errors.ts';
import { ReadAhead } from './read-ahead.ts';
import { type Bench, PASSPHRASE, shoe, unlockedBench } from './vault.fixture.ts';

afterEach(() => void vi.useRealTimers());

/** Locked, with one attribute, and read ahead to the last row. */
async function preparedBench(): Promise<Bench> {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  await bench.vault.lock();
  await bench.vault.prepareUnlock();
  await bench.disk();
  return bench;
}

async function values({ vault }: Bench): Promise<unknown[]> {
  return (await vault.all('attribute')).map(({ value }) => value).sort();
}

test('gives what is there, also at once and after a wrong passphrase', async () => {
  const bench = await preparedBench();
  await expect(bench.vault.unlock('wrong')).rejects.toMatchObject({
    code: 'vault/wrong-passphrase',
  });
  await bench.vault.unlock(PASSPHRASE);
  expect(await values(bench)).toEqual(['EU 42']);
  await bench.vault.lock();
  const [, unlocked] = [bench.vault.prepareUnlock(), bench.vault.unlock(PASSPHRASE)];
  await unlocked;
  expect(await values(bench)).toEqual(['EU 42']);
  expect((await bench.vault.integrity()).ok).toBe(true);
  await bench.vault.put('attribute', 'size.hat', shoe('57'));
  expect(await values(bench)).toEqual(['57', 'EU 42']);
});

test('what another instance wrote meanwhile is seen', async () => {
  const bench = await preparedBench();
  const other = bench.another();
  await other.unlock(PASSPHRASE);
  await other.put('attribute', 'size.shoe', shoe('EU 43'));
  await bench.vault.unlock(PASSPHRASE);
  const remembered = await bench.vault.remembered('attribute');
  expect(remembered.map(({ value }) => value)).toEqual(['EU 43']);
});

test('a new passphrase that was set meanwhile is the one that counts', async () => {
  const bench = await preparedBench();
  await bench.another().changePassphrase({ passphrase: PASSPHRASE }, 'another one');
  await expect(bench.vault.unlock(PASSPHRASE)).rejects.toMatchObject({
    code: 'vault/wrong-passphrase',
  });
  await bench.vault.unlock('another one');
  expect(await values(bench)).toEqual(['EU 42']);
});

test('a row put back meanwhile is noticed when it is read, and one taken away as well', async () => {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  const before = await bench.disk();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 43'));
  await bench.vault.lock();
  await bench.vault.prepareUnlock();
  await bench.disk();
  const manifest = (await bench.header()).manifest;
  await bench.database.records.bulkPut(before.rows.filter(({ id }) => id !== manifest));
  await bench.vault.unlock(PASSPHRASE);
  await expect(bench.vault.get('attribute', 'size.shoe')).rejects.toMatchObject({
    code: 'vault/rolled-back',
  });
  await bench.database.records.clear();
  await expect(bench.vault.all('attribute')).rejects.toMatchObject({ code: 'vault/corrupt' });
});

test('a vault that was cleared meanwhile is none', async () => {
  const bench = await preparedBench();
  await bench.database.header.clear();
  await bench.database.records.clear();
  await expect(bench.vault.unlock(PASSPHRASE)).rejects.toEqual(new VaultRefusal('vault/none'));
});

test('rows that no unlock comes for are forgotten, and nothing is read of an unlocked vault', async () => {
  const bench = await unlockedBench();
  const reads = vi.spyOn(bench.database, 'transaction');
  await bench.vault.integrity();
  const before = reads.mock.calls.length;
  await bench.vault.prepareUnlock();
  expect(reads.mock.calls.length).toBe(before);

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const ahead = new ReadAhead(bench.database);
  ahead.begin();
  const { rows } = await ahead.take();
  const first = await rows;
  await vi.waitFor(async () => expect(await (await ahead.take()).rows).toBe(first));
  vi.advanceTimersByTime(60_000);
  expect(await (await ahead.take()).rows).not.toBe(first);
});
