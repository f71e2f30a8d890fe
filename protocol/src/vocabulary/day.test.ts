import { expect, test } from 'vitest';
import { dayNumber } from './day.ts';

test('counts real days from 1970', () => {
  expect(dayNumber('1970-01-01')).toBe(0);
  expect(dayNumber('2028-02-29')).toBe(21_243);
  expect(dayNumber('1900-01-01')).toBe(-25_567);
});

test.each(['2027-02-29', '2027-13-01', '2027-00-10', '2027-1-01', '1899-12-31', '3000-01-01', ''])(
  '%j is no day',
  (day) => {
    expect(dayNumber(day)).toBeNull();
  },
);
