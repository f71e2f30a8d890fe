import { randomFillSync } from 'node:crypto';

/** How many are fetched from the system at once: asking for each takes longer than what is done with it. */
const COUNT = 512;

/** @returns what gives fresh random bytes, so many each time */
export function randomsOf(size: number): () => Buffer {
  const pool = Buffer.allocUnsafeSlow(COUNT * size);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += size;
    return Buffer.from(pool.subarray(used - size, used));
  };
}
