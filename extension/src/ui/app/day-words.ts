import type { Day } from '../../messages.ts';
import { day } from '../dates.ts';

const known = new Map<Day, string>();

/** As `day`, for lists: to word a day takes longer than all else of a row, and few days stand in many rows. */
export function dayWords(value: Day): string {
  const words = known.get(value) ?? day(value);
  known.set(value, words);
  return words;
}
