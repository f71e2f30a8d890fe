import { expect, test } from 'vitest';
import { type Attribute, isAttributeId, type Text, type Value } from './attribute.ts';
import { ATTRIBUTES } from './attributes.ts';
import { CLASS_NAMES, CLASSES } from './classes.ts';
import { isCategory, isSpecialCategory } from './dpv.ts';
import { attribute } from './find.ts';
import { withUntil } from './intent.ts';
import { PURPOSES } from './purposes.ts';
import { showValue } from './show.ts';
import { atPrecision, checkValue } from './value.ts';

const ADDRESS = /\b([Dd]u|[Dd]ir|[Dd]ich|[Dd]ein\w*|Sie|Ihnen|Ihre?\w*)\b/u;
const each = (rows: readonly Attribute[]) => rows.map((row) => [row.id, row] as const);
const optionsOf = (row: Attribute) => ('options' in row.value ? row.value.options : []);

/** Every value of a choice or a number, otherwise one that fits. */
function values(row: Attribute): Value[] {
  const schema = row.value;
  const dated = (plain: string) =>
    'until' in schema && schema.until ? withUntil(plain, '2027-06-30') : plain;
  switch (schema.kind) {
    case 'choice':
      return schema.options.map(({ id }) => dated(id));
    case 'choices':
      return schema.options.map(({ id }) => [id]);
    case 'number': {
      const count = (schema.max - schema.min) / schema.step + 1;
      return Array.from({ length: count }, (_, n) => schema.min + n * schema.step);
    }
    case 'text':
      return [dated('Word')];
    case 'date':
      return ['2027-07-12'];
    case 'yes-no':
      return [true, false];
    case 'email':
      return ['me@example.org'];
    case 'phone':
      return ['+493012345678'];
  }
}

test('every class but custom has attributes, more than thirty in all', () => {
  const used = new Set(ATTRIBUTES.map((row) => row.class));
  expect([...used, 'custom'].sort()).toEqual([...CLASS_NAMES].sort());
  expect(ATTRIBUTES.length).toBeGreaterThan(30);
});

test('ids are well formed, unique, and none is a prefix of another at a dot', () => {
  const ids = ATTRIBUTES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(isAttributeId(id), id).toBe(true);
    expect(attribute(id)?.id).toBe(id);
    expect(ids.filter((other) => other.startsWith(`${id}.`))).toEqual([]);
  }
  expect(attribute('size')).toBeUndefined();
  expect(attribute('__proto__')).toBeUndefined();
});

test.each([
  'size.shoe',
  'custom.favourite-hut',
  'intent.travel.summer-2027',
  `size.${'a'.repeat(59)}`,
])('%j is an attribute id', (id) => {
  expect(isAttributeId(id)).toBe(true);
});

test.each([
  '',
  'size',
  'size.',
  '.shoe',
  'Size.shoe',
  'size.Shoe',
  'size.shoe.left.inner',
  'size..shoe',
  'size.shoe\n',
  'size shoe',
  'unknown.shoe',
  'constructor.shoe',
  `size.${'a'.repeat(60)}`,
])('%j is no attribute id', (id) => {
  expect(isAttributeId(id)).toBe(false);
});

test.each(each(ATTRIBUTES))('%s keeps the half-life of its class', (id, row) => {
  expect(row.class).toBe(id.split('.')[0]);
  expect(row.halfLifeDays).toBe(CLASSES[row.class].halfLifeDays);
});

test('half-lives are those of the protocol', () => {
  expect(CLASSES).toMatchObject({
    mood: { halfLifeDays: 1 },
    context: { halfLifeDays: 30 },
    intent: { halfLifeDays: 'own-date' },
    preference: { halfLifeDays: 180 },
    size: { halfLifeDays: 365 },
  });
});

test.each(each(ATTRIBUTES))('%s has a date of its own exactly if it is an intent', (_id, row) => {
  expect('until' in row.value && row.value.until === true).toBe(row.class === 'intent');
});

test.each(each(ATTRIBUTES))('%s has a pinned category, special exactly if it is', (_id, row) => {
  expect(isCategory(row.category)).toBe(true);
  expect(row.sensitivity === 'special').toBe(isSpecialCategory(row.category));
});

test('a special attribute is shared as it is or not at all', () => {
  const special = ATTRIBUTES.filter((row) => row.sensitivity === 'special');
  expect(special.length).toBeGreaterThan(1);
  for (const row of special) expect(row.precisions, row.id).toEqual(['exact']);
});

test.each(each(ATTRIBUTES))('%s is worded in both languages', (_id, row) => {
  const words = [row.label, row.help, row.example, ...optionsOf(row).map(({ label }) => label)];
  for (const { en, de } of [...words, ...(row.bands ?? []).map(({ label }) => label)]) {
    for (const text of [en, de]) {
      expect(text).not.toBe('');
      expect(text).toBe(text.trim().normalize('NFC'));
      expect(text).not.toMatch(/[\p{C}]/u);
    }
  }
  expect(row.label.en).not.toBe(row.label.de);
  expect(row.help.en).not.toBe(row.help.de);
  for (const lang of ['en', 'de'] as const) expect(row.help[lang]).toMatch(/^\p{Lu}.*\.$/u);
});

const words: Text[] = [
  ...ATTRIBUTES.flatMap((row) => [row.label, row.help, row.example]),
  ...PURPOSES.flatMap((row) => [row.label, row.explain]),
];

test('German words address nobody, neither by du nor by Sie', () => {
  for (const { de } of words) expect(de).not.toMatch(ADDRESS);
});

test('whoever asks is the shop, as in every other sentence that people read', () => {
  for (const { en, de } of words) expect([en, de].join()).not.toMatch(/\b([Bb]rand|Marke)\b/);
});

test('labels are unique in each language, so are those of one attribute', () => {
  for (const lang of ['en', 'de'] as const) {
    const labels = ATTRIBUTES.map(({ label }) => label[lang]);
    expect(labels.filter((label, at) => labels.indexOf(label) !== at)).toEqual([]);
    for (const row of ATTRIBUTES) {
      const own = [...optionsOf(row), ...(row.bands ?? [])].map(({ label }) => label[lang]);
      expect(new Set(own).size, row.id).toBe(own.length);
    }
  }
});

test.each(each(ATTRIBUTES))('%s keeps option and band ids apart', (_id, row) => {
  const ids = [...optionsOf(row), ...(row.bands ?? [])].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  if ('max' in row.value && 'options' in row.value) {
    expect(row.value.max).toBeLessThanOrEqual(row.value.options.length);
  }
});

test.each(each(ATTRIBUTES))('%s: every value fits and is shared at each precision', (_id, row) => {
  expect(row.precisions[0]).toBe('exact');
  expect(row.bands !== undefined).toBe(
    row.precisions.includes('band') && row.value.kind !== 'date',
  );
  for (const value of values(row)) {
    expect(checkValue(row, value), String(value)).toBeNull();
    for (const precision of row.precisions) {
      const shared = atPrecision(row, value, precision);
      expect(checkValue(row, shared, precision), `${value} as ${precision}`).toBeNull();
      for (const lang of ['en', 'de'] as const) {
        expect(showValue(row, shared as Value, lang)).not.toBe('');
      }
    }
  }
});

test.each(each(ATTRIBUTES.filter((row) => row.value.kind === 'number')))(
  '%s is a whole number, as the wire demands, and its bands do not overlap',
  (_id, row) => {
    for (const value of values(row)) {
      expect(Number.isSafeInteger(value)).toBe(true);
      if (!row.bands) continue;
      const around = row.bands.filter(
        (band) => 'min' in band && Number(value) >= band.min && Number(value) <= band.max,
      );
      expect(around).toHaveLength(1);
    }
  },
);

test.each(each(ATTRIBUTES.filter((row) => row.value.kind.startsWith('choice'))))(
  '%s gives an example that can be chosen',
  (_id, row) => {
    for (const lang of ['en', 'de'] as const) {
      const labels = optionsOf(row).map(({ label }) => label[lang]);
      const plain = row.example[lang].replace(/, (until|bis) .*/, '');
      const parts = labels.includes(plain) ? [plain] : plain.split(', ');
      for (const part of parts) expect(labels).toContain(part);
    }
  },
);
