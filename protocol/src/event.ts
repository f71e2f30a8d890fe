import type { SigningKey } from './crypto.ts';
import { PolicyError } from './errors.ts';
import { type Jws, parseJws, signJws } from './jws.ts';
import { Hash, NumericDate, parseShape, UuidUrn, z } from './shape.ts';

export const EVENT_TYP = 'grant-event+jwt';
/** Seconds around now in which an event's `iat` counts; `withdraw` has no limit. */
export const EVENT_WINDOW = 300;
/** Longest undo window of a withdrawal, seconds, by the API's clock. */
export const MAX_UNDO = 600;

export const EventType = z.enum(['withdraw', 'restore', 'suspend', 'resume', 'erase']);
export type EventType = z.infer<typeof EventType>;

/** SPEC §8: a change of state, signed by the grant's key. */
const EventClaims = z.strictObject({
  aud: z.string(),
  /** The event's own id: events are unique by (grant, jti), never by their bytes. */
  jti: UuidUrn,
  grant: UuidUrn,
  grant_hash: Hash,
  event: EventType,
  /** The number this event will get; registration is 0. */
  seq: z.int().check(z.minimum(1)),
  iat: NumericDate,
  /** Only with `withdraw`. */
  undo_until: z.optional(NumericDate),
});
export type EventClaims = z.infer<typeof EventClaims>;
export type GrantEvent = { readonly jws: Jws; readonly claims: EventClaims };

/** Not verified: `verifyJws(event.jws, grantKey)` does. @throws FormatError `event/*`, `jws/*`, `json/*` */
export function parseEvent(compact: string): GrantEvent {
  const jws = parseJws(compact, { typ: [EVENT_TYP], key: [] });
  const claims = parseShape(EventClaims, jws.payload, 'event');
  return { jws, claims };
}

export async function signEvent(claims: EventClaims, key: SigningKey): Promise<string> {
  return signJws({ typ: EVENT_TYP }, claims, key);
}

/**
 * @param vault the API's own issuer
 * @param nextSeq the number the grant's next entry gets
 * @throws PolicyError `event/aud`, `event/stale` (read, and sign anew)
 */
export function assertEventCurrent(
  { claims }: GrantEvent,
  at: { vault: string; now: number; nextSeq: number },
): void {
  if (claims.aud !== at.vault) throw new PolicyError('event/aud');
  if (claims.event === 'withdraw') return;
  if (claims.seq !== at.nextSeq || Math.abs(claims.iat - at.now) > EVENT_WINDOW) {
    throw new PolicyError('event/stale');
  }
}
