/**
 * JSON that is read again and again, kept parsed by its text, at most `max` of them. Whoever gets it must not change it.
 * @returns the same object for the same text, so that what hangs on it (a key made ready for use) is found again, too
 */
export function keepParsed<T extends object>(max: number): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const value = JSON.parse(text) as T;
    if (kept.size >= max) kept.clear();
    kept.set(text, value);
    return value;
  };
}
