/** One line of the outcome: how ours compares to something else in the same run. */
export type Row = {
  readonly part: string;
  readonly what: string;
  /** Ours ÷ theirs, more is better; the median of all rounds. */
  readonly ratio: number;
  readonly target: number;
  /** The measured numbers behind it, in words. */
  readonly behind: string;
};

export const ROUNDS = 5;
/** How far a ratio may fall short of its target before `--check` fails. */
const TOLERANCE = 0.15;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}

/** A round measures all sides one after the other, so that what disturbs the machine disturbs them alike. */
export async function rounds<T>(measure: () => Promise<T>, count = ROUNDS): Promise<T[]> {
  await measure(); // Warm-up: compiled code and open files, thrown away.
  const measured: T[] = [];
  for (let round = 0; round < count; round++) measured.push(await measure());
  return measured;
}

/** @returns times a second */
export async function rateOf(times: number, work: () => Promise<void> | void): Promise<number> {
  const began = performance.now();
  await work();
  return (1000 * times) / (performance.now() - began);
}

export const isMet = ({ ratio, target }: Row): boolean => ratio >= target;
export const isFarOff = ({ ratio, target }: Row): boolean => ratio < target * (1 - TOLERANCE);

export function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
