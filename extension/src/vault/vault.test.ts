import { expect, test } from 'vitest';
import { VaultCryptoError, VaultRefusal } from './errors.ts';
import { answeredKey, SETTINGS } from './records.ts';
import { emptyBench, PASSPHRASE, SERVICE, START, shoe, unlockedBench } from './vault.fixture.ts';

const locked = new VaultRefusal('vault/locked');

test('none, unlocked, locked, unlocked again: the states of a vault, and a wrong passphrase between', async () => {
  const { vault } = emptyBench();
  expect(await vault.state()).toBe('none');
  await expect(vault.unlock(PASSPHRASE)).rejects.toEqual(new VaultRefusal('vault/none'));
  await expect(vault.get('attribute', 'size.shoe')).rejects.toEqual(locked);

  await vault.create('Gr\u00fc\u00dfe', { vaultService: SERVICE, lang: 'de' });
  expect(await vault.state()).toBe('unlocked');
  await vault.put('attribute', 'size.shoe', shoe('EU 42'));
  await vault.lock();
  expect(await vault.state()).toBe('locked');

  await expect(vault.unlock('Grusse')).rejects.toEqual(
    new VaultCryptoError('vault/wrong-passphrase'),
  );
  expect(await vault.state()).toBe('locked');
  await vault.unlock('Gru\u0308\u00dfe');
  expect(await vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
  expect((await vault.integrity()).ok).toBe(true);
  expect(await vault.get('settings', SETTINGS)).toMatchObject({
    lang: 'de',
    vaultService: SERVICE,
  });
  await expect(vault.create('x', { vaultService: SERVICE })).rejects.toEqual(
    new VaultRefusal('vault/exists'),
  );
});

test('a passphrase that cannot be one makes no vault', async () => {
  const { vault } = emptyBench();
  await expect(vault.create('', { vaultService: SERVICE })).rejects.toEqual(
    new VaultRefusal('vault/passphrase'),
  );
  expect(await vault.state()).toBe('none');
});

test('every operation is refused while locked', async () => {
  const { vault } = await unlockedBench();
  await vault.lock();
  const operations = [
    vault.get('attribute', 'a'),
    vault.all('attribute'),
    vault.put('attribute', 'a', shoe('x')),
    vault.remove('attribute', 'a'),
    vault.update('attribute', 'a', () => shoe('x')),
    vault.putAll([]),
    vault.count('attribute'),
    vault.remembered('attribute'),
    vault.takeStopIndex(),
    vault.isBlocked('did:web:shop.example'),
    vault.integrity(),
    vault.acceptLoss(),
  ];
  for (const operation of await Promise.allSettled(operations))
    expect(operation).toEqual({ status: 'rejected', reason: locked });
});

test('the deadline counts on every read and write, without any alarm', async () => {
  const bench = await unlockedBench();
  const { vault } = bench;
  await vault.put('attribute', 'size.shoe', shoe('EU 42'));
  expect(await vault.deadline()).toBe(START + 15 * 60_000);
  bench.clock.now = START + 15 * 60_000;
  await expect(vault.get('attribute', 'size.shoe')).rejects.toEqual(locked);
  bench.clock.now = START;
  await expect(vault.put('attribute', 'size.shoe', shoe('x'))).rejects.toEqual(locked);
  expect(await vault.deadline()).toBeNull();
  expect(await vault.state()).toBe('locked');
});

test('the deadline the person chose holds from the next unlock', async () => {
  const bench = await unlockedBench();
  await bench.changeSettings({ deadlineMinutes: 5 });
  await bench.vault.lock();
  await bench.vault.unlock(PASSPHRASE);
  expect(await bench.vault.deadline()).toBe(START + 5 * 60_000);
});

test('a lock wins over what was asked for before it', async () => {
  const { vault } = await unlockedBench();
  const reading = vault.get('settings', SETTINGS);
  const unlocking = vault.unlock(PASSPHRASE);
  await vault.lock();
  await expect(reading).rejects.toEqual(locked);
  await expect(unlocking).rejects.toEqual(locked);
  expect(await vault.state()).toBe('locked');
});

test('a lock in the middle of an operation or of an unlock wins as well', async () => {
  const { vault, session } = await unlockedBench();
  let locking: Promise<void> | undefined;
  const writing = vault.update('attribute', 'size.shoe', () => {
    locking = vault.lock();
    return shoe('EU 42');
  });
  await expect(writing).rejects.toEqual(locked);
  await locking;
  await expect(vault.all('attribute')).rejects.toEqual(locked);

  const set = session.set.bind(session);
  session.set = async (key, value) => {
    locking = vault.lock();
    await set(key, value);
  };
  await expect(vault.unlock(PASSPHRASE)).rejects.toEqual(locked);
  await locking;
  expect(await session.get('vault.unlocked')).toBeUndefined();
});

test('a restarted worker finds the vault unlocked and everything in it', async () => {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  expect(await bench.restart().open()).toBe('unlocked');
  expect(await bench.vault.all('attribute')).toEqual([shoe('EU 42')]);
  expect(await bench.restart().get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
});

test('put, get, all, remove: kinds do not mix, and a key is one record', async () => {
  const { vault } = await unlockedBench();
  const answered = { clientId: 'c', nonce: 'n', exp: 1 };
  await vault.put('attribute', 'size.shoe', shoe('EU 42'));
  await vault.put('attribute', 'size.shoe', shoe('EU 43'));
  await vault.put('answered', answeredKey('c', 'n'), answered);
  expect(await vault.all('attribute')).toEqual([shoe('EU 43')]);
  expect(await vault.get('answered', 'size.shoe')).toBeUndefined();
  await vault.remove('attribute', 'size.shoe');
  await vault.remove('attribute', 'size.shoe');
  expect(await vault.all('attribute')).toEqual([]);
  expect(await vault.all('answered')).toEqual([answered]);
});

test('putAll: values, changes and removals of any kinds, each seeing what the one before it left', async () => {
  const bench = await unlockedBench();
  const { vault } = bench;
  await vault.put('attribute', 'a', shoe('a'));
  await vault.put('attribute', 'b', shoe('b'));
  const left = await vault.putAll([
    { kind: 'attribute', key: 'a', change: (old) => shoe(`${old?.value}1`) },
    { kind: 'attribute', key: 'a', change: (old) => shoe(`${old?.value}2`) },
    { kind: 'attribute', key: 'b', remove: true },
    { kind: 'attribute', key: 'c', value: shoe('c') },
    { kind: 'attribute', key: 'd', value: shoe('d') },
    { kind: 'attribute', key: 'd', remove: true },
    { kind: 'attribute', key: 'e', remove: true },
    { kind: 'answered', key: 'a', value: { clientId: 'c', nonce: 'n', exp: 1 } },
    { kind: 'settings', key: SETTINGS, change: (old) => old && { ...old, lang: 'de' } },
  ]);
  expect(left.map((value) => (value as { value?: string } | undefined)?.value)).toEqual([
    'a1',
    'a12',
    undefined,
    'c',
    'd',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  for (const another of [() => vault, () => bench.restart()]) {
    const at = another();
    const values = (await at.all('attribute')).map(({ value }) => value);
    expect(values.sort()).toEqual(['a12', 'c']);
    expect(await at.all('answered')).toEqual([{ clientId: 'c', nonce: 'n', exp: 1 }]);
    expect(await at.get('settings', SETTINGS)).toMatchObject({ lang: 'de', vaultService: SERVICE });
    expect((await at.integrity()).ok).toBe(true);
  }
  // Two attributes, the answered request and the settings.
  expect(await bench.recordIds()).toHaveLength(4);
});

test('putAll of which one change throws writes nothing; of nothing, it does nothing', async () => {
  const bench = await unlockedBench();
  const before = await bench.disk();
  const own = new RangeError('mine');
  const failing = bench.vault.putAll([
    { kind: 'attribute', key: 'a', value: shoe('a') },
    {
      kind: 'attribute',
      key: 'b',
      change: () => {
        throw own;
      },
    },
  ]);
  await expect(failing).rejects.toBe(own);
  expect(await bench.vault.putAll([])).toEqual([]);
  expect(await bench.vault.all('attribute')).toEqual([]);
  expect(await bench.disk()).toEqual(before);
});

test('signed text comes back byte for byte', async () => {
  const { vault } = await unlockedBench();
  const text = 'a\u0000b\u2028c\ud83d\ude00 "\\" ü u\u0308';
  await vault.put('step', 's', { step: 'signed', text, nested: { __proto__x: [1, null] } });
  expect(await vault.get('step', 's')).toEqual({
    step: 'signed',
    text,
    nested: { __proto__x: [1, null] },
  });
});

test('two writes at once are both kept, and updates never lose one another', async () => {
  const bench = await unlockedBench();
  const { vault } = bench;
  await Promise.all([
    vault.put('attribute', 'a', shoe('a')),
    vault.put('attribute', 'b', shoe('b')),
    ...Array.from({ length: 20 }, () =>
      vault.update('attribute', 'sum', (old) => shoe(`${old?.value ?? ''}x`)),
    ),
  ]);
  expect((await bench.restart().all('attribute')).map(({ value }) => value).sort()).toEqual([
    'a',
    'b',
    'x'.repeat(20),
  ]);
  expect((await bench.vault.integrity()).ok).toBe(true);
});

test('a second instance over the same database loses nothing either', async () => {
  const bench = await unlockedBench();
  const first = bench.vault;
  const second = bench.another();
  await first.put('attribute', 'a', shoe('a'));
  await second.put('attribute', 'b', shoe('b'));
  // The first has not seen this record: it must write over it, not beside it.
  await first.put('attribute', 'b', shoe('c'));
  await Promise.all([
    first.put('attribute', 'd', shoe('d')),
    second.put('attribute', 'a', shoe('e')),
  ]);
  const values = (await bench.restart().all('attribute')).map(({ value }) => value);
  expect(values.sort()).toEqual(['c', 'd', 'e']);
  // These three and the settings.
  expect(await bench.recordIds()).toHaveLength(4);
  expect((await bench.vault.integrity()).ok).toBe(true);
});

test('what is remembered is what is kept, through changes, a restart and another instance', async () => {
  const bench = await unlockedBench();
  const { vault } = bench;
  const kept = async (at = vault) =>
    (await at.remembered('attribute')).map(({ value }) => value).sort();
  await vault.putAll([
    { kind: 'attribute', key: 'a', value: shoe('a') },
    { kind: 'attribute', key: 'b', value: shoe('b') },
  ]);
  expect(await kept()).toEqual(['a', 'b']);
  const [first] = await vault.remembered('attribute');
  expect((await vault.remembered('attribute'))[0]).toBe(first);
  await vault.put('attribute', 'a', shoe('c'));
  await vault.remove('attribute', 'b');
  expect(await kept()).toEqual(['c']);
  await expect(
    vault.update('attribute', 'a', () => {
      throw new RangeError('mine');
    }),
  ).rejects.toThrow('mine');
  expect(await kept()).toEqual(['c']);
  expect(await vault.count('attribute')).toBe(1);
  await bench.another().put('attribute', 'd', shoe('d'));
  // Its own next write shows this instance that another one wrote.
  await vault.put('attribute', 'e', shoe('e'));
  expect(await kept()).toEqual(['c', 'd', 'e']);
  expect(await kept(bench.restart())).toEqual(['c', 'd', 'e']);
  await bench.vault.lock();
  await expect(bench.vault.remembered('attribute')).rejects.toEqual(locked);
});

test('no stop index is given out twice, at once or after a restart', async () => {
  const bench = await unlockedBench();
  const taken = await Promise.all([1, 2, 3].map(() => bench.vault.takeStopIndex()));
  taken.push(await bench.restart().takeStopIndex());
  expect(taken).toEqual([0, 1, 2, 3]);
  expect((await bench.settings()).stopRoot).toMatch(/^[A-Za-z0-9_-]{22}$/);
});

test('a blocked brand is blocked, another is not', async () => {
  const bench = await unlockedBench();
  const { vault } = bench;
  await bench.changeSettings({ blockedBrands: ['did:web:a.example'] });
  expect(await vault.isBlocked('did:web:a.example')).toBe(true);
  expect(await vault.isBlocked('did:web:b.example')).toBe(false);
});
