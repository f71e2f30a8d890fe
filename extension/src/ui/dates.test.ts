import './browser-in-node.ts';

import { afterEach, expect, test } from 'vitest';
import { spoken } from './browser-in-node.ts';
import { clock, date, day, days, distance, due } from './dates.ts';
import { count, list } from './words.ts';

const DAY = 86_400;
/** Noon on 22 November 2026, wherever this is. */
const at = new Date(2026, 10, 22, 12).getTime() / 1000;

afterEach(() => {
  spoken.lang = 'en';
});

test('dates and distances are in the language of the sentences', () => {
  expect(date(at)).toBe('22 November 2026');
  expect(distance(at + 12 * DAY, at)).toBe('in 12 days');
  expect(distance(at + 365 * DAY, at)).toBe('in 12 months');
  expect(distance(at + 600, at)).toBe('in 10 minutes');
  spoken.lang = 'de';
  expect(date(at)).toBe('22. November 2026');
  expect(distance(at + 12 * DAY, at)).toBe('in 12 Tagen');
  expect(days(90)).toBe('90 Tage');
});

test('a day is the same day everywhere', () => {
  expect(day('2026-03-01')).toBe('1 March 2026');
  expect(day('not a day')).toBe('not a day');
});

test('a benefit is due within days, or at once', () => {
  expect(due('P1D')).toBe('within 1 day');
  expect(due('P0D')).toBe('at once');
  expect(due('next spring')).toBe('next spring');
});

test('a countdown never falls below zero', () => {
  expect(clock(570)).toBe('9:30');
  expect(clock(-3)).toBe('0:00');
});

test('numbers take the plural of their language', () => {
  expect(count('uses_count', 1)).toBe('1 time');
  expect(count('uses_count', 1234)).toBe('1,234 times');
  spoken.lang = 'de';
  expect(count('uses_count', 1234)).toBe('1.234-mal');
  expect(list(['a', 'b', 'c'])).toBe('a, b und c');
});
