import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIREFOX, findBrowser } from './browser.ts';

let folder: string;
let chromium: string;
let firefox: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zusage-browser-'));
  const suffix = process.platform === 'win32' ? '.exe' : '';
  chromium = join(folder, `chromium${suffix}`);
  firefox = join(folder, `firefox${suffix}`);
  for (const program of [chromium, firefox]) {
    writeFileSync(program, '');
    chmodSync(program, 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test('CHROME_PATH comes before the PATH', () => {
  expect(findBrowser({ CHROME_PATH: process.execPath, PATH: folder })).toBe(process.execPath);
  expect(findBrowser({ PATH: folder })).toBe(chromium);
});

test('a CHROME_PATH without a program is said, not passed over', () => {
  const environment = { CHROME_PATH: join(folder, 'nothing'), PATH: folder };
  expect(() => findBrowser(environment)).toThrow('CHROME_PATH is set');
});

test('Firefox is found in the same way, by its own variable', () => {
  const environment = { CHROME_PATH: chromium, PATH: folder };
  expect(findBrowser(environment, FIREFOX)).toBe(firefox);
  expect(findBrowser({ ...environment, FIREFOX_PATH: process.execPath }, FIREFOX)).toBe(
    process.execPath,
  );
  expect(() => findBrowser({ FIREFOX_PATH: join(folder, 'nothing') }, FIREFOX)).toThrow(
    'FIREFOX_PATH is set',
  );
});
