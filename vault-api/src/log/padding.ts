import { randomInt } from 'node:crypto';

/** Lifecycle entries of one flush, padding included. */
const FLUSH_SIZES = [0, 4, 16, 64, 256] as const;

/** To how many entries a flush of so many is padded. */
export function paddedSize(entries: number): number {
  const size = FLUSH_SIZES.find((candidate) => candidate >= entries);
  if (size === undefined) throw new RangeError('a flush has at most 256 entries');
  return size;
}

/**
 * In an order drawn evenly from all those in which the items of one group keep theirs.
 * @param groupOf null for an item that is a group of its own
 */
export function shuffled<T>(items: readonly T[], groupOf: (item: T) => string | null): T[] {
  const places = [...items];
  for (let i = places.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [places[i], places[j]] = [places[j] as T, places[i] as T];
  }
  const waiting = new Map<string, T[]>();
  for (const item of items) {
    const group = groupOf(item);
    if (group !== null) waiting.set(group, [...(waiting.get(group) ?? []), item]);
  }
  return places.map((item) => {
    const group = groupOf(item);
    return group === null ? item : (waiting.get(group)?.shift() as T);
  });
}
