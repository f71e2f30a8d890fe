/**
 * The index in memory: kind and key → row. Built from the rows at unlock in one pass, the only time that every record is
 * opened, and checked against the manifest on the way.
 */
import type { Header, SealedRow } from './database.ts';
import { decodeEntry, type Entry } from './entry.ts';
import { VaultCryptoError } from './errors.ts';
import {
  emptyManifest,
  type Integrity,
  integrityOf,
  listed,
  listedIds,
  type Manifest,
  openManifest,
  shardIds,
} from './manifest.ts';
import { parsed, RowOpener } from './record.ts';
import type { Kind, Kinds } from './records.ts';

/** The kinds that are searched and listed by the thousand: their values stay in memory while the vault is unlocked. */
export type RememberedKind = 'attribute' | 'log';
const REMEMBERED: readonly string[] = ['attribute', 'log'] satisfies RememberedKind[];

/** Where a record lies and the revision it was last seen at. */
export interface Place {
  readonly id: string;
  readonly revision: number;
  /** Of a remembered kind. */
  readonly remembered?: Remembered;
}

/** A record of which the bytes are kept until its value is asked for. */
export class Remembered<Value = unknown> {
  readonly key: string;
  #json: Uint8Array | null;
  #value: unknown;

  constructor(key: string, json: Uint8Array) {
    this.key = key;
    this.#json = json;
  }

  /** The same object each time. @throws VaultCryptoError `vault/corrupt` */
  get value(): Value {
    if (this.#json !== null) {
      this.#value = parsed(this.#json);
      this.#json = null;
    }
    return this.#value as Value;
  }
}

export interface Contents {
  /** Id of the manifest's root. */
  readonly root: string;
  readonly manifest: Manifest;
  readonly index: Map<string, Map<string, Place>>;
  readonly integrity: Integrity;
}

/** The place of an entry whose row has just been opened or written. */
export function placeOf({ kind, key, revision, json }: Entry, id: string): Place {
  if (!REMEMBERED.includes(kind)) return { id, revision };
  return { id, revision, remembered: new Remembered(key, json.slice()) };
}

/** Everything of a kind as it was last read or written, in no order that means anything. */
export function remembered<K extends RememberedKind>(
  { index }: Contents,
  kind: K,
): Remembered<Kinds[K]>[] {
  const places = [...(index.get(kind)?.values() ?? [])];
  return places.map((at) => at.remembered as Remembered<Kinds[K]>);
}

/** As `remembered`, of one key. */
export function rememberedAt<K extends RememberedKind>(
  { index }: Contents,
  kind: K,
  key: string,
): Remembered<Kinds[K]> | undefined {
  return index.get(kind)?.get(key)?.remembered as Remembered<Kinds[K]> | undefined;
}

export function countOf({ index }: Contents, kind: Kind): number {
  return index.get(kind)?.size ?? 0;
}

/** Never throws over a damaged row: the person can still read what is left, and `integrity` says that some is not. */
export function readContents(
  recordsKey: Uint8Array,
  header: Header,
  rows: readonly SealedRow[],
): Contents {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const found = tried(() => openManifest(recordsKey, header.manifest, (id) => byId.get(id)));
  const manifest = found ?? emptyManifest;
  const index: Contents['index'] = new Map();
  const opener = new RowOpener(recordsKey, 'records');
  const shards = shardIds(manifest);
  let older = 0;
  let unknown = 0;
  let unreadable = 0;
  for (const row of rows) {
    if (row.id === header.manifest || shards.has(row.id)) continue;
    const revision = listed(manifest, row.id);
    const entry = tried(() => openRow(opener, row));
    if (entry === null) unreadable += 1;
    else if (found !== null && revision === undefined) unknown += 1;
    else {
      if (found !== null && revision !== entry.revision) older += 1;
      keepNewest(index, entry, row.id);
    }
  }
  opener.close();
  return {
    root: header.manifest,
    manifest,
    index,
    integrity: integrityOf({
      manifestLost: found === null,
      unresolved: manifest.unresolved,
      missing: listedIds(manifest).filter((id) => !byId.has(id)).length,
      older,
      unknown,
      unreadable,
    }),
  };
}

/** The entry in a row; its `json` is to be copied before the opener opens another. @throws VaultCryptoError */
export function openRow(opener: RowOpener, { id, sealed }: SealedRow): Entry {
  const plaintext = opener.open(id, sealed);
  return decodeEntry(sealed[0] as number, plaintext);
}

/** Without a manifest a removed record may lie beside its successor. */
function keepNewest(index: Contents['index'], entry: Entry, id: string): void {
  const { kind, key, revision } = entry;
  const keys = index.get(kind) ?? new Map<string, Place>();
  index.set(kind, keys);
  if ((keys.get(key)?.revision ?? 0) < revision) keys.set(key, placeOf(entry, id));
}

function tried<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof VaultCryptoError) return null;
    throw error;
  }
}
