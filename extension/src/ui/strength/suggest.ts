/** Words of a suggested passphrase: at least 60 bits with the lists as they are. */
const NUMBER = 6;

export type Suggestion = { words: string; bits: number };

/**
 * A passphrase of random words.
 * @param words distinct
 */
export function suggest(words: readonly string[]): Suggestion {
  return {
    words: draw(words, NUMBER).join(' '),
    bits: Math.floor(NUMBER * Math.log2(words.length)),
  };
}

/** Draws by the browser's secure random numbers, each time any of them as likely as any other. */
export function draw<T>(from: readonly T[], number: number): T[] {
  return Array.from({ length: number }, () => from[below(from.length)] as T);
}

/** A random integer below `limit`; what would make the smaller ones likelier is drawn anew. */
function below(limit: number): number {
  const unbiased = 2 ** 32 - (2 ** 32 % limit);
  const drawn = new Uint32Array(1);
  do crypto.getRandomValues(drawn);
  while ((drawn[0] as number) >= unbiased);
  return (drawn[0] as number) % limit;
}
