import { beforeEach, describe, expect, test, vi } from 'vitest';
import { backupOf, exportOf, FILE_PASSPHRASE, offer } from '../backup/transfer.fixture.ts';
import { PASSPHRASE, Person } from '../sharing/person.fixture.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import { type TestBrand, VAULT, World } from '../sharing/world.fixture.ts';
import { SETTINGS } from '../vault/records.ts';

// Vaults and files are really encrypted, and each costs an Argon2id run.
vi.setConfig({ testTimeout: 60_000 });

const DAY = 86_400;
const NEW_PASSPHRASE = 'ein anderer Tresor';

let world: World;
let brand: TestBrand;
let person: Person;

beforeEach(async () => {
  world = await World.start();
  brand = await world.brand('shop.example');
  person = newPerson();
});

const newPerson = () => new Person({ door: world.door, now: () => world.now });

async function share(who: Person, value = 'EU 42'): Promise<string> {
  const { request } = await brand.request({ attributes: { required: ['size.shoe'] } });
  const asked = who.asked(request, brand.origin);
  await who.share(asked, ['size.shoe'], { entered: [{ id: 'size.shoe', value }] });
  await who.sharing.delivered(asked);
  const [grant] = await who.run('grants', {});
  return grant?.jti ?? '';
}

async function filled(): Promise<Person> {
  await person.create(VAULT);
  await share(person);
  await person.run('saveAttribute', { id: 'preference.color', value: ['blue', 'green'] });
  return person;
}

/** Everything but what a restore has to change. */
async function everything(who: Person) {
  const all = await who.vault.everything();
  return all
    .filter(({ kind }) => kind !== 'settings')
    .map(({ kind, key, value }) => [kind, key, value] as const)
    .sort((a, b) => `${a[0]} ${a[1]}`.localeCompare(`${b[0]} ${b[1]}`));
}
const settings = async (who: Person) => (await who.vault.get('settings', SETTINGS)) ?? null;
const newVault = (id: string) => ({ id, passphrase: NEW_PASSPHRASE, vaultService: VAULT });

describe('into a browser without a vault', () => {
  test('everything comes back, under a new passphrase and a new stop root', async () => {
    const file = await backupOf(await filled());
    const other = newPerson();
    const { id, view } = await offer(other, file, { piece: 20_000 });
    expect(view).toMatchObject({
      isNew: true,
      made: world.now,
      vaultService: VAULT,
      attributes: { fresh: 2, same: 0, changed: 0 },
      grants: { fresh: 1 },
      receipts: { fresh: 1 },
      conflicts: [],
    });
    expect(await other.run('status', {})).toMatchObject({ vault: 'none' });
    await other.run('restoreNew', newVault(id));
    expect(await everything(other)).toEqual(await everything(person));
    const [before, after] = [await settings(person), await settings(other)];
    expect(after).toMatchObject({ vaultService: VAULT, nextStopIndex: 0 });
    expect(after?.stopRoot).not.toBe(before?.stopRoot);

    await other.run('lock', {});
    await expect(other.run('unlock', { passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'wrong-passphrase',
    });
    expect(await other.run('unlock', { passphrase: NEW_PASSPHRASE })).toMatchObject({
      vault: 'unlocked',
      integrity: 'ok',
      // Code and stop sheet of the vault that was are not this one's.
      kit: 'none',
    });
  });

  test('a restored grant can be stopped at its service', async () => {
    const file = await backupOf(await filled());
    const other = newPerson();
    await other.run('restoreNew', newVault((await offer(other, file)).id));
    const [grant] = await other.run('grants', {});
    expect(grant?.state).toBe('active');
    await other.run('withdraw', { jti: grant?.jti ?? '' });
    expect([...world.grants.values()].map(({ state }) => state)).toEqual(['suspended']);
  });

  test('the address is the one that the person states', async () => {
    const file = await backupOf(await filled());
    const other = newPerson();
    const { id } = await offer(other, file);
    const at = (vaultService: string) => ({ ...newVault(id), vaultService });
    await expect(other.run('restoreNew', at('nonsense'))).rejects.toMatchObject({
      code: 'service-address',
    });
    await expect(other.run('restoreNew', at('https://elsewhere.example'))).rejects.toMatchObject({
      code: 'service-refused',
    });
    expect(await other.run('status', {})).toMatchObject({ vault: 'none' });
    // Where the keys are in the backup, no network is needed.
    world.faults.set('oauth-authorization-server', ['unreachable']);
    await other.run('restoreNew', at(VAULT));
    expect(await other.run('status', {})).toMatchObject({ vault: 'unlocked', vaultService: VAULT });
  });

  test('a vault that was made meanwhile is not overwritten', async () => {
    const file = await backupOf(await filled());
    const other = newPerson();
    const { id } = await offer(other, file);
    await other.create(VAULT);
    await expect(other.run('restoreNew', newVault(id))).rejects.toMatchObject({ code: 'exists' });
    expect(await other.run('attributes', {})).toEqual([]);
  });
});

describe('into a vault', () => {
  test('its own backup, at once: everything is there already, and nothing changes', async () => {
    const file = await backupOf(await filled());
    const before = await everything(person);
    const { id, view } = await offer(person, file);
    expect(view).toMatchObject({
      isNew: false,
      attributes: { fresh: 0, same: 2, changed: 0 },
      grants: { fresh: 0, same: 1, changed: 0 },
      receipts: { fresh: 0, same: 1 },
      log: { fresh: 0 },
      conflicts: [],
    });
    await person.run('restoreBackup', { id, theirs: [], blocks: false });
    expect(await everything(person)).toEqual(before);
  });

  test('of two values the person chooses; without a choice theirs stays', async () => {
    const file = await backupOf(await filled());
    await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 43' });
    await person.run('saveAttribute', { id: 'preference.color', value: ['red'] });
    const { id, view } = await offer(person, file);
    expect(view.attributes).toEqual({ fresh: 0, same: 0, changed: 2 });
    expect(view.conflicts.find((one) => one.id === 'size.shoe')).toMatchObject({
      label: expect.stringMatching(/shoe/i),
      mine: { shown: expect.stringContaining('43') },
      theirs: { shown: expect.stringContaining('42') },
    });
    await person.run('restoreBackup', { id, theirs: ['preference.color'], blocks: false });
    expect((await person.vault.get('attribute', 'size.shoe'))?.value).toBe('EU 43');
    expect((await person.vault.get('attribute', 'preference.color'))?.value).toEqual([
      'blue',
      'green',
    ]);
  });

  test('a value that is taken over does not bring along that shops may ask for it', async () => {
    await filled();
    const shared = async (shareable: boolean) =>
      person.vault.update('attribute', 'size.shoe', (record) => {
        const { shareable: _, ...rest } = record as NonNullable<typeof record>;
        return { ...rest, ...(shareable && { shareable: true }) };
      });
    await shared(true);
    const file = await backupOf(person);
    await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 43' });
    await shared(false);
    const { id } = await offer(person, file);
    await person.run('restoreBackup', { id, theirs: ['size.shoe'], blocks: false });
    const restored = await person.vault.get('attribute', 'size.shoe');
    expect(restored).toMatchObject({ value: 'EU 42' });
    expect(restored).not.toHaveProperty('shareable');
  });

  test('deleted attributes, grants and receipts come back; what is new stays', async () => {
    const file = await backupOf(await filled());
    const jti = (await person.vault.all('grant'))[0]?.jti ?? '';
    await person.run('removeAttribute', { id: 'size.shoe' });
    await person.vault.remove('grant', jti);
    await person.run('saveAttribute', { id: 'preference.coffee-roast', value: 'dark' });
    const mine = (await person.vault.all('attribute')).length;
    const { id, view } = await offer(person, file);
    expect(view).toMatchObject({ attributes: { fresh: 1 }, grants: { fresh: 1 } });
    await person.run('restoreBackup', { id, theirs: [], blocks: false });
    expect(await person.vault.all('attribute')).toHaveLength(mine + 1);
    expect((await person.vault.all('grant')).map((grant) => grant.jti)).toEqual([jti]);
  });

  test('of two states of a grant the later one is kept, with all receipts', async () => {
    const early = await backupOf(await filled());
    const jti = (await person.vault.all('grant'))[0]?.jti ?? '';
    await person.run('withdraw', { jti });
    const late = await backupOf(person);
    const ended = (await person.vault.get('grant', jti)) as StoredGrant;
    expect(ended.receipts).toHaveLength(2);

    await person.run('restoreBackup', {
      id: (await offer(person, early)).id,
      theirs: [],
      blocks: false,
    });
    expect(await person.vault.get('grant', jti)).toEqual(ended);

    const other = newPerson();
    await other.run('restoreNew', newVault((await offer(other, early)).id));
    const { id, view } = await offer(other, late);
    expect(view.grants).toEqual({ fresh: 0, same: 0, changed: 1 });
    expect(view.receipts).toEqual({ fresh: 1, same: 1, changed: 0 });
    await other.run('restoreBackup', { id, theirs: [], blocks: false });
    expect(await other.vault.get('grant', jti)).toEqual(ended);
  });

  test('a withdrawal that is still to be sent is not forgotten by restoring', async () => {
    const early = await backupOf(await filled());
    const jti = (await person.vault.all('grant'))[0]?.jti ?? '';
    world.faults.set('events', ['unreachable']);
    await person.run('withdraw', { jti });
    await person.run('restoreBackup', {
      id: (await offer(person, early)).id,
      theirs: [],
      blocks: false,
    });
    expect(await person.vault.get('grant', jti)).toMatchObject({ withdrawalPending: true });
    // Nor by being restored.
    const other = newPerson();
    await other.run('restoreNew', newVault((await offer(other, early)).id));
    const { id } = await offer(other, await backupOf(person));
    await other.run('restoreBackup', { id, theirs: [], blocks: false });
    expect(await other.vault.get('grant', jti)).toMatchObject({ withdrawalPending: true });
  });

  test('address and rules stay; blocks are taken over when the person says so', async () => {
    await filled();
    await person.vault.update('settings', SETTINGS, (current) => ({
      ...(current as NonNullable<typeof current>),
      blockedBrands: ['did:web:pushy.example'],
      vaultService: 'https://elsewhere.example',
      deadlineMinutes: 60,
    }));
    const file = await backupOf(person);
    const other = newPerson();
    await other.create(VAULT);
    const before = await settings(other);
    const take = async (blocks: boolean) => {
      const { id, view } = await offer(other, file);
      await other.run('restoreBackup', { id, theirs: [], blocks });
      return view.blocks;
    };
    expect(await take(false)).toEqual(['pushy.example']);
    const { stopRoot, ...rest } = before as NonNullable<typeof before>;
    expect(await settings(other)).toMatchObject({ ...rest, nextStopIndex: 0 });
    expect((await settings(other))?.stopRoot).not.toBe(stopRoot);
    await take(true);
    expect(await settings(other)).toMatchObject({
      vaultService: VAULT,
      deadlineMinutes: rest.deadlineMinutes,
      blockedBrands: ['did:web:pushy.example'],
    });
  });
});

describe('a file that is not taken changes nothing', () => {
  test('wrong passphrase, damaged, foreign, too large, interrupted', async () => {
    const file = await backupOf(await filled());
    const before = await person.vault.everything();
    const attempts: [string, Promise<unknown>][] = [
      ['backup-passphrase', offer(person, file, { passphrase: PASSPHRASE })],
      ['backup-damaged', offer(person, file.subarray(0, file.length - 1))],
      ['backup-foreign', offer(person, Buffer.from('id,value\nsize.shoe,EU 42\n'))],
      ['backup-too-large', offer(person, file, { size: 65 * 1024 * 1024 })],
      ['transfer-gone', person.run('restoreBackup', { id: 'x', theirs: [], blocks: false })],
      ['transfer-gone', person.run('restoreNew', newVault('x'))],
      ['transfer-gone', person.run('backupPiece', { id: 'x', piece: '' })],
      ['malformed', person.run('backupPiece', { id: 'x', piece: '=' })],
      ['transfer-gone', person.run('filePart', { id: 'x', part: 0 })],
    ];
    for (const [code, attempt] of attempts) await expect(attempt).rejects.toMatchObject({ code });
    expect(await person.vault.everything()).toEqual(before);
  });

  test('whole and well encrypted, but not what a vault writes', async () => {
    await filled();
    const jti = (await person.vault.all('grant'))[0]?.jti ?? '';
    await person.vault.update('grant', jti, (grant) => ({
      ...(grant as NonNullable<typeof grant>),
      receipts: 'none' as never,
    }));
    await expect(offer(newPerson(), await backupOf(person))).rejects.toMatchObject({
      code: 'backup-damaged',
    });
  });

  test('a vault that can only be read is backed up all the same', async () => {
    await filled();
    await person.madeNewer();
    person.restart();
    const file = await backupOf(person);
    const other = newPerson();
    await other.run('restoreNew', newVault((await offer(other, file)).id));
    expect(await everything(other)).toEqual(await everything(person));
  });

  test('a locked vault gives no backup, and none that was begun', async () => {
    await filled();
    const { id } = await person.run('makeBackup', { passphrase: FILE_PASSPHRASE });
    await person.run('lock', {});
    await expect(person.run('filePart', { id, part: 0 })).rejects.toMatchObject({ code: 'locked' });
    await expect(person.run('makeBackup', { passphrase: 'x' })).rejects.toMatchObject({
      code: 'locked',
    });
    await person.run('unlock', { passphrase: PASSPHRASE });
    await expect(person.run('filePart', { id, part: 0 })).rejects.toMatchObject({
      code: 'transfer-gone',
    });
  });
});

describe('the plain export', () => {
  test('holds everything a person has, and keys only where they asked for them', async () => {
    await filled();
    await person.run('saveAttribute', {
      id: 'intent.travel',
      value: 'beach',
      until: '2027-06-30',
    });
    const plain = await exportOf(person, false);
    expect(plain).toMatchObject({ zusage: 'export', version: 1, made: world.now });
    expect(plain['attributes']).toContainEqual({
      id: 'size.shoe',
      value: 'EU 42',
      source: 'entered',
      enteredOn: '2026-11-22',
      confirmedOn: '2026-11-22',
      precision: 'exact',
    });
    expect(plain['attributes']).toContainEqual(
      expect.objectContaining({ id: 'intent.travel', value: 'beach', until: '2027-06-30' }),
    );
    const [grant] = plain['grants'] as StoredGrant[];
    expect(grant).toMatchObject({ vaultService: VAULT, receipts: [expect.any(String)] });
    expect(plain['log']).not.toEqual([]);
    expect(JSON.stringify(plain)).not.toContain('"d":');
    const [withKey] = (await exportOf(person, true))['grants'] as StoredGrant[];
    expect(withKey?.key).toMatchObject({ d: expect.any(String) });
  });
});

describe('the reminder', () => {
  const backup = async () => (await person.run('status', {})).backup;
  /** Each jump of the clock locks the vault. */
  const pass = async (days: number) => {
    world.now += days * DAY;
    await person.unlock();
  };

  test('comes with age, goes with a backup, and can be switched off', async () => {
    await person.create(VAULT);
    expect(await backup()).toEqual({ on: null, remindDays: 30, due: false });
    await pass(32);
    // An empty vault needs none.
    expect(await backup()).toMatchObject({ due: false });
    await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
    expect(await backup()).toMatchObject({ on: null, due: true });

    // It counts when the page has all of it.
    const { id } = await person.run('makeBackup', { passphrase: FILE_PASSPHRASE });
    expect(await backup()).toMatchObject({ due: true });
    await person.run('filePart', { id, part: 0 });
    expect(await backup()).toEqual({ on: world.now, remindDays: 30, due: false });
    await pass(31);
    expect(await backup()).toMatchObject({ due: true });
    await person.run('remindOfBackup', { days: 90 });
    expect(await backup()).toMatchObject({ remindDays: 90, due: false });
    await pass(365);
    await person.run('remindOfBackup', { days: 0 });
    expect(await backup()).toMatchObject({ due: false });
    await expect(person.run('remindOfBackup', { days: 1.5 })).rejects.toMatchObject({
      code: 'malformed',
    });
  });

  test('a clock put back does not silence it', async () => {
    await person.create(VAULT);
    await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
    await pass(400);
    await backupOf(person);
    expect(await backup()).toMatchObject({ due: false });
    await pass(-400);
    expect(await backup()).toMatchObject({ due: true });
    await backupOf(person);
    expect(await backup()).toMatchObject({ due: false });
  });
});
