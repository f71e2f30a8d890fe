import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll } from 'vitest';
import { Chromium } from './chromium.ts';

/** Without the extension and without a service, for what tests use themselves; there from the first test to the last. */
export function plainBrowser(): () => Browser {
  const profile = mkdtempSync(join(tmpdir(), 'zusage-plain-'));
  let browser: Browser;
  beforeAll(async () => {
    browser = await Chromium.plain(profile);
  });
  afterAll(async () => {
    await browser.close();
    rmSync(profile, { recursive: true, maxRetries: 9 });
  });
  return () => browser;
}
