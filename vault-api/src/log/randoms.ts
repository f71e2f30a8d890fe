import { randomBytes } from 'node:crypto';

/** How many are fetched from the system at once: asking for each takes longer than what is done with it. */
const COUNT = 512;

/** @returns what gives fresh random bytes: so many of that size, one after the other */
export function randomsOf(size: number): (count?: number) => Buffer {
  let pool = Buffer.alloc(0);
  let used = 0;
  return (count = 1) => {
    const length = count * size;
    if (pool.length - used < length) {
      pool = randomBytes(Math.max(length, COUNT * size));
      used = 0;
    }
    used += length;
    return pool.subarray(used - length, used);
  };
}
