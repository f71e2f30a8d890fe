/** For the tests of this folder: real vaults in fake-indexeddb, and the one slow Argon2id run shared by a file's tests. */
// Before Dexie, which looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';
import { decodeBase64url } from '@zusage/protocol/bytes';
import { HEADER_ID, type Header, type SealedRow, VaultDatabase } from './database.ts';
import { VaultCryptoError } from './errors.ts';
import { DEFAULT_COST, type KdfCost } from './kdf.ts';
import { open } from './record.ts';
import { type AttributeRecord, SETTINGS, type SettingsRecord } from './records.ts';
import type { SessionStore } from './session.ts';
import { ready } from './sodium.ts';
import { subkey } from './subkeys.ts';
import { Vault } from './vault.ts';

export const PASSPHRASE = 'Grüße aus der Küche 7';
export const SERVICE = 'https://vault.example';
export const START = 1_700_000_000_000;

/** A session store that, like the browser's, keeps copies. */
export class MemorySession implements SessionStore {
  readonly held = new Map<string, unknown>();

  async get(key: string): Promise<unknown> {
    return structuredClone(this.held.get(key));
  }

  async set(key: string, value: unknown): Promise<void> {
    this.held.set(key, structuredClone(value));
  }

  async remove(key: string): Promise<void> {
    this.held.delete(key);
  }
}

export interface Disk {
  readonly header: Header | undefined;
  readonly rows: readonly SealedRow[];
}

export class Bench {
  readonly name: string;
  readonly session = new MemorySession();
  /** Outlives the browser. */
  readonly local = new MemorySession();
  readonly clock = { now: START, elapsed: 0 };
  /** What a passphrase costs from the next start on. */
  cost: KdfCost = DEFAULT_COST;
  database: VaultDatabase;
  vault: Vault;

  constructor(name: string) {
    this.name = name;
    this.database = new VaultDatabase(name);
    this.vault = this.#newVault();
  }

  /** The worker died: a new one finds what is on the disk and in the session. */
  restart(): Vault {
    this.database.close();
    this.database = new VaultDatabase(this.name);
    this.vault = this.#newVault();
    return this.vault;
  }

  /** The browser was closed, too: nothing of the session is left, and the other clock begins anew. */
  restartBrowser(): Vault {
    this.session.held.clear();
    this.clock.elapsed = 0;
    return this.restart();
  }

  /** A second instance beside the first, with a connection of its own. */
  another(): Vault {
    const database = new VaultDatabase(this.name);
    return new Vault({ session: this.session, database, now: () => this.clock.now });
  }

  async disk(): Promise<Disk> {
    const rows = await this.database.records.orderBy('id').toArray();
    return { header: await this.database.header.get(HEADER_ID), rows };
  }

  /** Puts the disk back to an earlier state, as somebody with the profile folder could. */
  async restore({ header, rows }: Disk): Promise<void> {
    await this.database.records.clear();
    await this.database.records.bulkPut([...rows]);
    if (header !== undefined) await this.database.header.put(header);
  }

  /** The header's row, which a bench with a vault has. */
  async header(): Promise<Header> {
    return there((await this.disk()).header);
  }

  async row(id: string): Promise<SealedRow> {
    return there(await this.database.records.get(id));
  }

  /** The ids of the rows that hold records; the others are the manifest's. The vault is unlocked. */
  async recordIds(): Promise<string[]> {
    await ready;
    const held = (await this.session.get('vault.unlocked')) as { key: string };
    const key = subkey(decodeBase64url(held.key), 'records');
    const isRecord = ({ id, sealed }: SealedRow) => {
      try {
        return open(key, 'records', id, sealed).length > 0;
      } catch (error) {
        if (error instanceof VaultCryptoError) return false;
        throw error;
      }
    };
    return (await this.disk()).rows.filter(isRecord).map(({ id }) => id);
  }

  async settings(): Promise<SettingsRecord> {
    return there(await this.vault.get('settings', SETTINGS));
  }

  async changeSettings(change: Partial<SettingsRecord>): Promise<void> {
    await this.vault.update('settings', SETTINGS, (settings) => ({
      ...there(settings),
      ...change,
    }));
  }

  #newVault(): Vault {
    const { session, local, database, clock, cost } = this;
    const clocks = { now: () => clock.now, elapsed: () => clock.elapsed };
    return new Vault({ session, local, database, ...clocks, cost });
  }
}

let count = 0;
let template: Promise<{ disk: Disk; held: ReadonlyMap<string, unknown> }> | undefined;

/** A bench without a vault. */
export function emptyBench(): Bench {
  count += 1;
  return new Bench(`vault-${count}`);
}

/** A bench with an unlocked, empty vault under PASSPHRASE. */
export async function unlockedBench(): Promise<Bench> {
  template ??= (async () => {
    const first = emptyBench();
    await first.vault.create(PASSPHRASE, { vaultService: SERVICE });
    return { disk: await first.disk(), held: first.session.held };
  })();
  const { disk, held } = await template;
  const bench = emptyBench();
  await bench.restore(disk);
  for (const [key, value] of held) await bench.session.set(key, value);
  return bench;
}

export function shoe(value: string): AttributeRecord {
  return {
    id: 'size.shoe',
    value,
    source: 'entered',
    enteredOn: '2026-11-01',
    confirmedOn: '2026-11-01',
    precision: 'exact',
  };
}

/** Ids of the rows that hold a changed or new ciphertext in `after`. */
export function changedRows(before: Disk, after: Disk): string[] {
  const old = new Map(before.rows.map((row) => [row.id, row.sealed]));
  return after.rows
    .filter(({ id, sealed }) => Buffer.compare(old.get(id) ?? new Uint8Array(), sealed) !== 0)
    .map(({ id }) => id);
}

/** A value that the test itself has put there. */
export function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test expected a value here');
  return value;
}
