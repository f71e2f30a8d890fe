import { expect, test } from 'vitest';
import type { Attribute, Value } from './attribute.ts';
import { attribute } from './find.ts';
import { atPrecision, checkValue } from './value.ts';

const get = (id: string) => attribute(id) as Attribute;

test.each<[string, unknown, ReturnType<typeof checkValue>]>([
  ['size.shoe', 'EU 42', null],
  ['size.shoe', 'EU 42.5', null],
  ['size.shoe', 42, 'value/type'],
  ['size.shoe', 'EU 99', 'value/option'],
  ['size.shoe', '', 'value/option'],
  ['size.shoe', null, 'value/type'],
  ['size.shoe', undefined, 'value/type'],
  ['interest.outdoor', ['hiking', 'camping'], null],
  ['interest.outdoor', 'hiking', 'value/type'],
  ['interest.outdoor', [], 'value/length'],
  ['interest.outdoor', ['hiking', 'hiking'], 'value/option'],
  ['interest.outdoor', ['golf'], 'value/option'],
  ['interest.outdoor', [1], 'value/type'],
  ['preference.coffee-flavour', ['fruity', 'floral', 'nutty', 'spicy'], 'value/length'],
  ['context.household-size', 3, null],
  ['context.household-size', '3', 'value/type'],
  ['context.household-size', 0, 'value/range'],
  ['context.household-size', 13, 'value/range'],
  ['context.household-size', 2.5, 'value/range'],
  ['context.household-size', Number.NaN, 'value/range'],
  ['preference.price-limit', 150, null],
  ['preference.price-limit', 155, 'value/range'],
  ['context.holiday-start', '2028-02-29', null],
  ['context.holiday-start', '2027-02-29', 'value/format'],
  ['context.holiday-start', '12.07.2027', 'value/format'],
  ['contact.printed-catalogue', false, null],
  ['contact.printed-catalogue', 'no', 'value/type'],
  ['contact.email', 'me@example.org', null],
  ['contact.email', 'ich@bücher.example', null],
  ['contact.email', 'me@example', 'value/format'],
  ['contact.email', 'a b@example.org', 'value/format'],
  ['contact.email', 'me@example.org, you@example.org', 'value/format'],
  ['contact.email', 'm\u200be@example.org', 'value/format'],
  ['contact.email', `${'a'.repeat(250)}@example.org`, 'value/length'],
  ['contact.phone', '+493012345678', null],
  ['contact.phone', '030 12345678', 'value/format'],
  ['contact.phone', '+49 30 12345678', 'value/format'],
  ['size.trousers', 'W32 L34', null],
  ['size.trousers', '', 'value/length'],
  ['size.trousers', 'x'.repeat(21), 'value/length'],
  ['size.trousers', ' W32', 'value/format'],
  ['size.trousers', 'W32\u202eL34', 'value/format'],
  ['size.trousers', 'W32\nL34', 'value/format'],
  ['context.city', 'Mu\u0308nchen', 'value/format'],
  ['context.city', 'München', null],
  ['intent.travel', 'hiking until 2027-06-30', null],
  ['intent.travel', 'hiking', 'value/format'],
  ['intent.travel', 'hiking until 2027-06-31', 'value/format'],
  ['intent.travel', 'flying until 2027-06-30', 'value/option'],
  ['intent.search', 'Tarp until 2027-06-30', null],
  ['intent.search', 'wait until spring until 2027-06-30', null],
])('%s: %j gives %s', (id, value, problem) => {
  expect(checkValue(get(id), value)).toBe(problem);
});

test.each<[string, Value, 'exact' | 'band' | 'yes-no', Value | null]>([
  ['size.shoe', 'EU 42', 'exact', 'EU 42'],
  ['size.shoe', 'EU 42', 'band', 'EU 42 - EU 44.5'],
  ['size.shoe', 'EU 42', 'yes-no', null],
  ['context.household-size', 4, 'band', '3-4'],
  ['context.holiday-start', '2027-07-12', 'band', '2027-07'],
  ['contact.email', 'me@example.org', 'yes-no', true],
  ['contact.email', 'me@example.org', 'band', null],
  ['intent.travel', 'hiking until 2027-06-30', 'yes-no', true],
  ['size.shoe', 'EU 99', 'exact', null],
  ['contact.email', 'nonsense', 'yes-no', null],
])('%s: %j as %s is shared as %j', (id, value, precision, shared) => {
  expect(atPrecision(get(id), value, precision)).toEqual(shared);
});

test('the order in which choices were ticked is not shared', () => {
  const row = get('interest.outdoor');
  expect(atPrecision(row, ['camping', 'hiking'], 'exact')).toEqual(
    atPrecision(row, ['hiking', 'camping'], 'exact'),
  );
});

test('a value shared at another precision is checked as such', () => {
  expect(checkValue(get('size.shoe'), 'EU 42', 'band')).toBe('value/option');
  expect(checkValue(get('size.shoe'), 42, 'band')).toBe('value/type');
  expect(checkValue(get('contact.email'), 'me@example.org', 'yes-no')).toBe('value/type');
  expect(checkValue(get('contact.address'), true, 'yes-no')).toBe('value/precision');
  expect(checkValue(get('context.holiday-start'), '2027-13', 'band')).toBe('value/format');
  expect(checkValue(get('context.holiday-start'), '2027-07-12', 'band')).toBe('value/format');
});
