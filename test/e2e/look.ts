import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'puppeteer-core';
import { expect } from 'vitest';
import { ROOT } from '../start/root.ts';
import { enlarges, keepsFocus, standsStill, walk } from './access.ts';

/** For people to look at; git ignores them. */
export const PICTURES = join(ROOT, 'test', 'screens');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What dark could break that light has not. */
const LOOKS = {
  light: {
    type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
  dark: { type: 'rule', values: ['color-contrast'] },
} satisfies Record<string, RunOptions['runOnly']>;

/**
 * Takes a picture of the whole page in light and dark, and fails with what axe finds in either, with what the keyboard
 * alone does not reach, and with what does not fit when it is enlarged.
 */
export async function look(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await keepsFocus(page, name);
  await page.evaluate(AXE);
  // A popup has the size of what is in it, and Chromium gives it no other.
  const { window, whole } = await sizesOf(page);
  const sizes = !page.url().endsWith('/popup.html');
  if (sizes) await page.setViewport(whole);
  for (const value of ['light', 'dark'] as const) {
    // Colours that are on their way to others are nobody's. What set out before, when the look before this one ended,
    // is on its way still.
    const still = { name: 'prefers-reduced-motion', value: 'reduce' };
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }, still]);
    await page.evaluate(arrive);
    const { violations, passes } = await page.evaluate(
      (options): Promise<AxeResults> =>
        (window as unknown as { axe: typeof import('axe-core') }).axe.run(options),
      { runOnly: LOOKS[value] } satisfies RunOptions,
    );
    const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
    expect(found, `${name}, ${value}`).toEqual([]);
    // An axe that looked at nothing finds nothing.
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
    await page.screenshot({ path: join(PICTURES, `${name}-${value}.png`) });
  }
  await standsStill(page, name);
  await walk(page, name);
  await enlarges(page, name);
  await page.emulateMediaFeatures([]);
  if (sizes) await page.setViewport(window);
}

function arrive(): void {
  for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
}

type Size = { width: number; height: number };

/** The page's size as it is, and the one at which nothing of it needs scrolling. */
function sizesOf(page: Page): Promise<{ window: Size; whole: Size }> {
  return page.evaluate(() => {
    const [width, height] = [innerWidth, innerHeight];
    const hidden = [document.documentElement, ...document.querySelectorAll('main')].map(
      ({ scrollHeight, clientHeight }) => scrollHeight - clientHeight,
    );
    return {
      window: { width, height },
      whole: { width, height: height + Math.max(...hidden) },
    };
  });
}
