import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BUDGETS, faultsOf, filesOf, measure } from './sizes.ts';

let output: string;
let build: string;
const put = (file: string, content: string) => writeFileSync(join(build, file), content);

beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'zusage-sizes-'));
  build = join(output, 'chrome-mv3-production');
  for (const folder of ['chunks', 'assets']) mkdirSync(join(build, folder), { recursive: true });
  for (const name of ['provider', 'relay', 'background']) put(`${name}.js`, '0');
  for (const name of ['popup', 'approval', 'app', 'welcome', 'practice']) {
    put(
      `${name}.html`,
      `<script type="module" src="/chunks/${name}.js"></script><link rel="stylesheet" href="/assets/all.css">`,
    );
    put(`chunks/${name}.js`, 'import{a}from"./shared.js";a()');
  }
  put('chunks/shared.js', 'export const a=()=>import("./later.js")');
  put('chunks/later.js', '0');
  put('chunks/unrelated.js', '0');
  put('assets/all.css', 'a{}');
  writeFileSync(join(output, 'zusage-chrome.zip'), 'PK');
});
afterEach(() => rmSync(output, { recursive: true }));

describe('size budgets', () => {
  test('a page counts its HTML, CSS and every chunk it loads, now or later', () => {
    expect(filesOf(build, 'popup.html').sort()).toEqual([
      'assets/all.css',
      'chunks/later.js',
      'chunks/popup.js',
      'chunks/shared.js',
      'popup.html',
    ]);
    expect(faultsOf(build)).toEqual([]);
  });

  test.each(['provider', 'relay', 'background'] as const)(
    'one byte too many in %s fails',
    (part) => {
      put(`${part}.js`, '0'.repeat(BUDGETS[part]));
      expect(faultsOf(build)).toEqual([]);
      put(`${part}.js`, '0'.repeat(BUDGETS[part] + 1));
      expect(faultsOf(build)).toEqual([`${part} has ${BUDGETS[part] + 1} bytes, 1 too many.`]);
    },
  );

  test('a shared chunk counts for each page that loads it', () => {
    put('chunks/later.js', '0'.repeat(BUDGETS.popup));
    const over = faultsOf(build);
    expect(over.map((fault) => fault.split(' ')[0])).toEqual(['popup', 'approval']);
  });

  test('a zip that is too large, or was not made, fails', () => {
    writeFileSync(join(output, 'zusage-chrome.zip'), '0'.repeat(BUDGETS.zip + 1));
    expect(faultsOf(build)[0]).toMatch(/^zip has/);
    rmSync(join(output, 'zusage-chrome.zip'));
    expect(faultsOf(build)).toEqual(['zip is missing.']);
    expect(measure(build).at(-1)?.bytes).toBe(0);
  });

  test('zod or the vocabulary in a page fails, and neither matters elsewhere', () => {
    put('background.js', 'class ZodError{}');
    put('chunks/unrelated.js', 'class ZodError{}');
    expect(faultsOf(build)).toEqual([]);
    put('chunks/popup.js', 'class ZodError{}');
    expect(faultsOf(build)).toEqual(['popup.html loads zod in chunks/popup.js.']);
    const ids = ['shoe', 'jacket', 'trousers', 'gloves', 'head', 'height'];
    put('chunks/popup.js', JSON.stringify(ids.map((id) => `size.${id}`)));
    expect(faultsOf(build)).toEqual(['popup.html loads the vocabulary in chunks/popup.js.']);
  });
});
