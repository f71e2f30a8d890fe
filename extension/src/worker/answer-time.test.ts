import { expect, test } from 'vitest';
import { ANSWER_TIME, drawAnswerTime, secureRandom } from './answer-time.ts';

/** A fixed sequence, so that the test says the same each time (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 2 ** 32;
  };
}

test('is log-normal with a median of 4 s, and never below 1.5 s or above 30 s', () => {
  const random = sequence(1);
  const times = Array.from({ length: 20_000 }, () => drawAnswerTime(random)).sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * times.length)] as number;
  expect(times[0]).toBeGreaterThanOrEqual(1_500);
  expect(times.at(-1)).toBeLessThanOrEqual(30_000);
  expect(at(0.5) / 4_000).toBeCloseTo(1, 1);
  // One standard deviation to each side of the median, in the logarithm.
  expect(Math.log(at(0.8413) / at(0.5))).toBeCloseTo(ANSWER_TIME.sigma, 1);
  expect(Math.log(at(0.5) / at(0.1587))).toBeCloseTo(ANSWER_TIME.sigma, 1);
});

test('the e2e build divides it', () => {
  expect(drawAnswerTime(() => 1, ANSWER_TIME.e2eDivisor)).toBe(80);
});

test('the random source is never 0, whose logarithm is no number', () => {
  for (let i = 0; i < 100; i++) {
    const drawn = secureRandom();
    expect(drawn > 0 && drawn <= 1).toBe(true);
  }
});
