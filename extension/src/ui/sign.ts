import { signal } from '@preact/signals';
import { browser } from './browser.ts';

/** Each has a shade for light and one for dark in `base.css`, readable with the text on it. */
export const COLOURS = ['green', 'blue', 'violet', 'red', 'brown', 'grey'] as const;
export type Colour = (typeof COLOURS)[number];

/**
 * What the person recognises our windows by; a page can draw a window like ours, but does not know this. Not a value:
 * it must be visible while the vault is locked, so it is stored as it is.
 */
export type Sign = { phrase: string; colour: Colour };

const KEY = 'sign';

export const sign = signal<Sign | null>(null);

/** Reads it, now and whenever it changes. */
export async function followSign(): Promise<void> {
  const read = async () => {
    const stored = (await browser.storage.local.get(KEY))[KEY] as Sign | undefined;
    sign.value = stored ?? null;
    if (stored) document.documentElement.dataset.colour = stored.colour;
  };
  browser.storage.local.onChanged.addListener(() => void read());
  await read();
}

export function saveSign(next: Sign): Promise<void> {
  return browser.storage.local.set({ [KEY]: next });
}
