/**
 * When a page hears of an answer that no person gave: the time at which people cancel the browser's own
 * dialog, so that silence cannot be told from a person. All constants of it are here; milliseconds.
 */
export const ANSWER_TIME = {
  median: 4_000,
  /** Standard deviation of the logarithm. */
  sigma: 0.6,
  shortest: 1_500,
  longest: 30_000,
  /** The e2e build divides by this. */
  e2eDivisor: 50,
} as const;

/**
 * Log-normal, clamped.
 * @param random uniform in (0, 1]
 * @returns milliseconds
 */
export function drawAnswerTime(random: () => number, divisor = 1): number {
  // Box and Muller 1958: two uniform numbers make a normal one.
  const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const { median, sigma, shortest, longest } = ANSWER_TIME;
  const drawn = median * Math.exp(sigma * normal);
  return Math.round(Math.min(longest, Math.max(shortest, drawn)) / divisor);
}

/** Uniform in (0, 1] from the browser's secure source: a page must not foresee the time. */
export function secureRandom(): number {
  const [word] = crypto.getRandomValues(new Uint32Array(1)) as unknown as [number];
  return (word + 1) / 2 ** 32;
}
