import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBrowser } from './browser.ts';

let folder: string;
let chromium: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zusage-browser-'));
  chromium = join(folder, process.platform === 'win32' ? 'chromium.exe' : 'chromium');
  writeFileSync(chromium, '');
  chmodSync(chromium, 0o755);
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
