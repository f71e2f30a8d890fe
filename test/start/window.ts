import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { DATA } from './root.ts';

/**
 * Opens a browser window with the extension loaded and a page in it. Its profile stays in `.data`, so that the vault
 * is still there next time.
 * @param onClosed called when the person closes the window
 */
export async function openWindow(
  browserPath: string,
  extension: string,
  url: string,
  onClosed: () => void,
): Promise<{ close: () => Promise<void> }> {
  const isRoot = process.getuid?.() === 0;
  const browser = await puppeteer.launch({
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
  browser.once('disconnected', onClosed);
  const [page = await browser.newPage()] = await browser.pages();
  await page.goto(url);
  return {
    close: async () => {
      browser.off('disconnected', onClosed);
      await browser.close();
    },
  };
}
