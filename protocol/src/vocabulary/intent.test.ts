import { expect, test } from 'vitest';
import { splitUntil, withUntil } from './intent.ts';

test('an intent gives back its value and its date', () => {
  for (const value of ['hiking', 'wait until spring', 'x until 2027-01-01']) {
    expect(splitUntil(withUntil(value, '2027-06-30'))).toEqual({ value, until: '2027-06-30' });
  }
});

test.each(['hiking', 'hiking until', ' until 2027-06-30', 'hiking until 2027-06-30 or later', ''])(
  '%j has no date',
  (value) => {
    expect(splitUntil(value)).toBeNull();
  },
);
