import { signal } from '@preact/signals';

/** The part of the address after `#/`, such as `sharing`; empty for the first screen of a page. */
export const route = signal(here());

function here(): string {
  return location.hash.replace(/^#\/?/, '');
}

/**
 * Keeps `route` in step with the address.
 * @param onChange called after each change
 * @returns stops it
 */
export function followRoute(onChange: () => void): () => void {
  const follow = () => {
    route.value = here();
    onChange();
  };
  window.addEventListener('hashchange', follow);
  return () => window.removeEventListener('hashchange', follow);
}

/** Goes to another screen of the same page. */
export function goTo(next: string): void {
  location.hash = `#/${next}`;
}
