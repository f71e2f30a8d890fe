import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type Interval, intervalOf, statesAt } from './grant-state.ts';

const head = (size: number, ...times: number[]) => ({
  size,
  cosignatures: times.map((time, i) => ({ name: `w${i}`, time })),
});

describe('an entry came into the log between', () => {
  test('the last checkpoint without it and the first one with it', () => {
    const heads = [head(3, 10), head(7, 20), head(8, 30), head(20, 40)];
    expect(intervalOf(7, heads, 1)).toEqual({ after: 20, before: 30 });
    expect(intervalOf(0, heads, 1)).toEqual({ after: null, before: 10 });
    expect(intervalOf(20, heads, 1)).toEqual({ after: 40, before: null });
  });

  test('times that as many witnesses vouch for as were demanded', () => {
    const heads = [head(7, 20, 25, 22), head(8, 30, 50, 33)];
    expect(intervalOf(7, heads, 1)).toEqual({ after: 25, before: 30 });
    expect(intervalOf(7, heads, 2)).toEqual({ after: 22, before: 33 });
    expect(intervalOf(7, heads, 3)).toEqual({ after: 20, before: 50 });
    expect(intervalOf(7, heads, 4)).toEqual({ after: null, before: null });
  });

  test('nothing, where nobody cosigned', () => {
    expect(intervalOf(7, [head(3), head(9)], 0)).toEqual({ after: null, before: null });
  });
});

const span = (after: number | null, before: number | null): Interval => ({ after, before });
const period = { nbf: 100, exp: 1000 };
const life = [
  { type: 'registered', interval: span(100, 110) },
  { type: 'suspended', interval: span(200, 210) },
  { type: 'withdrawn', interval: span(300, 310) },
] as const;

test.each([
  [99, ['not-registered']],
  [105, ['not-registered', 'active']],
  [110, ['active']],
  [199, ['active']],
  [205, ['active', 'suspended']],
  [299, ['suspended']],
  [310, ['ended']],
])('at %i it may have been %j', (at, states) => {
  expect(statesAt(life, at, period)).toEqual(states);
});

test('the person’s own limits count besides', () => {
  const alone = life.slice(0, 1);
  expect(statesAt(alone, 999, period)).toEqual(['active']);
  expect(statesAt(alone, 1000, period)).toEqual(['expired']);
  expect(statesAt(alone, 150, { nbf: 160, exp: 1000 })).toEqual(['not-yet']);
  expect(statesAt(life, 2000, period)).toEqual(['ended']);
});

const bound = fc.option(fc.nat({ max: 50 }), { nil: null });
property.prop([fc.array(fc.tuple(bound, bound), { maxLength: 5 }), fc.nat({ max: 60 })])(
  'whatever the truth within the intervals is, it is among the possible states',
  (bounds, at) => {
    const types = ['registered', 'suspended', 'resumed', 'withdrawn', 'restored'] as const;
    // True times in order, and intervals around them.
    let time = 0;
    const events = bounds.map(([before, after], i) => {
      time += (before ?? 3) + 1;
      const interval = span(
        before === null ? null : time - before,
        after === null ? null : time + after,
      );
      return { type: types[i] as (typeof types)[number], interval, time };
    });
    const truth = events.findLast((event) => event.time <= at)?.type;
    const states = {
      registered: 'active',
      suspended: 'suspended',
      resumed: 'active',
      withdrawn: 'ended',
      restored: 'active',
    } as const;
    expect(statesAt(events, at, null)).toContain(
      truth === undefined ? 'not-registered' : states[truth],
    );
  },
);
