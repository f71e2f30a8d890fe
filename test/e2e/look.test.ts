import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { look, PICTURES } from './look.ts';
import { plainBrowser } from './plain-browser.ts';

const browser = plainBrowser();
// Among the pictures for people, these are of no screen.
afterAll(() => {
  for (const picture of globSync(join(PICTURES, 'look-*.png'))) rmSync(picture);
});

test('a look that follows another sees no colours that are still on their way', async () => {
  const page = await browser().newPage();
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
