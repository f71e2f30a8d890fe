import { encodeTyped } from '@zusage/protocol/typed-code';
import { expect, test } from 'vitest';
import { VaultCryptoError, VaultRefusal } from './errors.ts';
import { DEFAULT_COST } from './kdf.ts';
import { wrapForPasskey } from './passkey.ts';
import { newRecovery } from './recovery-code.ts';
import { randomBytes } from './sodium.ts';
import {
  type Bench,
  changedRows,
  PASSPHRASE,
  SERVICE,
  START,
  shoe,
  there,
  unlockedBench,
} from './vault.fixture.ts';
import { passphraseWrapping, replaced } from './wrapping.ts';

const NEXT = 'Zitronenfalter über dem Moor 8';
const wrongPassphrase = new VaultCryptoError('vault/wrong-passphrase');
const wait = new VaultRefusal('vault/wait');

/** Gives the vault a recovery code. */
async function withCode(bench: Bench): Promise<string> {
  let made = '';
  await bench.vault.rewrap(async (vaultKey) => {
    const { code, wrapping } = await newRecovery(vaultKey);
    made = code;
    return { wrappings: (all) => replaced(all, wrapping), settings: (same) => same };
  });
  return made;
}

/** Gives the vault a passkey that answers `prf`. */
async function withPasskey(bench: Bench, prf: Uint8Array): Promise<string> {
  const question = { id: new Uint8Array([1, 2, 3]), salt: randomBytes(32) };
  await bench.vault.rewrap(async (vaultKey) => {
    const wrapping = await wrapForPasskey(vaultKey, question, Uint8Array.from(prf));
    return { wrappings: (all) => [...all, wrapping], settings: (same) => same };
  });
  return 'AQID';
}

async function wrongTries(bench: Bench, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1)
    await expect(bench.vault.unlock('wrong')).rejects.toEqual(wrongPassphrase);
}

test('a changed passphrase opens the vault, the old one does not, and no record was touched', async () => {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  const before = await bench.disk();
  await bench.vault.changePassphrase({ passphrase: PASSPHRASE }, NEXT);
  const after = await bench.disk();
  expect(changedRows(before, after)).toEqual([]);
  expect(after.rows).toHaveLength(before.rows.length);
  // The old wrapping is nowhere any more.
  expect(after.header?.wrappings).toHaveLength(1);
  const nonces = [before, after].map(
    ({ header }) => passphraseWrapping(there(header).wrappings).nonce,
  );
  expect(nonces[0]).not.toEqual(nonces[1]);

  bench.restartBrowser();
  await expect(bench.vault.unlock(PASSPHRASE)).rejects.toEqual(wrongPassphrase);
  await bench.vault.unlock(NEXT);
  expect(await bench.vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
});

test('a passphrase is changed only by who shows that it is theirs', async () => {
  const bench = await unlockedBench();
  const { header } = await bench.disk();
  const change = (proof: Parameters<typeof bench.vault.changePassphrase>[0], next = NEXT) =>
    bench.vault.changePassphrase(proof, next);
  await expect(change({ passphrase: 'wrong' })).rejects.toEqual(wrongPassphrase);
  await expect(change({ passphrase: PASSPHRASE }, '')).rejects.toEqual(
    new VaultRefusal('vault/passphrase'),
  );
  await expect(change({ code: encodeTyped('recovery', randomBytes(16)) })).rejects.toEqual(
    new VaultRefusal('vault/no-kit'),
  );
  await expect(change({ passkey: { id: 'AQID', prf: randomBytes(32) } })).rejects.toEqual(
    new VaultCryptoError('vault/wrong-passkey'),
  );
  expect((await bench.disk()).header).toEqual(header);
});

test('the recovery code opens the vault after the browser was closed, and sets a new passphrase', async () => {
  const bench = await unlockedBench();
  const code = await withCode(bench);
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  bench.restartBrowser();
  expect(await bench.vault.ways()).toEqual({ recovery: true, passkeys: [] });
  await bench.vault.unlock({ code: code.toLowerCase().replaceAll('-', ' ') });
  await bench.vault.changePassphrase({ code }, NEXT);
  bench.restartBrowser();
  await bench.vault.unlock(NEXT);
  expect(await bench.vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
  // The code is still good: it was not used up.
  bench.restartBrowser();
  await bench.vault.unlock({ code });
});

test('a new kit ends the old one; what is wrong with a code is said', async () => {
  const bench = await unlockedBench();
  const old = await withCode(bench);
  const code = await withCode(bench);
  expect((await bench.header()).wrappings).toHaveLength(2);
  await bench.vault.lock();
  const tried = (typed: string) => bench.vault.unlock({ code: typed });
  await expect(tried(old)).rejects.toEqual(new VaultCryptoError('vault/wrong-code'));
  await expect(tried(code.slice(1))).rejects.toEqual(new VaultRefusal('vault/code'));
  await expect(tried(encodeTyped('stop', randomBytes(16)))).rejects.toEqual(
    new VaultRefusal('vault/other-code'),
  );
  await tried(code);
});

test('a passkey opens the vault by what it answers, and by nothing else', async () => {
  const bench = await unlockedBench();
  const prf = randomBytes(32);
  const id = await withPasskey(bench, prf);
  await bench.vault.lock();
  expect((await bench.vault.ways()).passkeys).toMatchObject([{ id: new Uint8Array([1, 2, 3]) }]);
  const tried = (answer: Uint8Array, of = id) =>
    bench.vault.unlock({ passkey: { id: of, prf: answer } });
  const wrong = new VaultCryptoError('vault/wrong-passkey');
  await expect(tried(randomBytes(32))).rejects.toEqual(wrong);
  await expect(tried(Uint8Array.from(prf), 'AQIE')).rejects.toEqual(wrong);
  await tried(Uint8Array.from(prf));
  await bench.vault.changePassphrase({ passkey: { id, prf: Uint8Array.from(prf) } }, NEXT);
  bench.restartBrowser();
  await bench.vault.unlock(NEXT);
});

test('no wrapping passes for another: a salt or an id that was exchanged opens nothing', async () => {
  const bench = await unlockedBench();
  const code = await withCode(bench);
  const prf = randomBytes(32);
  const id = await withPasskey(bench, prf);
  const header = await bench.header();
  const wrappings = header.wrappings.map((one) =>
    one.kind === 'passphrase' ? one : { ...one, salt: randomBytes(32) },
  );
  await bench.database.header.put({ ...header, wrappings });
  await bench.vault.lock();
  await expect(bench.vault.unlock({ code })).rejects.toBeInstanceOf(VaultCryptoError);
  await expect(bench.vault.unlock({ passkey: { id, prf } })).rejects.toBeInstanceOf(
    VaultCryptoError,
  );
});

test('after four wrong passphrases even the right one waits; code and passkey do not', async () => {
  const bench = await unlockedBench();
  const code = await withCode(bench);
  const prf = randomBytes(32);
  const id = await withPasskey(bench, prf);
  await bench.vault.lock();
  await wrongTries(bench, 4);
  await expect(bench.vault.unlock(PASSPHRASE)).rejects.toEqual(wait);
  await expect(bench.vault.prove({ passphrase: PASSPHRASE })).rejects.toEqual(wait);
  await expect(bench.vault.changePassphrase({ passphrase: PASSPHRASE }, NEXT)).rejects.toEqual(
    wait,
  );
  await bench.vault.unlock({ code });
  await bench.vault.lock();
  await bench.vault.unlock({ passkey: { id, prf: Uint8Array.from(prf) } });
  // Whoever gets in is the person: the passphrase need not wait any more.
  expect(await bench.vault.wait()).toBe(0);
});

test('neither a restart nor the clock, put forward or back, changes what is left to wait', async () => {
  const bench = await unlockedBench();
  await bench.vault.lock();
  await wrongTries(bench, 4);
  bench.clock.elapsed += 1500;
  expect(await bench.vault.wait()).toBe(3500);
  for (const now of [START + 1e12, START - 1e12]) {
    bench.clock.now = now;
    bench.restartBrowser();
    await expect(bench.vault.unlock(PASSPHRASE)).rejects.toEqual(wait);
    expect(await bench.vault.wait()).toBe(3500);
  }
  bench.clock.elapsed += 3500;
  await bench.vault.unlock(PASSPHRASE);
});

test('a risen default counts from the next unlock on, and a passphrase is never wrapped more cheaply', async () => {
  const bench = await unlockedBench();
  const kdf = async () => passphraseWrapping((await bench.header()).wrappings).kdf;
  const salt = (await kdf()).salt;
  await bench.vault.lock();
  bench.cost = { ...DEFAULT_COST, passes: 4 };
  bench.restart();
  await bench.vault.unlock(PASSPHRASE);
  expect(await kdf()).toMatchObject({ passes: 4, memory: DEFAULT_COST.memory });
  expect((await kdf()).salt).not.toEqual(salt);

  bench.cost = DEFAULT_COST;
  bench.restart();
  await bench.vault.changePassphrase({ passphrase: PASSPHRASE }, NEXT);
  expect(await kdf()).toMatchObject({ passes: 4 });
  bench.restartBrowser();
  await bench.vault.unlock(NEXT);
});

test('where the stronger wrapping cannot be written the vault opens all the same', async () => {
  const bench = await unlockedBench();
  await bench.vault.lock();
  bench.cost = { ...DEFAULT_COST, passes: 4 };
  bench.restart();
  const header = await bench.header();
  await bench.database.header.put({ ...header, version: header.version + 1 });
  await bench.vault.unlock(PASSPHRASE);
  expect(await bench.vault.deadline()).not.toBeNull();
  expect((await bench.header()).wrappings).toEqual(header.wrappings);
});

test('a vault of a newer version keeps its ways in', async () => {
  const bench = await unlockedBench();
  const header = await bench.header();
  await bench.database.header.put({ ...header, version: header.version + 1 });
  const readOnly = new VaultRefusal('vault/read-only');
  await expect(bench.vault.changePassphrase({ passphrase: PASSPHRASE }, NEXT)).rejects.toEqual(
    readOnly,
  );
  await expect(withCode(bench)).rejects.toEqual(readOnly);
});

test('a way in that this version does not know is left as it is', async () => {
  const bench = await unlockedBench();
  const header = await bench.header();
  const stranger = { kind: 'something-newer', salt: new Uint8Array(3) };
  await bench.database.header.put({ ...header, wrappings: [...header.wrappings, stranger] });
  await bench.vault.changePassphrase({ passphrase: PASSPHRASE }, NEXT);
  await withCode(bench);
  expect((await bench.header()).wrappings).toContainEqual(stranger);
});

test('a restored vault has neither the kit nor the passkeys of the one before', async () => {
  const bench = await unlockedBench();
  await bench.vault.erase();
  const kit = { madeOn: '2026-11-01', stopRoot: 'AAAA', ask: [], confirmedOn: '2026-11-01' };
  const passkeys = [{ id: 'AQID', name: 'x', addedOn: '2026-11-01' }];
  const settings = { kit, passkeys, deadlineMinutes: 60 };
  await bench.vault.create(PASSPHRASE, { vaultService: SERVICE, settings });
  const now = await bench.settings();
  expect(now).toMatchObject({ deadlineMinutes: 60 });
  expect(now).not.toHaveProperty('kit');
  expect(now).not.toHaveProperty('passkeys');
});
