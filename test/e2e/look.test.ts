import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, test } from 'vitest';
import { Chromium } from './chromium.ts';
import { look, PICTURES } from './look.ts';

const profile = mkdtempSync(join(tmpdir(), 'zusage-look-'));
let browser: Browser;
beforeAll(async () => {
  browser = await Chromium.plain(profile);
});
afterAll(async () => {
  await browser.close();
  rmSync(profile, { recursive: true, maxRetries: 9 });
  // Among the pictures for people, this is of no screen.
  for (const picture of globSync(join(PICTURES, 'look-*.png'))) rmSync(picture);
});

test('a look that follows another sees no colours that are still on their way', async () => {
  const page = await browser.newPage();
  await page.setContent(`<!doctype html><html lang="en"><title>Look</title>
    <style>
      :root { color-scheme: light dark; color: light-dark(#000, #fff); background: light-dark(#fff, #000) }
      button { color: inherit; background: light-dark(#eee, #222); min-width: 3rem; min-height: 3rem }
      button:focus { outline: 3px solid }
      @media (prefers-reduced-motion: no-preference) { button { transition: background-color 20s } }
    </style>
    <main><h1>Look</h1><button>Go</button></main></html>`);
  await page.focus('button');
  await look(page, 'look-first');
  await look(page, 'look-second');
});
