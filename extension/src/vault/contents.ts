/**
 * The index in memory: kind and key → row. Built from the rows at unlock in one pass, the only time that every record is
 * opened, and checked against the manifest on the way.
 */
import type { Header, SealedRow } from './database.ts';
import { VaultCryptoError } from './errors.ts';
import {
  emptyManifest,
  type Integrity,
  integrityOf,
  type Manifest,
  openManifest,
} from './manifest.ts';
import { open } from './record.ts';

/** The plaintext of a row. */
export interface Entry {
  readonly kind: string;
  readonly key: string;
  readonly revision: number;
  readonly value: unknown;
}

/** Where a record lies and the revision it was last seen at. */
export interface Place {
  readonly id: string;
  readonly revision: number;
}

export interface Contents {
  readonly manifest: Manifest;
  readonly index: Map<string, Map<string, Place>>;
  readonly integrity: Integrity;
}

/** @throws VaultCryptoError `vault/corrupt` */
export function openEntry(recordsKey: Uint8Array, row: SealedRow): Entry {
  const entry = open(recordsKey, 'records', row.id, row.sealed) as Partial<Entry> | null;
  if (typeof entry?.kind !== 'string' || typeof entry.key !== 'string' || !entry.revision)
    throw new VaultCryptoError('vault/corrupt');
  return entry as Entry;
}

/** Never throws over a damaged row: the person can still read what is left, and `integrity` says that some is not. */
export function readContents(
  recordsKey: Uint8Array,
  header: Header,
  rows: readonly SealedRow[],
): Contents {
  const manifest = readManifest(recordsKey, header, rows);
  const entries = manifest?.entries;
  const index: Contents['index'] = new Map();
  const present = new Set<string>();
  let older = 0;
  let unknown = 0;
  let unreadable = 0;
  for (const row of rows) {
    if (row.id === header.manifest) continue;
    present.add(row.id);
    const listed = entries?.get(row.id);
    const entry = tried(() => openEntry(recordsKey, row));
    if (entry === null) unreadable += 1;
    else if (entries !== undefined && listed === undefined) unknown += 1;
    else {
      if (entries !== undefined && listed !== entry.revision) older += 1;
      keepNewest(index, entry, row.id);
    }
  }
  const missing = [...(entries?.keys() ?? [])].filter((id) => !present.has(id)).length;
  return {
    manifest: manifest ?? emptyManifest(),
    index,
    integrity: integrityOf({
      manifestLost: manifest === null,
      unresolved: manifest?.unresolved ?? false,
      missing,
      older,
      unknown,
      unreadable,
    }),
  };
}

function readManifest(
  recordsKey: Uint8Array,
  header: Header,
  rows: readonly SealedRow[],
): Manifest | null {
  const row = rows.find(({ id }) => id === header.manifest);
  return row === undefined ? null : tried(() => openManifest(recordsKey, row.id, row.sealed));
}

/** Without a manifest a removed record may lie beside its successor. */
function keepNewest(index: Contents['index'], entry: Entry, id: string): void {
  const { kind, key, revision } = entry;
  const keys = index.get(kind) ?? new Map<string, Place>();
  index.set(kind, keys);
  if ((keys.get(key)?.revision ?? 0) < revision) keys.set(key, { id, revision });
}

function tried<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof VaultCryptoError) return null;
    throw error;
  }
}
