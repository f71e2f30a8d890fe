import { expect, test } from 'vitest';
import type { Attribute, Value } from './attribute.ts';
import { attribute } from './find.ts';
import { showValue } from './show.ts';

test.each<[string, Value, string, string]>([
  ['size.shoe', 'EU 42.5', 'EU 42.5', 'EU 42,5'],
  ['size.shoe', 'EU 42 - EU 44.5', 'EU 42 to 44.5', 'EU 42 bis 44,5'],
  ['size.height', 175, '175 cm', '175 cm'],
  ['size.height', '175-189', '175 to 189 cm', '175 bis 189 cm'],
  ['preference.price-limit', 1500, '1,500 euros', '1.500 Euro'],
  ['preference.coffee-roast', 'light', 'Light roast', 'Helle Röstung'],
  ['interest.outdoor', ['hiking', 'cycling'], 'Hiking, Cycling', 'Wandern, Radfahren'],
  ['context.holiday-start', '2027-03-31', '31 March 2027', '31. März 2027'],
  ['context.holiday-start', '2027-03', 'March 2027', 'März 2027'],
  [
    'intent.travel',
    'hiking until 2027-06-30',
    'Hiking holiday, until 30 June 2027',
    'Wanderurlaub, bis 30. Juni 2027',
  ],
  ['contact.printed-catalogue', false, 'No', 'Nein'],
  ['contact.email', 'me@example.org', 'me@example.org', 'me@example.org'],
  ['contact.email', true, 'only that there is one', 'nur, dass es eine Angabe gibt'],
])('%s: %j is shown in words', (id, value, en, de) => {
  const row = attribute(id) as Attribute;
  expect(showValue(row, value, 'en')).toBe(en);
  expect(showValue(row, value, 'de')).toBe(de);
});

test('what the vocabulary does not know is shown as it is', () => {
  const row = attribute('preference.coffee-roast') as Attribute;
  expect(showValue(row, 'charcoal', 'en')).toBe('charcoal');
  expect(showValue(row, ['light', 'charcoal'], 'en')).toBe('Light roast, charcoal');
});
