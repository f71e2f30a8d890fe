import { expect, test } from 'vitest';
import type { DayOfUseView } from '../../messages.ts';
import { barsOf } from './use-bars.ts';

const day = (day: string, uses: number): DayOfUseView => ({
  day,
  uses,
  last: null,
  attributes: [],
  purposes: [],
  denied: 0,
  lists: uses === 0 ? 1 : 0,
});

test('thirty days end today, each with its uses', () => {
  const bars = barsOf(
    [day('2026-11-22', 1), day('2026-11-20', 4), day('2026-09-01', 9)],
    '2026-11-23',
  );
  expect(bars).toMatchObject({ from: '2026-10-25', to: '2026-11-23', most: 4 });
  expect(bars?.uses).toHaveLength(30);
  expect(bars?.uses.slice(-4)).toEqual([4, 0, 1, 0]);
});

test('when it was used longer ago, they end with the latest use', () => {
  expect(barsOf([day('2026-03-30', 2)], '2026-11-23')).toMatchObject({
    from: '2026-03-01',
    to: '2026-03-30',
    most: 2,
  });
});

test('the turn of the clocks is a day like any other', () => {
  const bars = barsOf(
    [day('2026-10-26', 1), day('2026-10-25', 2), day('2026-10-24', 3)],
    '2026-10-27',
  );
  expect(bars?.uses.slice(-4)).toEqual([3, 2, 1, 0]);
});

test('without a use there is nothing to draw', () => {
  expect(barsOf([], '2026-11-23')).toBeNull();
  expect(barsOf([day('2026-11-22', 0)], '2026-11-23')).toBeNull();
});
