import type { DisclosedValue } from '@zusage/protocol/brand';
import { describe, expect, test } from 'vitest';
import { rank, toldUs } from './personalise.ts';
import { PRODUCTS } from './products.ts';
import { languageOf } from './words.ts';

const told = (values: Record<string, DisclosedValue['value']>) =>
  Object.fromEntries(
    Object.entries(values).map(([id, value]) => [
      id,
      { value, confirmed: '2026-11', precision: 'exact' as const },
    ]),
  );
const fitting = (values: Record<string, DisclosedValue['value']>) =>
  rank(PRODUCTS, told(values), 'en').filter(({ score }) => score > 0);

describe('the order of the shop', () => {
  test('is the shop\u2019s own when nothing was told', () => {
    expect(rank(PRODUCTS, {}, 'en').map(({ product }) => product)).toEqual(PRODUCTS);
  });

  test.each([
    ['a roast', { 'preference.coffee-roast': 'espresso' }, ['piazza'], 'Espresso roast'],
    ['a way of brewing', { 'preference.brew-method': ['cold-brew'] }, ['clearing'], 'Kaltbr|Cold'],
    ['an activity', { 'interest.outdoor': ['birdwatching'] }, ['hearth', 'daywalk'], 'Bird'],
    ['a journey', { 'intent.travel': 'skiing until 2099-01-31' }, ['firn', 'down'], '31 January'],
  ])('follows %s and says so', (_, values, first, words) => {
    const ranked = fitting(values as Record<string, DisclosedValue['value']>);
    expect(ranked.slice(0, first.length).map(({ product }) => product.id)).toEqual(first);
    for (const { reasons } of ranked) expect(reasons.join()).toMatch(new RegExp(words));
  });

  test('takes a range of sizes as the person gave it', () => {
    const shoes = fitting({ 'size.shoe': 'EU 35 - EU 38.5' });
    expect(shoes.map(({ product }) => product.id)).toContain('shallows');
    expect(shoes.map(({ product }) => product.id)).not.toContain('firn');
    expect(shoes[0]?.reasons).toEqual(['In stock in EU 35 to 38.5, the size you told us']);
  });

  test('is not changed by "only that there is one", nor by what the shop has no rule for', () => {
    expect(fitting({ 'intent.travel': true, 'size.gloves': 8 })).toEqual([]);
    expect(toldUs(told({ 'size.gloves': 8 }), 'de')).toEqual([
      { id: 'size.gloves', label: 'Handschuhgröße', shown: '8' },
    ]);
  });
});

test('the shop speaks the first of the visitor\u2019s languages that it knows', () => {
  expect(languageOf('fr, de-CH;q=0.8, en;q=0.7')).toBe('de');
  expect(languageOf('en-GB,en;q=0.9,de;q=0.8')).toBe('en');
  expect(languageOf('fr')).toBe('en');
  expect(languageOf(undefined)).toBe('en');
});
