import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { StartError } from './port.ts';
import { DATA } from './root.ts';

/**
 * Opens a browser window with the extension loaded and a page in it. Its profile stays in `.data`, so that the vault
 * is still there next time.
 * @param onClosed called when the window is gone
 * @throws StartError
 */
export async function openWindow(
  browserPath: string,
  extension: string,
  url: string,
  onClosed: () => void,
): Promise<{ close: () => Promise<void> }> {
  const isRoot = process.getuid?.() === 0;
  const launching = puppeteer.launch({
    executablePath: browserPath,
    headless: false,
    pipe: true,
    defaultViewport: null,
    enableExtensions: [extension],
    userDataDir: join(DATA, 'profile'),
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const browser = await launching.catch((cause: unknown) => {
    const why = 'Is there a display, and does it start by itself?';
    throw new StartError(`The browser at ${browserPath} could not be opened. ${why}`, { cause });
  });
  browser.once('disconnected', onClosed);
  const [page = await browser.newPage()] = await browser.pages();
  await page.goto(url);
  return {
    close: async () => {
      if (browser.connected) await browser.close();
    },
  };
}
