import { decodeBase64url } from '@zusage/protocol/bytes';
import { decodeTyped } from '@zusage/protocol/typed-code';
import { beforeEach, expect, test } from 'vitest';
import { PASSPHRASE, Person } from '../sharing/person.fixture.ts';
import { VAULT, World } from '../sharing/world.fixture.ts';
import { SETTINGS } from '../vault/records.ts';

const NEXT = 'Zitronenfalter über dem Moor 8';
const bytes = (fill: number) => Buffer.alloc(32, fill).toString('base64url');
const question = (id: string) => ({ id, salt: bytes(8) });
const proof = { passphrase: PASSPHRASE };

let world: World;
let person: Person;

beforeEach(async () => {
  world = await World.start();
  person = new Person({ door: world.door, now: () => world.now });
  await person.create(VAULT);
});

const stopRoot = async () => (await person.vault.get('settings', SETTINGS))?.stopRoot ?? '';

/** The groups that are asked for, from a code as it stands on paper. */
const typedBack = ({ code, ask }: { code: string; ask: number[] }) =>
  ask.map((group) => code.split('-')[group]?.toLowerCase() ?? '');

test('a kit is none, made, confirmed; the status says it only while unlocked', async () => {
  expect(await person.run('kit', {})).toEqual({
    state: 'none',
    ask: [],
    needsProof: false,
    sheetOutdated: false,
  });
  expect(await person.run('status', {})).toMatchObject({ kit: 'none', ways: { recovery: false } });

  const made = await person.run('makeKit', {});
  expect(made.vaultService).toBe(VAULT);
  expect(decodeTyped('recovery', made.code)).toHaveLength(16);
  expect(decodeTyped('stop', made.stop)).toEqual(decodeBase64url(await stopRoot()));
  const { ask } = made;
  expect(new Set(ask).size).toBe(2);
  expect(ask.every((group) => group >= 0 && group < 7)).toBe(true);
  expect(await person.run('kit', {})).toMatchObject({ state: 'made', on: made.madeOn, ask });

  const confirm = (groups: string[]) => person.run('confirmKit', { groups });
  for (const groups of [[], ['', ''], [...typedBack(made)].reverse(), ['ZZZZ', 'ZZZZ']])
    await expect(confirm(groups)).rejects.toMatchObject({ code: 'kit-differs' });
  expect(await confirm(typedBack(made))).toMatchObject({ state: 'confirmed', ask: [] });
  // Nothing of the code is left, not even inside the vault.
  expect((await person.vault.get('settings', SETTINGS))?.kit?.ask).toEqual([]);

  expect(await person.run('lock', {})).toMatchObject({ kit: null, ways: { recovery: true } });
  await person.run('unlock', { code: made.code });
  expect(await person.run('status', {})).toMatchObject({ vault: 'unlocked', kit: 'confirmed' });
});

test('a kit that was confirmed is replaced only by who shows who they are', async () => {
  const first = await person.run('makeKit', {});
  const second = await person.run('makeKit', {});
  expect(second.code).not.toBe(first.code);
  await expect(person.run('confirmKit', { groups: typedBack(first) })).rejects.toMatchObject({
    code: 'kit-differs',
  });
  await person.run('confirmKit', { groups: typedBack(second) });

  await expect(person.run('makeKit', {})).rejects.toMatchObject({ code: 'wrong-passphrase' });
  const wrong = { passphrase: 'wrong' };
  await expect(person.run('makeKit', { proof: wrong })).rejects.toMatchObject({
    code: 'wrong-passphrase',
  });
  // Neither try has changed anything.
  await person.run('prove', { proof: { code: second.code } });
  expect(await person.run('kit', {})).toMatchObject({ state: 'confirmed' });

  const third = await person.run('makeKit', { proof });
  expect(await person.run('kit', {})).toMatchObject({ state: 'made', ask: third.ask });
  await expect(person.run('prove', { proof: { code: second.code } })).rejects.toMatchObject({
    code: 'wrong-code',
  });
});

test('after the first session every kit takes a proof', async () => {
  await person.run('lock', {});
  await person.unlock();
  expect(await person.run('kit', {})).toMatchObject({ state: 'none', needsProof: true });
  await expect(person.run('makeKit', {})).rejects.toMatchObject({ code: 'wrong-passphrase' });
  await person.run('makeKit', { proof });
  expect(await person.run('kit', {})).toMatchObject({ state: 'made', needsProof: true });
});

test('which two groups are asked for is drawn anew with each kit', async () => {
  const pairs = new Set<string>();
  for (let i = 0; i < 30; i += 1) pairs.add(String((await person.run('makeKit', {})).ask));
  // 21 pairs: one alone in thirty draws has a chance of 21^-29.
  expect(pairs.size).toBeGreaterThan(1);
});

test('after a new stop root the kit asks for another stop sheet until it is printed', async () => {
  await person.run('makeKit', {});
  await person.vault.update('settings', SETTINGS, (current) => ({
    ...(current as NonNullable<typeof current>),
    stopRoot: 'AAAAAAAAAAAAAAAAAAAAAA',
  }));
  expect(await person.run('kit', {})).toMatchObject({ sheetOutdated: true });
  expect(await person.run('stopSheet', {})).toEqual({
    stop: '0000-0000-0000-0000-0000-0000-0001',
    vaultService: VAULT,
  });
  expect(await person.run('kit', {})).toMatchObject({ sheetOutdated: false });
});

test('passkeys are added with a proof, named, renamed and removed', async () => {
  const add = (id: string, name: string, shown: object = proof) =>
    person.run('addPasskey', {
      proof: shown as typeof proof,
      name,
      question: question(id),
      prf: bytes(9),
    });
  await expect(add('AQID', 'Laptop', { passphrase: 'wrong' })).rejects.toMatchObject({
    code: 'wrong-passphrase',
  });
  await expect(add('AQID', '  ')).rejects.toMatchObject({ code: 'malformed' });
  await expect(add('', 'Laptop')).rejects.toMatchObject({ code: 'malformed' });
  expect(await person.run('passkeys', {})).toEqual([]);

  await add('AQID', ' Laptop ');
  expect(await add('AQIE', 'Phone')).toMatchObject([
    { id: 'AQID', name: 'Laptop' },
    { id: 'AQIE', name: 'Phone' },
  ]);
  const renamed = await person.run('renamePasskey', { id: 'AQIE', name: 'My phone' });
  expect(renamed.map(({ name }) => name)).toEqual(['Laptop', 'My phone']);

  expect((await person.run('lock', {})).ways.passkeys).toEqual([
    question('AQID'),
    question('AQIE'),
  ]);
  const status = await person.run('unlock', { passkey: { id: 'AQIE', prf: bytes(9) } });
  expect(status.vault).toBe('unlocked');
  expect(await person.run('removePasskey', { id: 'AQIE' })).toMatchObject([{ id: 'AQID' }]);
  await person.run('lock', {});
  await expect(
    person.run('unlock', { passkey: { id: 'AQIE', prf: bytes(9) } }),
  ).rejects.toMatchObject({ code: 'wrong-passkey' });
  await person.run('unlock', { passkey: { id: 'AQID', prf: bytes(9) } });
});

test('the time until it locks, and whether the screen locks it, are settings', async () => {
  expect(await person.run('lockSettings', {})).toEqual({ minutes: 15, withScreen: true });
  const saved = { minutes: 60, withScreen: false };
  // Two changes right after one another, each of which knows nothing of the other.
  await Promise.all([
    person.run('saveLockSettings', { minutes: 60 }),
    person.run('saveLockSettings', { withScreen: false }),
  ]);
  expect(await person.run('lockSettings', {})).toEqual(saved);
  expect(await person.run('saveLockSettings', saved)).toEqual(saved);
  await person.run('lock', {});
  await person.unlock();
  expect(await person.vault.deadline()).toBe((world.now + 60 * 60) * 1000);
  for (const minutes of [0, 1441, 1.5, Number.NaN])
    await expect(
      person.run('saveLockSettings', { minutes, withScreen: true }),
    ).rejects.toMatchObject({ code: 'malformed' });
});

test('the passphrase is changed, and the status says how long a wrong one has to wait', async () => {
  await person.run('changePassphrase', { proof, next: NEXT });
  await person.run('lock', {});
  for (let i = 0; i < 4; i += 1)
    await expect(person.unlock()).rejects.toMatchObject({ code: 'wrong-passphrase' });
  await expect(person.unlock()).rejects.toMatchObject({ code: 'wait' });
  expect(await person.run('status', {})).toMatchObject({ wait: 5 });
  world.now += 4;
  expect(await person.run('status', {})).toMatchObject({ wait: 1 });
  world.now += 1;
  expect(await person.run('unlock', { passphrase: NEXT })).toMatchObject({ wait: 0 });
});
