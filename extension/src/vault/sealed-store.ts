/**
 * Sealed records in the database, given the records subkey; knows nothing of passphrases, sessions or deadlines.
 *
 * Every change is one IndexedDB transaction over record and manifest, and everything inside it but the database itself
 * is synchronous: a worker killed at any moment leaves the old state or the new one.
 */
import { encodeBase64url } from '@zusage/protocol/bytes';
import { type Contents, openRow, type Place, placeOf, readContents } from './contents.ts';
import { HEADER_ID, type Header, type SealedRow, stored, type VaultDatabase } from './database.ts';
import { type Entry, encodeEntry, jsonOf } from './entry.ts';
import { VaultCryptoError, VaultRefusal } from './errors.ts';
import {
  changedManifest,
  emptyManifest,
  type Integrity,
  randomId,
  revisionOf,
} from './manifest.ts';
import { ReadAhead } from './read-ahead.ts';
import { parsed, RowOpener, SCHEMA_VERSION, seal } from './record.ts';
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
  readonly ahead: ReadAhead;

  constructor(database: VaultDatabase) {
    this.#database = database;
    this.ahead = new ReadAhead(database);
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
    const header: Header = {
      id: HEADER_ID,
      version: SCHEMA_VERSION,
      wrappings: [wrapping],
      manifest: randomId(),
    };
    const all = [...entries, { kind: 'settings', key: SETTINGS, value: settings } as const].map(
      ({ kind, key, value }, i) => ({ kind, key, revision: i + 1, json: jsonOf(value) }),
    );
    const sealed = all.map((entry) => sealEntry(recordsKey, randomId(), entry));
    const listing = changedManifest(recordsKey, header.manifest, emptyManifest, {
      changes: new Map(sealed.map(({ id }, i) => [id, i + 1])),
      revision: all.length,
      unresolved: false,
    });
    const rows = [...sealed, ...listing.rows];
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
    const { header, rows } = await this.ahead.take();
    if (header === undefined) throw new VaultRefusal('vault/none');
    return readContents(recordsKey, header, await rows);
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
    return valuesAt(recordsKey, [at], [row])[0] as Kinds[K];
  }

  /** @throws as `read` */
  async readAll<K extends Kind>(
    recordsKey: Uint8Array,
    contents: Contents,
    kind: K,
  ): Promise<Kinds[K][]> {
    const places = [...(contents.index.get(kind)?.values() ?? [])];
    if (places.length === 0) return [];
    const rows = await stored(() => this.#database.records.bulkGet(places.map(({ id }) => id)));
    return valuesAt(recordsKey, places, rows) as Kinds[K][];
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
    const places = names.map(({ at }) => at);
    const values = valuesAt(recordsKey, places, rows);
    return names.map(({ kind, key }, i) => ({ kind, key, value: values[i] }) as VaultEntry);
  }

  /**
   * Changes the ways in and nothing else. `rewrap` runs inside the transaction, and what it throws is passed on.
   *
   * @throws VaultRefusal `vault/none`, `vault/read-only`, `vault/storage`
   */
  rewrap(rewrap: Rewrap): Promise<void> {
    return this.#write(nothing, async (header, _, callersOwn) => {
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
  async write(
    recordsKey: Uint8Array,
    known: Contents,
    writes: readonly RecordWrite[],
    rewrap?: Rewrap,
  ): Promise<{ contents: Contents; values: unknown[] }> {
    const { records, header: headers } = this.#database;
    const ahead = () => Promise.all([records.get(known.root), this.#rowsFor(known, writes)]);
    const written = await this.#write(ahead, async (header, [root, found], callersOwn) => {
      if (known.integrity.manifestLost) throw new VaultCryptoError('vault/corrupt');
      // Another vault has taken the place of the one that is known.
      if (header.manifest !== known.root) throw new VaultCryptoError('vault/rolled-back');
      const revision = revisionOf(recordsKey, root);
      if (revision < known.manifest.revision) throw new VaultCryptoError('vault/rolled-back');
      // A higher revision: someone else wrote, and the index is of the past.
      const contents =
        revision === known.manifest.revision
          ? known
          : readContents(recordsKey, header, await records.toArray());
      const before = currentOf(
        recordsKey,
        contents === known ? found : await this.#rowsFor(contents, writes),
      );
      const after = new Map<string, Written>();
      const values = writes.map((write) => {
        const name = nameOf(write);
        const current = after.has(name) ? after.get(name)?.value : before.get(name);
        const value = callersOwn(() => newValue(write, current, contents.integrity));
        after.set(name, { write, value });
        return value;
      });
      if (rewrap !== undefined) {
        const wrappings = callersOwn(() => rewrap(header.wrappings));
        await headers.put({ ...header, wrappings });
      }
      const changes = changesOf(contents, [...after.values()]);
      if (changes.length === 0) return { contents, manifest: contents.manifest, changes, values };

      const listing = changedManifest(recordsKey, header.manifest, contents.manifest, {
        changes: new Map(changes.map(({ id, entry }) => [id, entry?.revision])),
        revision: contents.manifest.revision + changes.length,
        unresolved: !contents.integrity.ok,
      });
      const gone = changes.filter(({ entry }) => entry === undefined).map(({ id }) => id);
      const rows = changes.flatMap(({ id, entry }) =>
        entry ? [sealEntry(recordsKey, id, entry)] : [],
      );
      if (gone.length > 0) await records.bulkDelete(gone);
      await records.bulkPut([...rows, ...listing.rows]);
      return { contents, manifest: listing.manifest, changes, values };
    });
    // Not before it is on the disk: a transaction that fails leaves the index as it was.
    const { contents, manifest, changes, values } = written;
    for (const { kind, key, id, entry } of changes) {
      const keys = contents.index.get(kind) ?? new Map<string, Place>();
      contents.index.set(kind, keys);
      if (entry === undefined) keys.delete(key);
      else keys.set(key, placeOf(entry, id));
    }
    return { contents: { ...contents, manifest }, values };
  }

  /** Where each record that is to be written lies now, by `nameOf`, and its row. */
  async #rowsFor(contents: Contents, writes: readonly RecordWrite[]): Promise<FoundRows> {
    const places = new Map<string, Place>();
    for (const write of writes) {
      const at = place(contents, write.kind, write.key);
      if (at !== undefined) places.set(nameOf(write), at);
    }
    if (places.size === 0) return { places, rows: [] };
    const ids = [...places.values()].map(({ id }) => id);
    return { places, rows: await this.#database.records.bulkGet(ids) };
  }

  /**
   * Goes on with what can still be read, under a new manifest and with a new stop root.
   *
   * @param without settings for the case that they are among what was lost
   * @throws VaultRefusal `vault/none`, `vault/read-only`, `vault/storage`
   */
  acceptLoss(
    recordsKey: Uint8Array,
    without: Omit<SettingsRecord, 'stopRoot' | 'nextStopIndex'>,
  ): Promise<Contents> {
    const { records } = this.#database;
    return this.#write(nothing, async (header) => {
      const rows = await records.toArray();
      const left = readContents(recordsKey, header, rows);
      const places = [...left.index.values()].flatMap((keys) => [...keys.values()]);
      const listedNow = new Map(places.map((at) => [at.id, at.revision]));
      let revision = left.manifest.revision;
      for (const at of places) revision = Math.max(revision, at.revision);
      revision += 1;
      const settings = place(left, 'settings', SETTINGS);
      const kept = rows
        .filter(({ id }) => listedNow.has(id))
        .map((row) => {
          if (row.id !== settings?.id) return row;
          listedNow.set(row.id, revision);
          const [now] = valuesAt(recordsKey, [settings], [row]) as SettingsRecord[];
          const json = jsonOf({ ...now, stopRoot: newStopRoot(), nextStopIndex: 0 });
          return sealEntry(recordsKey, row.id, { kind: 'settings', key: SETTINGS, revision, json });
        });
      if (settings === undefined) {
        const id = randomId();
        listedNow.set(id, revision);
        const json = jsonOf({ ...without, stopRoot: newStopRoot(), nextStopIndex: 0 });
        kept.push(sealEntry(recordsKey, id, { kind: 'settings', key: SETTINGS, revision, json }));
      }
      const listing = changedManifest(recordsKey, header.manifest, emptyManifest, {
        changes: listedNow,
        revision,
        unresolved: false,
      });
      kept.push(...listing.rows);
      await records.clear();
      await records.bulkPut(kept);
      return readContents(recordsKey, header, kept);
    });
  }

  /**
   * A write transaction over everything, refused when the vault is a newer version's.
   *
   * @param ahead what is read together with the header, each answer being a way through the browser
   */
  async #write<A, T>(
    ahead: () => PromiseLike<A>,
    work: (header: Header, ahead: A, callersOwn: <R>(call: () => R) => R) => Promise<T>,
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
          const [header, known] = await Promise.all([headers.get(HEADER_ID), ahead()]);
          if (header === undefined) throw new VaultRefusal('vault/none');
          if (header.version > SCHEMA_VERSION) throw new VaultRefusal('vault/read-only');
          const current = { ...header, version: SCHEMA_VERSION };
          if (header.version < SCHEMA_VERSION) await headers.put(current);
          return work(current, known, callersOwn);
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

const nothing = async () => undefined;

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

interface FoundRows {
  readonly places: ReadonlyMap<string, Place>;
  readonly rows: readonly (SealedRow | undefined)[];
}

/** What is kept now of each record that is to be written, by `nameOf`. */
function currentOf(recordsKey: Uint8Array, { places, rows }: FoundRows): Map<string, unknown> {
  const values = valuesAt(recordsKey, [...places.values()], rows);
  return new Map([...places.keys()].map((name, i) => [name, values[i]]));
}

/** One record that a write changes; without an entry it is removed. */
interface RecordChange {
  readonly id: string;
  readonly kind: Kind;
  readonly key: string;
  readonly entry: Entry | undefined;
}

/** Each under a revision of its own. */
function changesOf(contents: Contents, written: readonly Written[]): RecordChange[] {
  const changes: RecordChange[] = [];
  for (const { write, value } of written) {
    const { kind, key } = write;
    const at = place(contents, kind, key);
    if (at === undefined && value === undefined) continue;
    const id = at?.id ?? randomId();
    const revision = contents.manifest.revision + changes.length + 1;
    const entry = value === undefined ? undefined : { kind, key, revision, json: jsonOf(value) };
    changes.push({ id, kind, key, entry });
  }
  return changes;
}

function place(contents: Contents, kind: string, key: string): Place | undefined {
  return contents.index.get(kind)?.get(key);
}

/** The values in these rows, checked against where they should lie. */
function valuesAt(
  recordsKey: Uint8Array,
  places: readonly Place[],
  rows: readonly (SealedRow | undefined)[],
): unknown[] {
  const opener = new RowOpener(recordsKey, 'records');
  try {
    return places.map((at, i) => {
      const row = rows[i];
      if (row === undefined) throw new VaultCryptoError('vault/corrupt');
      const entry = openRow(opener, row);
      if (entry.revision < at.revision) throw new VaultCryptoError('vault/rolled-back');
      return parsed(entry.json);
    });
  } finally {
    opener.close();
  }
}

function sealEntry(recordsKey: Uint8Array, id: string, entry: Entry): SealedRow {
  return { id, sealed: seal(recordsKey, 'records', id, encodeEntry(entry)) };
}
