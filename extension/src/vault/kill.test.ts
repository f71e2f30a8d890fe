import type { DBCore, DBCoreMutateRequest } from 'dexie';
import { expect, test } from 'vitest';
import { VaultRefusal } from './errors.ts';
import { type Bench, emptyBench, SERVICE, shoe, unlockedBench } from './vault.fixture.ts';

type Fault = 'before' | 'after' | 'killed';

/** Makes the `step`-th write of the database fail before it is done, after it, or with the database gone. */
function breakWrite(bench: Bench, step: number, fault: Fault): { reached: () => boolean } {
  let writes = 0;
  bench.database.close({ disableAutoOpen: false });
  bench.database.use({
    stack: 'dbcore',
    name: 'fault',
    create: (core): DBCore => ({
      ...core,
      table(name) {
        const table = core.table(name);
        const mutate = async (request: DBCoreMutateRequest) => {
          writes += 1;
          if (writes !== step) return table.mutate(request);
          if (fault === 'killed') bench.database.close({ disableAutoOpen: true });
          if (fault === 'after') await table.mutate(request);
          throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
        };
        return { ...table, mutate };
      },
    }),
  });
  return { reached: () => writes >= step };
}

const faults: [number, Fault][] = [1, 2].flatMap((step) =>
  (['before', 'after', 'killed'] as const).map((fault): [number, Fault] => [step, fault]),
);

test.each(faults)(
  'a put that dies at write %i (%s) leaves the old state whole',
  async (step, fault) => {
    const bench = await unlockedBench();
    await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
    const before = await bench.disk();
    const broken = breakWrite(bench, step, fault);
    await expect(bench.vault.put('attribute', 'size.shoe', shoe('EU 43'))).rejects.toEqual(
      new VaultRefusal('vault/storage'),
    );
    expect(broken.reached()).toBe(true);
    bench.restart();
    expect(await bench.disk()).toEqual(before);
    expect((await bench.vault.integrity()).ok).toBe(true);
    expect(await bench.vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
  },
);

test.each(faults)(
  'a remove that dies at write %i (%s) leaves the old state whole',
  async (step, fault) => {
    const bench = await unlockedBench();
    await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
    const broken = breakWrite(bench, step, fault);
    await expect(bench.vault.remove('attribute', 'size.shoe')).rejects.toEqual(
      new VaultRefusal('vault/storage'),
    );
    expect(broken.reached()).toBe(true);
    expect((await bench.restart().integrity()).ok).toBe(true);
    expect(await bench.vault.all('attribute')).toEqual([shoe('EU 42')]);
  },
);

test('after a full disk the same worker goes on with the old state, and can write again', async () => {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  breakWrite(bench, 2, 'after');
  await expect(bench.vault.put('attribute', 'size.shoe', shoe('EU 43'))).rejects.toEqual(
    new VaultRefusal('vault/storage'),
  );
  expect(await bench.vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 44'));
  expect(await bench.restart().all('attribute')).toEqual([shoe('EU 44')]);
  expect((await bench.vault.integrity()).ok).toBe(true);
});

test('a vault whose making died does not exist, and can be made', async () => {
  const bench = emptyBench();
  breakWrite(bench, 2, 'after');
  await expect(bench.vault.create('x', { vaultService: SERVICE })).rejects.toEqual(
    new VaultRefusal('vault/storage'),
  );
  expect(await bench.restart().state()).toBe('none');
  expect(await bench.disk()).toEqual({ header: undefined, rows: [] });
  await bench.vault.create('x', { vaultService: SERVICE });
  expect(await bench.vault.state()).toBe('unlocked');
});

test('an update whose function throws writes nothing and passes the error on', async () => {
  const bench = await unlockedBench();
  const before = await bench.disk();
  const own = new RangeError('mine');
  const failing = bench.vault.update('attribute', 'size.shoe', () => {
    throw own;
  });
  await expect(failing).rejects.toBe(own);
  expect(await bench.disk()).toEqual(before);
});
