import { expect, test } from 'vitest';
import type { Attribute } from './attribute.ts';
import { attribute } from './find.ts';
import { freshness } from './freshness.ts';

const get = (id: string) => attribute(id) as Attribute;

test.each([
  ['mood.today', '2027-01-10', '2027-01-10', 'fresh'],
  ['mood.today', '2027-01-10', '2027-01-11', 'fading'],
  ['mood.today', '2027-01-10', '2027-01-12', 'stale'],
  ['context.pets', '2027-01-01', '2027-01-30', 'fresh'],
  ['context.pets', '2027-01-01', '2027-01-31', 'fading'],
  ['context.pets', '2027-01-01', '2027-03-02', 'stale'],
  ['size.shoe', '2027-01-01', '2027-12-31', 'fresh'],
  ['size.shoe', '2027-01-01', '2028-01-01', 'fading'],
  ['size.shoe', '2027-01-01', '2028-12-31', 'stale'],
  ['size.shoe', '2027-01-02', '2027-01-01', 'fresh'],
  ['size.shoe', '2027-01', '2027-01-01', 'stale'],
  ['size.shoe', '2027-01-01', 'today', 'stale'],
] as const)('%s confirmed on %s is on %s %s', (id, confirmed, today, state) => {
  expect(freshness(get(id), confirmed, today)).toBe(state);
});

test.each([
  ['hiking until 2027-06-30', '2027-06-30', 'fresh'],
  ['hiking until 2027-06-30', '2027-07-01', 'stale'],
  ['hiking until 2027-06-31', '2027-06-01', 'stale'],
  ['hiking', '2027-06-01', 'stale'],
  [undefined, '2027-06-01', 'stale'],
] as const)('the intent %j is on %s %s, whenever it was confirmed', (value, today, state) => {
  for (const confirmed of ['2020-01-01', today]) {
    expect(freshness(get('intent.travel'), confirmed, today, value)).toBe(state);
  }
});
