import { beforeEach, expect, test } from 'vitest';
import type { ImportRow, ImportVerdict } from '../messages.ts';
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

const preview = (...rows: ImportRow[]) => person.run('importPreview', { rows });

/** As the page does it: all that would change, or what was chosen of it. */
async function imported(...rows: ImportRow[]) {
  const verdicts = await preview(...rows);
  const taken = rows.flatMap((row, i) => {
    const verdict = verdicts[i] as ImportVerdict;
    if (verdict.state !== 'new' && verdict.state !== 'conflict') return [];
    return [{ row: { ...row, id: verdict.id }, seen: verdict.seen }];
  });
  return person.run('importApply', { rows: taken });
}

const values = async () =>
  (await person.run('attributes', {})).map(({ label, held }) => [label, held?.shown]);

test('each entry is new, the same, conflicting, or not understood, and nothing is written', async () => {
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  await person.run('saveAttribute', { id: 'intent.travel', value: 'hiking', until: '2027-06-30' });
  const before = await person.run('attributes', {});
  const verdicts = await preview(
    { id: 'preference.coffee-roast', value: 'DARK roast' },
    { id: 'intent.travel', value: 'hiking until 2027-06-30' },
    { id: 'size.shoe', value: 'EU 43' },
    { id: 'no.such', value: 'x' },
    { id: 'size.shoe', value: 'EU 420' },
    { id: 'intent.travel', value: 'hiking' },
    { id: 'preference.coffee-roast', value: 'dark', until: '2027-06-30' },
    { id: 'preference.coffee-roast', value: 42 },
  );
  expect(verdicts).toMatchObject([
    { state: 'new', label: 'Coffee roast', theirs: 'Dark roast', mine: null, seen: null },
    { state: 'same', label: 'Planned journey' },
    { state: 'conflict', theirs: 'EU 43', mine: 'EU 42', seen: { value: 'EU 42' } },
    { state: 'problem', reason: 'unknown', label: null },
    { state: 'problem', reason: 'option', label: 'Shoe size' },
    { state: 'problem', reason: 'until-missing' },
    { state: 'problem', reason: 'until-unwanted' },
    { state: 'problem', reason: 'type' },
  ]);
  expect(await person.run('attributes', {})).toEqual(before);
});

test('text counts as what the attribute wants', async () => {
  const kept = async (id: string, value: string, until?: string) => {
    const [verdict] = await preview({ id, value, ...(until && { until }) });
    return verdict?.state === 'problem' ? verdict.reason : verdict?.theirs;
  };
  expect(await kept('preference.coffee-roast', 'Dunkle Röstung')).toBe('Dark roast');
  expect(await kept('context.allergies', 'nuts|Laktose')).toMatch(/,/);
  expect(await kept('context.allergies', 'nuts, nuts')).toBe('option');
  expect(await kept('contact.printed-catalogue', 'Nein')).toBe('No');
  expect(await kept('contact.printed-catalogue', 'perhaps')).toBe('type');
  expect(await kept('intent.travel', 'hiking', '30.6.2027')).toBe(
    'Hiking holiday, until 30 June 2027',
  );
  expect(await kept('intent.travel', 'hiking', '31.2.2027')).toBe('format');
});

test('an import is one change: it is written whole, and taken back whole', async () => {
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  const before = await person.run('attributes', {});
  const { id, count, what } = await imported(
    { id: 'size.shoe', value: 'EU 43' },
    { id: 'preference.coffee-roast', value: 'dark' },
    { id: 'custom.own.1', value: 'WTU 123', custom: { label: { en: 'Frame', de: 'Frame' } } },
  );
  expect({ count, what }).toEqual({ count: 3, what: 'imported' });
  expect(await values()).toEqual([
    ['Coffee roast', 'Dark roast'],
    ['Shoe size', 'EU 43'],
    ['Frame', 'WTU 123'],
  ]);
  const [roast] = await person.run('attributes', {});
  expect(roast?.held).toMatchObject({ source: 'import', freshness: 'fresh' });
  person.restart();
  expect(await person.run('undo', { id })).toEqual({ restored: 3, kept: 0 });
  expect(await person.run('attributes', {})).toEqual(before);
});

test('what changed since the preview stops all of it', async () => {
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  const rows = [
    { row: { id: 'preference.coffee-roast', value: 'dark' }, seen: null },
    { row: { id: 'size.shoe', value: 'EU 43' }, seen: { value: 'EU 41' } },
  ];
  await expect(person.run('importApply', { rows })).rejects.toMatchObject({ code: 'edited' });
  expect(await values()).toEqual([['Shoe size', 'EU 42']]);
  expect(await person.run('undos', {})).toEqual([]);
});

test('an old value does not get fresh by being imported, nor one of tomorrow', async () => {
  world.now += 400 * DAY;
  await person.unlock();
  await imported(
    { id: 'size.shoe', value: 'EU 42', confirmedOn: '2026-11-22' },
    { id: 'preference.coffee-roast', value: 'dark', confirmedOn: '2999-01-01' },
  );
  const held = (await person.run('attributes', {})).map(({ held }) => held);
  expect(held.map((one) => [one?.freshness, one?.confirmedOn === one?.enteredOn])).toEqual([
    ['fresh', true],
    ['fading', false],
  ]);
});

test('a file sets nothing free: what is sensitive stays local, and what may be asked for stays so', async () => {
  await person.run('saveAttribute', { id: 'mood.today', value: 'tired' });
  await person.run('setShareable', { id: 'mood.today', shareable: true });
  await imported({ id: 'mood.today', value: 'cosy' }, { id: 'value.fair-trade', value: 'nice' });
  const held = await person.run('attributes', {});
  expect(held.map(({ id, held }) => [id, held?.shareable])).toEqual([
    ['value.fair-trade', false],
    ['mood.today', true],
  ]);
});

test('a shop’s question and one’s own come back from an export; no other unknown id does', async () => {
  const label = { en: 'Boot’s name', de: 'Name des Stiefels' };
  const did = 'did:web:shop.example';
  const state = async (row: ImportRow) => {
    const [verdict] = await preview(row);
    return verdict?.state === 'problem' ? verdict.reason : verdict?.label;
  };
  const asked = { id: `custom.boot@${did}`, value: 'Olga', custom: { did, label } };
  expect(await state(asked)).toBe('Shop’s question “Boot’s name”');
  expect(await state({ ...asked, id: 'custom.boot@did:web:other.example' })).toBe('unknown');
  expect(await state({ ...asked, id: `size.boot@${did}` })).toBe('unknown');
  expect(await state({ ...asked, custom: { did, label: { en: '', de: '' } } })).toBe('label');
  expect(await state({ ...asked, custom: { label } })).toBe('unknown');
  expect(await state({ id: 'custom.own.1', value: 'x' })).toBe('unknown');
  const own = { id: 'custom.own.1', value: 'x', custom: { label: { en: 'Bike', de: 'Bike' } } };
  expect(await state(own)).toBe('Bike');
  const { id } = await person.run('saveOwn', { label: 'Bike', value: 'y' });
  expect(await preview(own)).toMatchObject([{ state: 'conflict', id, mine: 'y', theirs: 'x' }]);
});

test('what the vault holds, exported and imported, is the same; and fills an empty vault', async () => {
  await person.run('saveAttribute', { id: 'intent.travel', value: 'hiking', until: '2027-06-30' });
  await person.run('saveAttribute', { id: 'context.allergies', value: ['nuts', 'lactose'] });
  await person.run('saveOwn', { label: 'Bike', value: 'y' });
  const rows = (await person.run('attributes', {})).map(({ id, label, held }): ImportRow => {
    if (!held) throw new Error('held');
    const { value, until, confirmedOn } = held;
    const own = id.startsWith('custom.') && { custom: { label: { en: label, de: label } } };
    return { id, value, confirmedOn, ...(until && { until }), ...own };
  });
  expect((await preview(...rows)).map(({ state }) => state)).toEqual(['same', 'same', 'same']);
  const before = await values();
  for (const { id } of rows) await person.run('removeAttribute', { id });
  await imported(...rows);
  expect(await values()).toEqual(before);
});

test('messages are bounded, and an attribute stands in an import once', async () => {
  const row = { id: 'size.shoe', value: 'EU 42' };
  const malformed = { code: 'malformed' };
  await expect(preview(...Array(201).fill(row))).rejects.toMatchObject(malformed);
  const two = { rows: [1, 2].map(() => ({ row, seen: null })) };
  await expect(person.run('importApply', two)).rejects.toMatchObject(malformed);
  await expect(person.run('importApply', { rows: [] })).rejects.toMatchObject(malformed);
  await expect(
    person.run('importApply', { rows: [{ row: { id: 'no.such', value: 'x' }, seen: null }] }),
  ).rejects.toMatchObject({ code: 'value' });
  await expect(preview({ id: 'size.shoe', value: 'x'.repeat(2001) })).rejects.toMatchObject(
    malformed,
  );
});

test('the template has every attribute, and is read as an import of nothing', async () => {
  const { name, text, type } = await person.run('importTemplate', {});
  expect([name, type]).toEqual(['zusage-template.csv', 'text/csv']);
  const lines = text.trimEnd().split('\r\n');
  expect(lines[0]).toBe('\uFEFFid;value;until;label;example;allowed');
  expect(lines).toHaveLength(1 + (await person.run('catalogue', {})).length);
});
