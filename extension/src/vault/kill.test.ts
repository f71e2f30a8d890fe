import type { DBCore, DBCoreMutateRequest } from 'dexie';
import { expect, test } from 'vitest';
import { VaultRefusal } from './errors.ts';
import { type Bench, emptyBench, SERVICE, shoe, unlockedBench } from './vault.fixture.ts';
import type { Vault } from './vault.ts';

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

interface Operation {
  readonly name: string;
  /** How many writes of the database it does. */
  readonly writes: number;
  readonly run: (vault: Vault) => Promise<unknown>;
}

const operations: Operation[] = [
  { name: 'a put', writes: 1, run: (vault) => vault.put('attribute', 'size.shoe', shoe('EU 43')) },
  { name: 'a remove', writes: 2, run: (vault) => vault.remove('attribute', 'size.shoe') },
  {
    name: 'a write of several records',
    writes: 2,
    run: (vault) =>
      vault.putAll([
        { kind: 'attribute', key: 'size.shoe', value: shoe('EU 43') },
        { kind: 'attribute', key: 'size.ring', value: shoe('EU 60') },
        { kind: 'attribute', key: 'size.hat', remove: true },
        { kind: 'answered', key: 'a', change: () => ({ clientId: 'a', nonce: 'n', exp: 1 }) },
      ]),
  },
];

const faults = operations.flatMap(({ writes, ...operation }) =>
  Array.from({ length: writes }, (_, at) => at + 1).flatMap((step) =>
    (['before', 'after', 'killed'] as const).map((fault) => ({ ...operation, step, fault })),
  ),
);

test.each(faults)(
  '$name that dies at write $step ($fault) leaves the old state whole',
  async ({ run, step, fault }) => {
    const bench = await unlockedBench();
    await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
    await bench.vault.put('attribute', 'size.hat', shoe('57'));
    const before = await bench.disk();
    const broken = breakWrite(bench, step, fault);
    await expect(run(bench.vault)).rejects.toEqual(new VaultRefusal('vault/storage'));
    expect(broken.reached()).toBe(true);
    bench.restart();
    expect(await bench.disk()).toEqual(before);
    expect((await bench.vault.integrity()).ok).toBe(true);
    expect(await bench.vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
    expect(await bench.vault.all('attribute')).toHaveLength(2);
    expect(await bench.vault.all('answered')).toEqual([]);
    await run(bench.vault);
    expect((await bench.restart().integrity()).ok).toBe(true);
  },
);

test.each(operations)('$name does as many writes as the table says', async ({ run, writes }) => {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  await bench.vault.put('attribute', 'size.hat', shoe('57'));
  const beyond = breakWrite(bench, writes + 1, 'before');
  await run(bench.vault);
  expect(beyond.reached()).toBe(false);
});

test('after a full disk the same worker goes on with the old state, and can write again', async () => {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  breakWrite(bench, 1, 'after');
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
