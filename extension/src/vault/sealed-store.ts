/**
 * Sealed records in the database, given the records subkey; knows nothing of passphrases, sessions or deadlines.
 *
 * Every change is one IndexedDB transaction over record and manifest, and everything inside it but the database itself
 * is synchronous: a worker killed at any moment leaves the old state or the new one.
 */
import { encodeBase64url } from '@zusage/protocol/bytes';
import { type Contents, type Entry, openEntry, type Place, readContents } from './contents.ts';
import { HEADER_ID, type Header, type SealedRow, stored, type VaultDatabase } from './database.ts';
import { VaultCryptoError, VaultRefusal } from './errors.ts';
import {
  emptyManifest,
  type Integrity,
  type Manifest,
  openManifest,
  sealManifest,
} from './manifest.ts';
import { SCHEMA_VERSION, seal } from './record.ts';
import {
  type Kind,
  type Kinds,
  SETTINGS,
  type SettingsRecord,
  type VaultEntry,
} from './records.ts';
import { randomBytes } from './sodium.ts';
import type { Wrapping } from './wrapping.ts';

/** Gives the new value, or undefined to remove the record. */
export type Change<K extends Kind> = (
  current: Kinds[K] | undefined,
  integrity: Integrity,
) => Kinds[K] | undefined;

/** One record of a write of several: a value to keep, a change of what is there, or a removal. */
export type RecordWrite = {
  [K in Kind]: { readonly kind: K; readonly key: string } & (
    | { readonly value: Kinds[K] }
    | { readonly change: Change<K> }
    | { readonly remove: true }
  );
}[Kind];

/** Gives the new ways in. */
export type Rewrap = (current: readonly Wrapping[]) => readonly Wrapping[];

export class SealedStore {
  readonly #database: VaultDatabase;

  constructor(database: VaultDatabase) {
    this.#database = database;
  }

  /** @throws VaultRefusal `vault/storage` */
  header(): Promise<Header | undefined> {
    return stored(() => this.#database.header.get(HEADER_ID));
  }

  /** @param entries what the vault holds from the beginning @throws VaultRefusal `vault/exists`, `vault/storage` */
  async create(
    recordsKey: Uint8Array,
    wrapping: Wrapping,
    settings: SettingsRecord,
    entries: readonly VaultEntry[] = [],
  ): Promise<Contents> {
    const manifest = emptyManifest();
    const header: Header = {
      id: HEADER_ID,
      version: SCHEMA_VERSION,
      wrappings: [wrapping],
      manifest: randomId(),
    };
    const rows = [...entries, { kind: 'settings', key: SETTINGS, value: settings } as const].map(
      ({ kind, key, value }) => sealEntry(recordsKey, manifest, randomId(), kind, key, value),
    );
    rows.push(manifestRow(recordsKey, header.manifest, manifest));
    const { records, header: headers } = this.#database;
    await stored(() =>
      this.#database.transaction('rw', records, headers, async () => {
        if ((await headers.get(HEADER_ID)) !== undefined) throw new VaultRefusal('vault/exists');
        // Rows without a header belong to no vault that could ever be opened.
        await records.clear();
        await headers.add(header);
        await records.bulkAdd(rows);
      }),
    );
    return readContents(recordsKey, header, rows);
  }

  /** Opens every record once. @throws VaultRefusal `vault/none`, `vault/storage` */
  async load(recordsKey: Uint8Array): Promise<Contents> {
    const header = await this.header();
    if (header === undefined) throw new VaultRefusal('vault/none');
    const rows = await stored(() => this.#database.records.toArray());
    return readContents(recordsKey, header, rows);
  }

  /** @throws VaultCryptoError `vault/corrupt`, `vault/rolled-back`; VaultRefusal `vault/storage` */
  async read<K extends Kind>(
    recordsKey: Uint8Array,
    contents: Contents,
    kind: K,
    key: string,
  ): Promise<Kinds[K] | undefined> {
    const at = place(contents, kind, key);
    if (at === undefined) return undefined;
    const row = await stored(() => this.#database.records.get(at.id));
    return checkedEntry(recordsKey, at, row).value as Kinds[K];
  }

  /** @throws as `read` */
  async readAll<K extends Kind>(
    recordsKey: Uint8Array,
    contents: Contents,
    kind: K,
  ): Promise<Kinds[K][]> {
    const places = [...(contents.index.get(kind)?.values() ?? [])];
    const rows = await stored(() => this.#database.records.bulkGet(places.map(({ id }) => id)));
    return places.map((at, i) => checkedEntry(recordsKey, at, rows[i]).value as Kinds[K]);
  }

  /** Deletes everything, in one transaction. @throws VaultRefusal `vault/storage` */
  async erase(): Promise<void> {
    const { records, header } = this.#database;
    await stored(() =>
      this.#database.transaction('rw', records, header, async () => {
        await header.clear();
        await records.clear();
      }),
    );
  }

  /** Every record that can be read. @throws as `read` */
  async readEverything(recordsKey: Uint8Array, contents: Contents): Promise<VaultEntry[]> {
    const names = [...contents.index].flatMap(([kind, keys]) =>
      [...keys].map(([key, at]) => ({ kind, key, at })),
    );
    const rows = await stored(() => this.#database.records.bulkGet(names.map(({ at }) => at.id)));
    return names.map(({ kind, key, at }, i) => {
      const { value } = checkedEntry(recordsKey, at, rows[i]);
      return { kind, key, value } as VaultEntry;
    });
  }

  /**
   * Changes the ways in and nothing else. `rewrap` runs inside the transaction, and what it throws is passed on.
   *
   * @throws VaultRefusal `vault/none`, `vault/read-only`, `vault/storage`
   */
  rewrap(rewrap: Rewrap): Promise<void> {
    return this.#write(async (header, callersOwn) => {
      const wrappings = callersOwn(() => rewrap(header.wrappings));
      await this.#database.header.put({ ...header, wrappings });
    });
  }

  /**
   * Writes all of them or none, one after the other: a later one of the same record sees what the earlier left. Each
   * `change` runs inside the transaction, and what it throws is passed on with nothing written. With `rewrap` the ways
   * in change together with the records.
   *
   * @returns what each left, in the same order; undefined for a record that is not there afterwards
   * @throws VaultRefusal `vault/none`, `vault/read-only`, `vault/storage`
   * @throws VaultCryptoError `vault/corrupt`, `vault/rolled-back`
   */
  write(
    recordsKey: Uint8Array,
    known: Contents,
    writes: readonly RecordWrite[],
    rewrap?: Rewrap,
  ): Promise<{ contents: Contents; values: unknown[] }> {
    const { records, header: headers } = this.#database;
    return this.#write(async (header, callersOwn) => {
      if (known.integrity.manifestLost) throw new VaultCryptoError('vault/corrupt');
      const listed = await records.get(header.manifest);
      const manifest = openManifest(recordsKey, header.manifest, listed?.sealed);
      if (manifest.revision < known.manifest.revision)
        throw new VaultCryptoError('vault/rolled-back');
      // A higher revision: someone else wrote, and the index is of the past.
      const contents =
        manifest.revision === known.manifest.revision
          ? known
          : readContents(recordsKey, header, await records.toArray());
      const { integrity } = contents;
      const before = await this.#current(recordsKey, contents, writes);
      const after = new Map<string, Written>();
      const values = writes.map((write) => {
        const name = nameOf(write);
        const current = after.has(name) ? after.get(name)?.value : before.get(name);
        const value = callersOwn(() => newValue(write, current, integrity));
        after.set(name, { write, value });
        return value;
      });
      if (rewrap !== undefined) {
        const wrappings = callersOwn(() => rewrap(header.wrappings));
        await headers.put({ ...header, wrappings });
      }

      const index = new Map(contents.index);
      const rows: SealedRow[] = [];
      const gone: string[] = [];
      for (const { write, value } of after.values()) {
        const { kind, key } = write;
        const at = place(contents, kind, key);
        if (at === undefined && value === undefined) continue;
        const id = at?.id ?? randomId();
        const held = index.get(kind);
        const keys = held === contents.index.get(kind) ? new Map(held) : (held ?? new Map());
        index.set(kind, keys);
        if (value === undefined) {
          manifest.revision += 1;
          manifest.entries.delete(id);
          keys.delete(key);
          gone.push(id);
        } else {
          rows.push(sealEntry(recordsKey, manifest, id, kind, key, value));
          keys.set(key, { id, revision: manifest.revision });
        }
      }
      if (rows.length + gone.length === 0) return { contents, values };
      manifest.unresolved = !integrity.ok;
      rows.push(manifestRow(recordsKey, header.manifest, manifest));
      if (gone.length > 0) await records.bulkDelete(gone);
      await records.bulkPut(rows);
      return { contents: { manifest, index, integrity }, values };
    });
  }

  /** What is kept now of each record that is to be written, by `nameOf`. */
  async #current(
    recordsKey: Uint8Array,
    contents: Contents,
    writes: readonly RecordWrite[],
  ): Promise<Map<string, unknown>> {
    const places = new Map<string, Place>();
    for (const write of writes) {
      const at = place(contents, write.kind, write.key);
      if (at !== undefined) places.set(nameOf(write), at);
    }
    const rows = await this.#database.records.bulkGet([...places.values()].map(({ id }) => id));
    return new Map(
      [...places].map(([name, at], i) => [name, checkedEntry(recordsKey, at, rows[i]).value]),
    );
  }

  /**
   * Goes on with what can still be read, under a new manifest and with a new stop root.
   *
   * @throws VaultRefusal `vault/none`, `vault/read-only`, `vault/storage`
   */
  acceptLoss(recordsKey: Uint8Array): Promise<Contents> {
    const { records } = this.#database;
    return this.#write(async (header) => {
      const rows = await records.toArray();
      const left = readContents(recordsKey, header, rows);
      const places = [...left.index.values()].flatMap((keys) => [...keys.values()]);
      const manifest: Manifest = {
        revision: Math.max(left.manifest.revision, ...places.map((at) => at.revision)) + 1,
        unresolved: false,
        entries: new Map(places.map((at) => [at.id, at.revision])),
      };
      const settingsId = place(left, 'settings', SETTINGS)?.id;
      const kept = rows
        .filter(({ id }) => manifest.entries.has(id))
        .map((row) => {
          if (row.id !== settingsId) return row;
          const settings: SettingsRecord = {
            ...(openEntry(recordsKey, row).value as SettingsRecord),
            stopRoot: newStopRoot(),
            nextStopIndex: 0,
          };
          return sealEntry(recordsKey, manifest, row.id, 'settings', SETTINGS, settings);
        });
      kept.push(manifestRow(recordsKey, header.manifest, manifest));
      await records.clear();
      await records.bulkPut(kept);
      return readContents(recordsKey, header, kept);
    });
  }

  /** A write transaction over everything, refused when the vault is a newer version's. */
  async #write<T>(
    work: (header: Header, callersOwn: <R>(call: () => R) => R) => Promise<T>,
  ): Promise<T> {
    const { records, header: headers } = this.#database;
    let thrown: { error: unknown } | undefined;
    const callersOwn = <R>(call: () => R): R => {
      try {
        return call();
      } catch (error) {
        thrown = { error };
        throw error;
      }
    };
    try {
      return await stored(() =>
        this.#database.transaction('rw', records, headers, async () => {
          const header = await headers.get(HEADER_ID);
          if (header === undefined) throw new VaultRefusal('vault/none');
          if (header.version > SCHEMA_VERSION) throw new VaultRefusal('vault/read-only');
          return work(header, callersOwn);
        }),
      );
    } catch (error) {
      throw thrown === undefined ? error : thrown.error;
    }
  }
}

/** 16 random bytes, base64url (SPEC §8, stop sheet). */
export function newStopRoot(): string {
  return encodeBase64url(randomBytes(16));
}

interface Written {
  readonly write: RecordWrite;
  readonly value: unknown;
}

/** A name of the record among those of one write. */
function nameOf({ kind, key }: RecordWrite): string {
  return JSON.stringify([kind, key]);
}

function newValue(write: RecordWrite, current: unknown, integrity: Integrity): unknown {
  if ('remove' in write) return undefined;
  return 'value' in write
    ? write.value
    : (write.change as Change<Kind>)(current as never, integrity);
}

function place(contents: Contents, kind: string, key: string): Place | undefined {
  return contents.index.get(kind)?.get(key);
}

function checkedEntry(recordsKey: Uint8Array, at: Place, row: SealedRow | undefined): Entry {
  if (row === undefined) throw new VaultCryptoError('vault/corrupt');
  const entry = openEntry(recordsKey, row);
  if (entry.revision < at.revision) throw new VaultCryptoError('vault/rolled-back');
  return entry;
}

/** Seals a record at the manifest's next revision and lists it there. */
function sealEntry(
  recordsKey: Uint8Array,
  manifest: Manifest,
  id: string,
  kind: Kind,
  key: string,
  value: unknown,
): SealedRow {
  manifest.revision += 1;
  manifest.entries.set(id, manifest.revision);
  const entry: Entry = { kind, key, revision: manifest.revision, value };
  return { id, sealed: seal(recordsKey, 'records', id, entry) };
}

function manifestRow(recordsKey: Uint8Array, id: string, manifest: Manifest): SealedRow {
  return { id, sealed: sealManifest(recordsKey, id, manifest) };
}

function randomId(): string {
  return encodeBase64url(randomBytes(16));
}
