/** Words of a suggested passphrase: at least 60 bits with the lists as they are. */
const NUMBER = 6;

export type Suggestion = { words: string; bits: number };

/**
 * A passphrase of words drawn by the browser's secure random numbers, each word as likely as any other.
 * @param words distinct
 */
export function suggest(words: readonly string[]): Suggestion {
  const drawn = Array.from({ length: NUMBER }, () => words[below(words.length)]);
  return { words: drawn.join(' '), bits: Math.floor(NUMBER * Math.log2(words.length)) };
}

/** A random integer below `limit`; what would make the smaller ones likelier is drawn anew. */
function below(limit: number): number {
  const unbiased = 2 ** 32 - (2 ** 32 % limit);
  const drawn = new Uint32Array(1);
  do crypto.getRandomValues(drawn);
  while ((drawn[0] as number) >= unbiased);
  return (drawn[0] as number) % limit;
}
