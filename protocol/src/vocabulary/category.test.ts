import { expect, test } from 'vitest';
import { categoriesOf } from './category.ts';
import { customAttribute } from './custom.ts';
import { category } from './dpv.ts';
import { checkValue } from './value.ts';

test('each category once, sorted, whatever the order of the attributes', () => {
  const expected = [category('Intention'), category('PhysicalCharacteristic')];
  expect(categoriesOf(['size.shoe', 'intent.travel', 'size.jacket'])).toEqual(expected);
  expect(categoriesOf(['intent.travel', 'size.jacket', 'size.shoe'])).toEqual(expected);
  expect(categoriesOf([])).toEqual([]);
});

test("a brand's own attribute is a preference", () => {
  expect(categoriesOf(['custom.hut'])).toEqual([category('Preference')]);
  expect(categoriesOf(['custom.'])).toBeNull();
});

test('one unknown attribute leaves nothing to claim', () => {
  expect(categoriesOf(['size.shoe', 'size.tent'])).toBeNull();
  expect(categoriesOf(['__proto__'])).toBeNull();
});

test("a brand's own attribute is text, personal, and only of the class custom", () => {
  const label = { en: 'Favourite hut', de: 'Lieblingshütte' };
  const hut = customAttribute({ id: 'custom.hut', label });
  expect(hut).toMatchObject({ label, class: 'custom', sensitivity: 'personal', halfLifeDays: 180 });
  expect(hut && checkValue(hut, 'Höllental')).toBeNull();
  expect(hut && checkValue(hut, 'x'.repeat(201))).toBe('value/length');
  expect(customAttribute({ id: 'size.hut', label })).toBeUndefined();
  expect(customAttribute({ id: 'custom.', label })).toBeUndefined();
});
