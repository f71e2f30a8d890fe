/** Milliseconds between two looks at a state, and for how long one is waited for. */
const PAUSE = 50;
const PATIENCE = 30_000;

/**
 * Waits for a state of something that tells nobody when it changes: a file, a service, a list of windows.
 * @param look null, undefined or false: not yet
 * @param what completes the sentence "Waited in vain for …"
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
): Promise<Exclude<NonNullable<T>, false>> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false)
      return seen as Exclude<NonNullable<T>, false>;
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
