import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Brand, enrol, SdkError } from '@zusage/protocol/brand';
import { Consent } from './consent.ts';
import { type Handler, listen } from './http.ts';
import { documentOf, loadBrand } from './identity.ts';
import { OFFER, type Offer } from './offer.ts';
import { privacyPage } from './pages/privacy.ts';
import { PRODUCTS, type Product } from './products.ts';
import { repeat } from './repeat.ts';
import { routes } from './routes.ts';
import { ShopStore } from './store.ts';

export type DemoShopOptions = {
  /** 0 for any free one. */
  port: number;
  /** Origin of the vault service. */
  vault: string;
  /** The shop's own folder: its key and its database. */
  dataDir: string;
  name?: string;
  offer?: Offer;
  products?: readonly Product[];
  /** Seconds for which a verdict is relied on at most; the service's `valid_for` is the other limit. */
  maxVerdictAge?: number;
  /** Seconds between two looks at grants nobody visits with; at most an hour. */
  sweepEvery?: number;
  /** What runs the sweep again and again; a test has its own clock. */
  repeatedly?: typeof repeat;
};

/** Seconds within which everything the shop holds is checked again, whatever its settings say. */
const HOUR = 3600;

export type DemoShop = {
  /** `http://localhost:<port>` */
  readonly url: string;
  readonly did: string;
  /** Deletes what is over and hands it back, as the shop does by itself every `sweepEvery` seconds. */
  sweep: () => Promise<void>;
  close: () => Promise<void>;
};

/**
 * Opens the shop: serves its pages and its brand document, and enrols itself at the vault service, for which it waits.
 * @throws the listen error, such as EADDRINUSE; SdkError `vault/*` when it cannot enrol
 */
export async function startDemoShop(options: DemoShopOptions): Promise<DemoShop> {
  const { vault, dataDir, name = 'Wegwarte', offer = OFFER, products = PRODUCTS } = options;
  const { maxVerdictAge = 300, repeatedly = repeat } = options;
  const sweepEvery = Math.min(HOUR, options.sweepEvery ?? Math.min(60, Math.max(1, maxVerdictAge)));
  // The DID names the port, so the handler can only be made once the port is known.
  let handler: Handler = async () => ({ status: 503, body: '' });
  const server = await listen(options.port, (request) => handler(request));
  const url = `http://localhost:${server.port}`;
  const did = `did:web:localhost%3A${server.port}`;
  const shop = { name, products };
  try {
    const brand = await loadBrand(did, dataDir);
    const file = join(dataDir, 'shop.sqlite');
    // SQLite gives its journal the rights of the database.
    closeSync(openSync(file, 'a', 0o600));
    const store = new ShopStore(file);
    const notice = privacyPage(shop, offer, vault);
    const document = await documentOf(brand, name, url, offer);
    const consent = new Consent({ store, brand, url, vault, offer, notice, maxVerdictAge });
    handler = routes({ shop, url, offer, store, consent, document, notice, sweepEvery });
    await enrolWhenUp(vault, brand);
    const sweeping = repeatedly(() => consent.sweep(), sweepEvery);
    return {
      url,
      did,
      sweep: () => consent.sweep(),
      close: async () => {
        await server.close();
        await sweeping.stop();
        store.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Milliseconds for which the shop waits for the vault service, and between two attempts. */
const PATIENCE = 15_000;
const PAUSE = 250;

async function enrolWhenUp(vault: string, brand: Brand): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await enrol(vault, brand);
    } catch (error) {
      const notUp = error instanceof SdkError && error.code === 'vault/unreachable';
      if (!notUp || performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
