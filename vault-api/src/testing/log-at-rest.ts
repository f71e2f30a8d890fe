import type { Rest } from '../log/keep-log.ts';

/**
 * For a world in which nothing happens by itself: after its first look the log rests until the end, so that what a test
 * compares on the database is only what it has brought about.
 */
export function logAtRest(): { readonly rest: Rest; readonly isAtRest: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const rest: Rest = (stopping) =>
    new Promise((over) => {
      resolve();
      if (stopping.aborted) over();
      stopping.addEventListener('abort', () => over(), { once: true });
    });
  return { rest, isAtRest: promise };
}
