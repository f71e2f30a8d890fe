/**
 * The index in memory: kind and key → row. Built from the rows at unlock in one pass, the only time that every record is
 * opened, and checked against the manifest on the way.
 */
import { Blocks } from './blocks.ts';
import type { Header, SealedRow } from './database.ts';
import { decodeEntry, type Entry } from './entry.ts';
import { VaultCryptoError } from './errors.ts';
import {
  emptyManifest,
  type Integrity,
  integrityOf,
  listed,
  listedCount,
  type Manifest,
  openManifest,
  shardIds,
} from './manifest.ts';
import { parsed, RowOpener } from './record.ts';
import type { Kind, Kinds } from './records.ts';

/** What is searched and listed by the thousand, or looked at all the time: it stays in memory while unlocked. */
export type RememberedKind = 'attribute' | 'log' | 'settings';
const isRemembered = (kind: string): kind is RememberedKind =>
  kind === 'attribute' || kind === 'log' || kind === 'settings';

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

/** The place of an entry; its `json` is kept. */
export function placeOf({ kind, key, revision, json }: Entry, id: string): Place {
  if (!isRemembered(kind)) return { id, revision };
  return { id, revision, remembered: new Remembered(key, json) };
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
  const byId = new Map<string, SealedRow>();
  for (const row of rows) byId.set(row.id, row);
  const found = tried(() => openManifest(recordsKey, header.manifest, (id) => byId.get(id)));
  const manifest = found ?? emptyManifest;
  const index: Contents['index'] = new Map();
  const opener = new RowOpener(recordsKey, 'records');
  const shards = shardIds(manifest);
  const blocks = new Blocks();
  let present = 0;
  let older = 0;
  let unknown = 0;
  let unreadable = 0;
  for (const row of rows) {
    if (row.id === header.manifest || shards.has(row.id)) continue;
    const revision = listed(manifest, row.id);
    if (revision !== undefined) present += 1;
    const entry = tried(() => openRow(opener, row));
    if (entry === null) unreadable += 1;
    else if (found !== null && revision === undefined) unknown += 1;
    else {
      if (found !== null && revision !== entry.revision) older += 1;
      keepNewest(index, entry, row.id, blocks);
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
      missing: listedCount(manifest) - present,
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
function keepNewest(index: Contents['index'], entry: Entry, id: string, blocks: Blocks): void {
  const { kind, key, revision } = entry;
  let keys = index.get(kind);
  if (keys === undefined) {
    keys = new Map();
    index.set(kind, keys);
  }
  if ((keys.get(key)?.revision ?? 0) >= revision) return;
  const json = isRemembered(kind) ? blocks.copy(entry.json) : entry.json;
  keys.set(key, placeOf({ kind, key, revision, json }, id));
}

function tried<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof VaultCryptoError) return null;
    throw error;
  }
}
