import { FormatError } from './errors.ts';
import { z } from './shape.ts';

const DAYS = /^P([1-9][0-9]{0,3})D$/;

/** ISO 8601 durations, of which the protocol uses whole days only: `P<n>D`, 1 to 9,999. */
export const Days = z.string().check(z.regex(DAYS));

export const SECONDS_PER_DAY = 86_400;

/** @throws FormatError `duration/syntax` */
export function daysOf(duration: string): number {
  const match = DAYS.exec(duration);
  if (match === null) throw new FormatError('duration/syntax');
  return Number(match[1]);
}
