import { beforeEach, expect, test } from 'vitest';
import { Person } from '../sharing/person.fixture.ts';
import { VAULT, World } from '../sharing/world.fixture.ts';

const DAY = 86_400;

let world: World;
let person: Person;

beforeEach(async () => {
  world = await World.start();
  person = new Person({ door: world.door, now: () => world.now });
  await person.create(VAULT);
});

const shoe = (value: string) => person.run('saveAttribute', { id: 'size.shoe', value });
const search = (text: string, sensitive = false) =>
  person.run('searchAttributes', { text, limit: 50, sensitive });
const ids = (views: { id: string }[]) => views.map(({ id }) => id);

/** The vault has long locked itself. */
async function later(seconds: number): Promise<void> {
  world.now += seconds;
  await person.unlock();
}

test('search finds by name, value and class, whatever the accents, in the order of the vocabulary', async () => {
  await shoe('EU 42');
  await person.run('saveAttribute', { id: 'preference.coffee-roast', value: 'dark' });
  await person.run('saveOwn', { label: 'Über alles', value: 'Café crème' });
  const found = async (text: string) => (await search(text)).found.map(({ label }) => label);
  expect(await found('')).toEqual(['Coffee roast', 'Shoe size', 'Über alles']);
  expect(await found('shoe')).toEqual(['Shoe size']);
  expect(await found('  EU   shoe ')).toEqual(['Shoe size']);
  expect(await found('42')).toEqual(['Shoe size']);
  expect(await found('preferences')).toEqual(['Coffee roast']);
  expect(await found('uber CREME')).toEqual(['Über alles']);
  expect(await found('nothing like it')).toEqual([]);
  await shoe('EU 43');
  expect(await found('42')).toEqual([]);
  const one = await person.run('searchAttributes', { text: '', limit: 1, sensitive: false });
  expect(one).toMatchObject({ held: 3, total: 3, found: [{ id: 'preference.coffee-roast' }] });
});

test('a sensitive attribute is found by its name alone, and not sent, until it is wanted', async () => {
  await person.run('saveAttribute', { id: 'mood.today', value: 'tired' });
  await person.run('saveAttribute', { id: 'context.allergies', value: ['nuts'] });
  await shoe('EU 42');
  expect(await search('')).toMatchObject({
    held: 1,
    found: [{ id: 'size.shoe' }],
    sensitive: { held: 2, total: 2, found: [] },
  });
  expect((await search('tired')).sensitive.total).toBe(0);
  expect((await search('mood')).sensitive).toMatchObject({ total: 1, found: [] });
  expect(ids((await search('tired', true)).sensitive.found)).toEqual(['mood.today']);
});

test('sensitive attributes stay local until the person says otherwise, and editing does not change that', async () => {
  const mood = (value: string) => person.run('saveAttribute', { id: 'mood.today', value });
  expect(await mood('tired')).toMatchObject({ sensitive: true, held: { shareable: false } });
  const allow = (shareable: boolean) => person.run('setShareable', { id: 'mood.today', shareable });
  expect(await allow(true)).toMatchObject({ held: { shareable: true } });
  expect(await mood('cosy')).toMatchObject({ held: { shareable: true } });
  expect(await allow(false)).toMatchObject({ held: { shareable: false } });
  expect(await mood('active')).toMatchObject({ held: { shareable: false } });
  expect(await shoe('EU 42')).toMatchObject({ sensitive: false, held: { shareable: true } });
  await expect(
    person.run('setShareable', { id: 'size.shoe', shareable: true }),
  ).rejects.toMatchObject({ code: 'unknown' });
});

test('one’s own attribute is made, renamed, and checked like any text', async () => {
  const made = await person.run('saveOwn', { label: 'Frame number', value: 'WTU 123' });
  expect(made).toMatchObject({
    classId: 'own',
    classLabel: 'Your own',
    label: 'Frame number',
    help: 'Shops cannot ask for it.',
    held: { shown: 'WTU 123', shareable: false },
  });
  const { id } = made;
  expect(await person.run('saveOwn', { id, label: 'Bike', value: 'WTU 124' })).toMatchObject({
    id,
    label: 'Bike',
  });
  for (const [label, value] of [
    ['', 'x'],
    ['x', ''],
    ['x'.repeat(81), 'x'],
    ['x', 'x'.repeat(201)],
    [' x', 'x'],
    ['x', 'a\u202eb'],
  ] as const) {
    await expect(person.run('saveOwn', { label, value })).rejects.toMatchObject({ code: 'value' });
  }
  for (const other of ['size.shoe', 'custom.hut', 'custom.hut@did:web:shop.example']) {
    await expect(
      person.run('saveOwn', { id: other, label: 'x', value: 'x' }),
    ).rejects.toMatchObject({ code: 'unknown' });
  }
  expect(await person.run('attributes', {})).toHaveLength(1);
});

test('who saves second hears of the first, and nothing is lost', async () => {
  const seen = { value: 'EU 42' };
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42', seen: null });
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 43', seen });
  const edited = { code: 'edited' };
  const id = 'size.shoe';
  await expect(person.run('saveAttribute', { id, value: 'EU 44', seen })).rejects.toMatchObject(
    edited,
  );
  await expect(
    person.run('saveAttribute', { id, value: 'EU 44', seen: null }),
  ).rejects.toMatchObject(edited);
  await later(400 * DAY);
  await expect(person.run('confirmAttribute', { id, seen })).rejects.toMatchObject(edited);
  await expect(person.run('removeAttribute', { id, seen })).rejects.toMatchObject(edited);
  const now = await person.run('attribute', { id });
  expect(now).toMatchObject({ held: { value: 'EU 43', freshness: 'fading' } });
  await person.run('saveAttribute', { id, value: 'EU 44', seen: { value: 'EU 43' } });
  await person.run('removeAttribute', { id, seen: { value: 'EU 44' } });
  expect(await person.run('attribute', { id })).toBeNull();
  await expect(
    person.run('saveAttribute', { id, value: 'EU 45', seen: { value: 'EU 44' } }),
  ).rejects.toMatchObject(edited);
  await person.run('saveAttribute', { id, value: 'EU 45', seen: null });
  const { id: own } = await person.run('saveOwn', { label: 'Bike', value: 'one' });
  await person.run('saveOwn', { id: own, label: 'Bike', value: 'two', seen: { value: 'one' } });
  await expect(
    person.run('saveOwn', { id: own, label: 'Bike', value: 'three', seen: { value: 'one' } }),
  ).rejects.toMatchObject(edited);
});

test('the same time, the same attribute: exactly one of two windows writes', async () => {
  await shoe('EU 42');
  const seen = { value: 'EU 42' };
  const both = await Promise.allSettled(
    ['EU 43', 'EU 44'].map((value) =>
      person.run('saveAttribute', { id: 'size.shoe', value, seen }),
    ),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('several deletions can be taken back, also by another worker, until ten minutes have passed', async () => {
  await shoe('EU 42');
  await person.run('saveAttribute', { id: 'preference.coffee-roast', value: 'dark' });
  const before = await person.run('attributes', {});
  const { id: shoeUndo } = await person.run('removeAttribute', { id: 'size.shoe' });
  world.now += 60;
  await person.run('removeAttribute', { id: 'preference.coffee-roast' });
  person.restart();
  const undos = await person.run('undos', {});
  expect(undos).toMatchObject([
    { what: 'removed', label: 'Coffee roast', count: 1, until: world.now + 600 },
    { what: 'removed', label: 'Shoe size', count: 1, until: world.now + 540 },
  ]);
  for (const { id } of undos) {
    expect(await person.run('undo', { id })).toEqual({ restored: 1, kept: 0 });
  }
  expect(await person.run('attributes', {})).toEqual(before);
  await expect(person.run('undo', { id: shoeUndo })).rejects.toMatchObject({ code: 'undo-over' });
  expect(await person.vault.all('undo')).toEqual([]);
});

test('what was deleted is gone when the time is over, when the person says so, and when a clock is put back', async () => {
  await shoe('EU 42');
  const remove = () => person.run('removeAttribute', { id: 'size.shoe' });
  const { id: first } = await remove();
  world.now += 600;
  await expect(person.run('undo', { id: first })).rejects.toMatchObject({ code: 'undo-over' });
  await person.sharing.resumeAfterUnlock();
  expect(await person.vault.all('undo')).toEqual([]);
  await shoe('EU 42');
  await person.run('forgetUndo', { id: (await remove()).id });
  expect(await person.vault.all('undo')).toEqual([]);
  await shoe('EU 42');
  await remove();
  world.now -= 3600;
  await person.unlock();
  expect(await person.run('undos', {})).toEqual([]);
  expect(await person.vault.all('undo')).toEqual([]);
});

test('an undo writes over nothing that was entered since', async () => {
  await shoe('EU 42');
  const { id } = await person.run('removeAttribute', { id: 'size.shoe' });
  await shoe('EU 43');
  expect(await person.run('undo', { id })).toEqual({ restored: 0, kept: 1 });
  expect(await person.run('attribute', { id: 'size.shoe' })).toMatchObject({
    held: { value: 'EU 43' },
  });
});

test('what is fading or stale is asked about, the oldest first; "still true" can be taken back', async () => {
  await person.run('saveAttribute', { id: 'mood.today', value: 'tired' });
  await person.run('saveAttribute', { id: 'intent.travel', value: 'hiking', until: '2026-12-31' });
  await shoe('EU 42');
  await later(300 * DAY);
  await person.run('saveAttribute', { id: 'preference.coffee-roast', value: 'dark' });
  await later(200 * DAY);
  const { total, due } = await person.run('dueAttributes', {});
  expect(total).toBe(3);
  expect(due.map(({ id, held }) => [id, held?.freshness])).toEqual([
    ['size.shoe', 'fading'],
    ['intent.travel', 'stale'],
    ['preference.coffee-roast', 'fading'],
  ]);
  const before = await person.run('attribute', { id: 'size.shoe' });
  await person.run('confirmAttribute', { id: 'size.shoe' });
  expect((await person.run('dueAttributes', {})).total).toBe(2);
  const [undo] = await person.run('undos', {});
  expect(undo).toMatchObject({ what: 'confirmed', label: 'Shoe size' });
  await person.run('undo', { id: undo?.id ?? '' });
  expect(await person.run('attribute', { id: 'size.shoe' })).toEqual(before);
});

test('the log is read shop by shop, and at most as much as is wanted', async () => {
  const entry = (id: string, brand: string, brandName: string, at: number) => ({
    ...{ id, brand, brandName, at, order: at, site: 'x', attributes: [], purposes: [] },
    event: 'refused' as const,
  });
  for (const one of [
    entry('1', 'did:web:b.example', 'Old name', 10),
    entry('2', 'did:web:b.example', 'Boots', 30),
    entry('3', 'did:web:a.example', 'Apples', 20),
  ]) {
    await person.vault.put('log', one.id, one);
  }
  expect(await person.run('logShops', {})).toEqual([
    { did: 'did:web:a.example', name: 'Apples', site: 'x', entries: 1 },
    { did: 'did:web:b.example', name: 'Boots', site: 'x', entries: 2 },
  ]);
  expect(ids(await person.run('log', {}))).toEqual(['2', '3', '1']);
  expect(ids(await person.run('log', { limit: 1 }))).toEqual(['2']);
  expect(ids(await person.run('log', { shop: 'did:web:b.example' }))).toEqual(['2', '1']);
});

test('the catalogue can leave out what the vault holds', async () => {
  await shoe('EU 42');
  const all = ids(await person.run('catalogue', {}));
  const missing = ids(await person.run('catalogue', { missing: true }));
  expect(all.filter((id) => !missing.includes(id))).toEqual(['size.shoe']);
});
