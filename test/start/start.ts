import { join } from 'node:path';
import { ConfigError, parseConfig } from '@zusage/vault-api/config';
import { StoreError } from '@zusage/vault-api/errors';
import { PrivateFileError } from '@zusage/vault-api/private-file';
import { ListenError, startVaultApi } from '@zusage/vault-api/service';
import { startDemoShop } from '../demo-shop/shop.ts';
import { findBrowser, HOW_TO_GET_ONE, hasDisplay } from './browser.ts';
import { buildExtension, outputOf } from './extension-build.ts';
import { assertListening, assertPortFree, StartError } from './port.ts';
import { DATA } from './root.ts';
import { openWindow } from './window.ts';

/** `npm start`: everything on this machine, until Ctrl-C. */
const SHOP_PORT = 4620;

/** Failures that are one sentence for the person at the terminal. */
const SENTENCES = [StartError, ConfigError, ListenError, PrivateFileError, StoreError];

const say = (line: string) => console.log(line);
const stopping = new AbortController();
/** What was opened, in this order; closed in the opposite one. */
const opened: (() => Promise<void>)[] = [];
let closing: Promise<void> | undefined;

function close(): Promise<void> {
  closing ??= (async () => {
    stopping.abort();
    for (const closeOne of opened.reverse()) await closeOne();
  })();
  return closing;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    say('Stopping.');
    close().then(() => process.exit(0));
  });
}

// The shop strips the types of its page script with a function that Node still calls experimental.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => {
  if (name !== 'ExperimentalWarning') console.error(`${name}: ${message}`);
});

async function start(): Promise<void> {
  const config = parseConfig({
    ZUSAGE_DEVELOPMENT: 'true',
    ZUSAGE_DATA: join(DATA, 'vault'),
    ZUSAGE_LOG_LEVEL: 'warn',
    ...process.env,
  });
  await assertPortFree(config.port, config.host, 'The vault service');
  for (const host of ['127.0.0.1', '::1']) await assertPortFree(SHOP_PORT, host, 'The demo shop');
  const browser = hasDisplay() ? findBrowser() : null;
  if (hasDisplay() && browser === null) {
    throw new StartError(`No Chromium was found to show the shop in. ${HOW_TO_GET_ONE}`);
  }

  say('Building the extension …');
  const build = await buildExtension('development', { quiet: true, signal: stopping.signal });
  if (closing) return;
  if (build.code !== 0) {
    console.error(build.output);
    throw new StartError('The extension could not be built; the lines above say why.');
  }
  const extension = outputOf('development');

  say('Starting the vault service …');
  const api = await startVaultApi(config);
  opened.push(() => api.close());
  say('Starting the demo shop …');
  const shop = await startDemoShop({
    port: SHOP_PORT,
    vault: api.url,
    dataDir: join(DATA, 'shop'),
  }).catch((error: NodeJS.ErrnoException) => {
    assertListening(error.code, SHOP_PORT, 'The demo shop');
    throw error;
  });
  opened.push(() => shop.close());

  if (browser !== null) {
    say('Opening the browser …');
    const onClosed = () => {
      if (!closing) say('The window is closed; everything else goes on until Ctrl-C.');
    };
    const window = await openWindow(browser, extension, shop.url, onClosed);
    opened.push(() => window.close());
  }
  if (!closing) sayReady({ shop: shop.url, api: api.url, extension, hasWindow: browser !== null });
}

function sayReady(at: { shop: string; api: string; extension: string; hasWindow: boolean }): void {
  say('');
  say('Zusage is ready.');
  say(`  Demo shop         ${at.shop}`);
  say(`  What it holds     ${at.shop}/admin`);
  say(`  Vault service     ${at.api}`);
  say(`  Its API           ${at.api}/docs`);
  say(`  Extension         ${at.extension}`);
  say('');
  if (at.hasWindow) {
    say('In the window: create your vault in the tab “Zusage”, then personalise the shop.');
  } else {
    say(
      "There is no display. To see it, load the extension's folder in Chromium: chrome://extensions, Developer mode, Load unpacked.",
    );
  }
  say('Ctrl-C stops everything.');
}

try {
  await start();
} catch (error) {
  if (!closing) {
    const sentence = SENTENCES.some((kind) => error instanceof kind);
    console.error(sentence ? (error as Error).message : error);
    await close();
    process.exit(1);
  }
}
