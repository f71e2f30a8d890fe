/**
 * The sealed list of what the vault holds: record id → revision. Without it, a copy of yesterday's row put back over
 * today's (a brand unblocked, a grant not withdrawn) would open like any other. It cannot show that the *whole* vault,
 * manifest included, was replaced by an older copy.
 */
import { VaultCryptoError } from './errors.ts';
import { open, seal } from './record.ts';

export interface Manifest {
  /** Rises by one with every change; a record carries the revision of the change that wrote it. */
  revision: number;
  /** A mismatch was found once and the person has not dealt with it; writing over a record does not heal it. */
  unresolved: boolean;
  readonly entries: Map<string, number>;
}

/** What the check at unlock found; counts, never ids or names. */
export interface Integrity {
  readonly ok: boolean;
  /** The manifest itself is missing or does not open: nothing can be written. */
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

export function emptyManifest(): Manifest {
  return { revision: 0, unresolved: false, entries: new Map() };
}

export function sealManifest(key: Uint8Array, id: string, manifest: Manifest): Uint8Array {
  const { revision, unresolved, entries } = manifest;
  return seal(key, 'manifest', id, {
    revision,
    unresolved,
    entries: Object.fromEntries(entries),
  });
}

/** @throws VaultCryptoError `vault/corrupt` */
export function openManifest(key: Uint8Array, id: string, sealed: unknown): Manifest {
  const value = open(key, 'manifest', id, sealed) as {
    revision: number;
    unresolved: boolean;
    entries: Record<string, number>;
  } | null;
  if (!Number.isSafeInteger(value?.revision) || typeof value?.entries !== 'object')
    throw new VaultCryptoError('vault/corrupt');
  return {
    revision: value.revision,
    unresolved: value.unresolved === true,
    entries: new Map(Object.entries(value.entries)),
  };
}

/** The findings, with `ok` drawn from them: one place decides what "intact" means. */
export function integrityOf(found: Omit<Integrity, 'ok'>): Integrity {
  const { manifestLost, unresolved, missing, older, unknown, unreadable } = found;
  const ok = !manifestLost && !unresolved && missing + older + unknown + unreadable === 0;
  return { ok, ...found };
}
