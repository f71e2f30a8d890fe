/**
 * The sealed list of what the vault holds: record id → revision. Without it, a copy of yesterday's row put back over
 * today's (a brand unblocked, a grant not withdrawn) would open like any other. It cannot show that the *whole* vault,
 * manifest included, was replaced by an older copy.
 *
 * So that a write does not cost more with each record there is, the list is cut into shards by the first character of
 * the record's id. The root names each shard with the revision it was last written at, so that a shard is as little to
 * be exchanged for an older one as a record is.
 */
import { encodeBase64url } from '@zusage/protocol/bytes';
import type { SealedRow } from './database.ts';
import { VaultCryptoError } from './errors.ts';
import { openJson, sealJson } from './record.ts';
import { randomBytes } from './sodium.ts';

export interface Manifest {
  /** Rises by one with every change; a record carries the revision of the change that wrote it. */
  readonly revision: number;
  /** A mismatch was found once and the person has not dealt with it; writing over a record does not heal it. */
  readonly unresolved: boolean;
  /** By the first character of the ids in it. */
  readonly shards: ReadonlyMap<string, Shard>;
}

interface Shard {
  /** Of its row. */
  readonly id: string;
  /** At which it was last written; 0 when it never was. */
  readonly revision: number;
  readonly entries: ReadonlyMap<string, number>;
}

/** What the check at unlock found; counts, never ids or names. */
export interface Integrity {
  readonly ok: boolean;
  /** The manifest itself, or a part of it, is missing, older or does not open: nothing can be written. */
  readonly manifestLost: boolean;
  /** Listed, not there. */
  readonly missing: number;
  /** There, at another revision than listed. */
  readonly older: number;
  /** There, not listed: a removed record that came back. Not readable. */
  readonly unknown: number;
  /** There, does not open. */
  readonly unreadable: number;
  /** Found by an earlier check and still open. */
  readonly unresolved: boolean;
}

export const emptyManifest: Manifest = { revision: 0, unresolved: false, shards: new Map() };

/** 16 random bytes, base64url: what rows are called. */
export function randomId(): string {
  return encodeBase64url(randomBytes(16));
}

/** The revision that a record is listed with. Whoever writes to the disk may call a row anything. */
export function listed({ shards }: Manifest, id: unknown): number | undefined {
  return typeof id === 'string' ? shards.get(id.charAt(0))?.entries.get(id) : undefined;
}

/** The ids of the rows that belong to the list itself. */
export function shardIds({ shards }: Manifest): ReadonlySet<string> {
  return new Set([...shards.values()].map(({ id }) => id));
}

export function listedCount({ shards }: Manifest): number {
  let count = 0;
  for (const { entries } of shards.values()) count += entries.size;
  return count;
}

/** Revisions by record id; undefined for a record that is removed. */
export type ListChanges = ReadonlyMap<string, number | undefined>;

/** The list after a change, and the rows that are to be written for it. `revision` is the highest of the changes. */
export function changedManifest(
  key: Uint8Array,
  rootId: string,
  before: Manifest,
  { changes, ...head }: { changes: ListChanges; revision: number; unresolved: boolean },
): { manifest: Manifest; rows: SealedRow[] } {
  const { revision } = head;
  const drafts = new Map<string, Map<string, number>>();
  for (const [prefix, shard] of before.shards)
    if (shard.revision === 0) drafts.set(prefix, new Map(shard.entries));
  for (const [id, at] of changes) {
    const prefix = id.charAt(0);
    const draft = drafts.get(prefix) ?? new Map(before.shards.get(prefix)?.entries);
    drafts.set(prefix, draft);
    if (at === undefined) draft.delete(id);
    else draft.set(id, at);
  }
  const shards = new Map(before.shards);
  const rows: SealedRow[] = [];
  for (const [prefix, entries] of drafts) {
    const id = before.shards.get(prefix)?.id ?? randomId();
    shards.set(prefix, { id, revision, entries });
    const content = { revision, entries: Object.fromEntries(entries) };
    rows.push({ id, sealed: sealJson(key, 'shard', id, content) });
  }
  const manifest: Manifest = { ...head, shards };
  const named = [...shards].map(([prefix, shard]) => [prefix, [shard.id, shard.revision]]);
  const root = { ...head, shards: Object.fromEntries(named) };
  rows.push({ id: rootId, sealed: sealJson(key, 'manifest', rootId, root) });
  return { manifest, rows };
}

interface Root {
  readonly revision: number;
  readonly unresolved: boolean;
  readonly shards?: Record<string, [id: string, revision: number]>;
  /** In version 1, which had no shards. */
  readonly entries?: Record<string, number>;
}

/** The root's revision, which every change raises. @throws VaultCryptoError `vault/corrupt` */
export function revisionOf(key: Uint8Array, root: SealedRow | undefined): number {
  return openRoot(key, root).revision;
}

/**
 * @param rowOf a row of the vault by its id
 * @throws VaultCryptoError `vault/corrupt` when a part is missing or does not open; `vault/rolled-back` when a shard is
 *   not the one that the root names
 */
export function openManifest(
  key: Uint8Array,
  rootId: string,
  rowOf: (id: string) => SealedRow | undefined,
): Manifest {
  const root = openRoot(key, rowOf(rootId));
  const { revision, unresolved } = root;
  if (root.shards === undefined)
    return { revision, unresolved, shards: unwritten(Object.entries(root.entries ?? {})) };
  const shards = new Map<string, Shard>();
  for (const [prefix, [id, at]] of Object.entries(root.shards)) {
    const content = openJson(key, 'shard', id, rowOf(id)?.sealed) as {
      revision: number;
      entries: Record<string, number>;
    };
    if (content.revision !== at) throw new VaultCryptoError('vault/rolled-back');
    shards.set(prefix, { id, revision: at, entries: new Map(Object.entries(content.entries)) });
  }
  return { revision, unresolved, shards };
}

function openRoot(key: Uint8Array, row: SealedRow | undefined): Root {
  if (row === undefined) throw new VaultCryptoError('vault/corrupt');
  const root = openJson(key, 'manifest', row.id, row.sealed) as Root | null;
  if (!Number.isSafeInteger(root?.revision)) throw new VaultCryptoError('vault/corrupt');
  return { ...(root as Root), unresolved: root?.unresolved === true };
}

/** Shards that are on no disk yet: the next change writes all of them. */
function unwritten(entries: readonly (readonly [string, number])[]): Map<string, Shard> {
  const drafts = new Map<string, Map<string, number>>();
  for (const [id, revision] of entries) {
    const draft = drafts.get(id.charAt(0)) ?? new Map<string, number>();
    drafts.set(id.charAt(0), draft.set(id, revision));
  }
  return new Map(
    [...drafts].map(([prefix, shard]) => [prefix, { id: randomId(), revision: 0, entries: shard }]),
  );
}

/** The findings, with `ok` drawn from them: one place decides what "intact" means. */
export function integrityOf(found: Omit<Integrity, 'ok'>): Integrity {
  const { manifestLost, unresolved, missing, older, unknown, unreadable } = found;
  const ok = !manifestLost && !unresolved && missing + older + unknown + unreadable === 0;
  return { ok, ...found };
}
