import type { Terms } from '@zusage/protocol/terms';
import type { GrantView } from '../messages.ts';
import type { GrantRecord } from '../vault/records.ts';
import type { StoredUses } from './grant-uses.ts';

/** A grant as the vault keeps it: all that is needed to show it, end it and prove it, values included. */
export type StoredGrant = GrantRecord & {
  readonly terms: Terms;
  /** Encoded disclosures (RFC 9901), as they were given to the brand. */
  readonly disclosures: readonly string[];
  readonly sharedOn: number;
  readonly endedOn?: number;
  /** Why it ended, when not by its own time. */
  readonly ended?: 'withdrawn' | 'returned' | 'replaced' | 'not-delivered' | 'lost';
  /** The person withdrew and the service has not been told yet. */
  readonly withdrawalPending?: boolean;
  /** Uses the service has recorded, and where to read on. */
  readonly uses?: StoredUses;
  readonly cursor?: string;
  /** When the service answered last, by the person's clock; NumericDate. */
  readonly readOn?: number;
  /** By the service's last word, the brand's domain may have changed hands, and it is allowed nothing. */
  readonly brandFrozen?: boolean;
  /** When the worker reads by itself again. */
  readonly nextRead?: number;
  /** When the worker looks for the proof of what was just done; null when none is awaited. */
  readonly proofsDue?: number | null;
  /** When the service, which has lost some of what it was told, is told again; absent when it knows everything. */
  readonly retell?: number;
  /** Checks up to here were counted before the service began to number them anew. */
  readonly countedUntil?: number;
  /** When the brand handed it back: its word that the values are deleted. */
  readonly returnedOn?: number;
};

/** The state by the clock (SPEC §8): nothing has to happen for a window to pass or a grant to expire. */
export function effectiveState(grant: StoredGrant, now: number): GrantView['state'] {
  if (grant.withdrawalPending) return 'withdrawal-pending';
  if (grant.state === 'ended') {
    switch (grant.ended) {
      case 'withdrawn':
      case 'returned':
      case 'replaced':
      case 'not-delivered':
      case 'lost':
        return grant.ended;
      case undefined:
        return grant.exp <= now ? 'expired' : 'withdrawn';
    }
  }
  if (grant.state === 'suspended') {
    return grant.undoUntil !== undefined && now < grant.undoUntil ? 'undo' : 'withdrawn';
  }
  if (grant.exp <= now) return 'expired';
  return now < grant.nbf ? 'not-yet' : 'active';
}
