import { afterEach, expect, test, vi } from 'vitest';
import { daysIn, usesAfter } from './grant-uses.ts';

afterEach(() => vi.unstubAllEnvs());

/** Noon where the test runs. */
const noon = (day: number) => Math.floor(new Date(2026, 10, day, 12).getTime() / 1000);
const NOW = noon(23);
const use = (at: number, attribute = 'size.shoe', decision = true) => ({
  at,
  purpose: 'https://w3id.org/dpv#ProvideProductRecommendations',
  attributes: [attribute],
  decision,
});

test('a day is the person’s own: late at night it may be another one elsewhere', () => {
  const at = Date.UTC(2026, 10, 22, 2) / 1000;
  for (const [zone, day] of [
    ['America/New_York', '2026-11-21'],
    ['Asia/Tokyo', '2026-11-22'],
  ] as const) {
    vi.stubEnv('TZ', zone);
    expect(usesAfter(undefined, { checks: [use(at)], searches: [] }, at).days).toMatchObject([
      { day, uses: 1 },
    ]);
  }
});

test('uses, denials and lists are counted by day, the latest day first', () => {
  const answer = {
    checks: [
      use(noon(20)),
      use(noon(22)),
      use(noon(22) + 60, 'preference.coffee-roast'),
      use(noon(22) + 70, 'contact.email', false),
    ],
    searches: [{ at: noon(21), kind: 'subject' }],
  };
  const uses = usesAfter(undefined, answer, NOW);
  expect(uses).toMatchObject({ count: 3, last: noon(22) + 60 });
  expect(uses.days).toMatchObject([
    {
      day: '2026-11-22',
      uses: 2,
      denied: 1,
      lists: 0,
      last: noon(22) + 60,
      attributes: ['size.shoe', 'preference.coffee-roast'],
    },
    { day: '2026-11-21', uses: 0, lists: 1, lastList: noon(21), attributes: [] },
    { day: '2026-11-20', uses: 1 },
  ]);
  expect([...daysIn(answer, NOW)].sort()).toEqual(['2026-11-20', '2026-11-21', '2026-11-22']);
});

test('the next page adds to the same day', () => {
  const first = usesAfter(undefined, { checks: [use(noon(22))], searches: [] }, NOW);
  const second = usesAfter(first, { checks: [use(noon(22) + 5)], searches: [] }, NOW);
  expect(second).toMatchObject({ count: 2, last: noon(22) + 5 });
  expect(second.days).toMatchObject([{ day: '2026-11-22', uses: 2 }]);
  expect(usesAfter(second, { checks: [], searches: [] }, NOW)).toEqual(second);
});

test('what was kept before uses were told by day keeps its count', () => {
  const uses = usesAfter({ count: 7, last: noon(1) }, { checks: [], searches: [] }, NOW);
  expect(uses).toEqual({ count: 7, last: noon(1), days: [] });
});

test('no answer of a service makes a day that no calendar has, or more days than a grant can have', () => {
  const far = usesAfter(undefined, { checks: [use(Number.MAX_SAFE_INTEGER)], searches: [] }, NOW);
  expect(far).toMatchObject({ last: NOW, days: [{ day: '2026-11-23' }] });
  const checks = Array.from({ length: 500 }, (_, i) => use(NOW - i * 86_400));
  const many = usesAfter(undefined, { checks, searches: [] }, NOW);
  expect(many.count).toBe(500);
  expect(many.days).toHaveLength(400);
  expect(many.days?.[0]?.day).toBe('2026-11-23');
});
