import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  allowLoopback,
  type Brand,
  check,
  type RequestSession,
  type Verdict,
} from '@zusage/protocol/brand';
import { DATABASE_FILE } from '@zusage/vault-api/store/sqlite';
import type { Page } from 'puppeteer-core';
import { loadBrand } from '../demo-shop/identity.ts';
import { type DemoShop, type DemoShopOptions, startDemoShop } from '../demo-shop/shop.ts';
import { Chromium, copyExtension, type InstallOptions } from './chromium.ts';
import { Person } from './person.ts';
import { Service } from './service.ts';
import { Wire } from './wire.ts';

export type Shop = DemoShop & { brand: Brand; dataDir: string };

/** A grant as the shop's own database holds it. */
export type Held = {
  jti: string;
  pseudonym: string;
  jwt: string;
  request: string;
  values: string | null;
  handed_back: number | null;
};

/**
 * Everything there is: the vault service behind a wire, shops, and people's browsers, on free loopback ports and in one
 * temporary folder.
 */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'zusage-e2e-'));
  readonly wire = new Wire();
  readonly #opened: (() => Promise<void>)[] = [];
  #service: Service | undefined;
  #count = 0;

  static async open(): Promise<World> {
    const world = new World();
    await world.wire.open();
    world.#opened.push(() => world.wire.close());
    world.#service = await Service.start(world.vaultData, world.vault);
    world.wire.leadTo(world.#service.url);
    world.#opened.push(async () => world.#service?.close());
    return world;
  }

  /** Where people and shops find the vault service. */
  get vault(): string {
    return this.wire.url;
  }

  /** What the service wrote to its log. */
  get log(): string {
    return this.#service?.log ?? '';
  }

  get vaultData(): string {
    return join(this.folder, 'vault');
  }

  /** A shop that asks the service before each use. */
  async shop(options: Partial<DemoShopOptions> = {}): Promise<Shop> {
    const dataDir = join(this.folder, `shop-${++this.#count}`);
    const shop = await startDemoShop({
      port: 0,
      vault: this.vault,
      maxVerdictAge: 0,
      sweepEvery: 1,
      dataDir,
      ...options,
    });
    this.#opened.push(() => shop.close());
    return { ...shop, dataDir, brand: await loadBrand(shop.did, dataDir) };
  }

  /** A browser with the extension freshly installed. */
  async chromium(options: InstallOptions = {}): Promise<Installed> {
    const folder = join(this.folder, `browser-${++this.#count}`);
    mkdirSync(folder);
    const installed = new Installed(folder, copyExtension(join(folder, 'extension'), options));
    await installed.open();
    this.#opened.push(() => installed.close());
    return installed;
  }

  /** @param closing called at the end, before what was opened earlier */
  closes(closing: () => Promise<void>): void {
    this.#opened.push(closing);
  }

  /** What the service would answer the shop's server now. */
  check(shop: Shop, { pseudonym }: Held, purpose: string, attribute: string): Promise<Verdict> {
    const { vault } = this;
    const { brand } = shop;
    return check({ vault, brand, subject: pseudonym, purpose, attribute, [allowLoopback]: true });
  }

  /** The grants that the service has registered, with the columns a test looks at. */
  registered(): { jti: string; aud: string; ended_by: string | null; returned: number }[] {
    const sql = 'SELECT jti, aud, ended_by, returned FROM consent_grant ORDER BY registered_at';
    return rows(join(this.vaultData, DATABASE_FILE), sql);
  }

  async close(): Promise<void> {
    for (const close of this.#opened.reverse()) await close();
    // What a browser leaves behind may still write for a moment after it has ended.
    rmSync(this.folder, { recursive: true, maxRetries: 9 });
  }
}

/** One installation: it can be closed and opened again. */
export class Installed {
  readonly profile: string;
  readonly #extension: string;
  #chromium: Chromium | undefined;

  constructor(folder: string, extension: string) {
    this.profile = join(folder, 'profile');
    this.#extension = extension;
  }

  get chromium(): Chromium {
    if (this.#chromium === undefined) throw new Error('The browser is closed.');
    return this.#chromium;
  }

  async open(): Promise<Chromium> {
    this.#chromium = await Chromium.open(this.profile, this.#extension);
    return this.#chromium;
  }

  async close(): Promise<void> {
    await this.#chromium?.close();
    this.#chromium = undefined;
  }
}

/** The shop's own view of what it holds, oldest first. */
export function heldBy({ dataDir }: Shop): Held[] {
  const sql = 'SELECT jti, pseudonym, jwt, request, "values", handed_back FROM held_grant';
  return rows(join(dataDir, 'shop.sqlite'), sql);
}

/** What the shop keeps for the one request that is open. */
export function pendingRequest({ dataDir }: Shop): RequestSession {
  const [row] = rows<{ data: string }>(join(dataDir, 'shop.sqlite'), 'SELECT data FROM request');
  return JSON.parse(row?.data ?? 'null');
}

/** A person at a freshly installed browser, who has just created their vault; `page` is in front. */
export async function newPerson(
  world: World,
  url: string,
  options?: InstallOptions,
): Promise<{ installed: Installed; chromium: Chromium; person: Person; page: Page }> {
  const installed = await world.chromium(options);
  const { chromium } = installed;
  const person = new Person(chromium);
  const page = await chromium.goto(url);
  await person.createVault(world.vault);
  return { installed, chromium, person, page };
}

function rows<Row>(file: string, sql: string): Row[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}
