import { FormatError } from './errors.ts';
import { z } from './shape.ts';

/** ISO 8601 durations, of which the protocol uses whole days only: `P<n>D`, 1 to 36,500. */
export const Days = z.string().check(
  z.regex(/^P[1-9][0-9]{0,4}D$/),
  z.refine((text) => daysOf(text) <= 36_500),
);

export const SECONDS_PER_DAY = 86_400;

/** @throws FormatError `duration/syntax` */
export function daysOf(duration: string): number {
  const match = /^P([1-9][0-9]{0,4})D$/.exec(duration);
  if (match === null) throw new FormatError('duration/syntax');
  return Number(match[1]);
}
