import { encodeBase64url } from '../bytes.ts';
import { parseClientAssertion } from '../client-assertion.ts';
import { isZusageError } from '../errors.ts';
import { type EventType, parseEvent } from '../event.ts';
import { type Grant, parseGrant, verifyGrant } from '../grant.ts';
import { verifyJws } from '../jws.ts';
import { allowLoopback } from '../origin.ts';
import { stopHash } from '../stop.ts';
import { TlogError } from './errors.ts';
import type { EventName, Fields } from './fields.ts';
import { sha256 } from './hash.ts';
import type { Opened } from './opening.ts';

/** What an act was checked against. `hash`: only that it is the one the entry names. */
export type ActCheck = 'grant-key' | 'stop-value' | 'hash' | 'none';

const PERSONS: { readonly [E in EventName]?: EventType } = {
  withdrawn: 'withdraw',
  restored: 'restore',
  suspended: 'suspend',
  resumed: 'resume',
  erased: 'erase',
};

/**
 * The grant whose registration, or whose replacement of an earlier one, an entry is about.
 * @throws TlogError `act/*`
 */
export async function grantOfOpening({ opening, fields }: Opened): Promise<Grant> {
  if (opening.act === undefined) throw new TlogError('act/missing');
  const grant = await orFormat(parseGrant(opening.act, { [allowLoopback]: true }), 'act/format');
  await orFormat(verifyGrant(grant), 'act/signature');
  assertActorSig(fields, grant.jws.signingInput);
  const { claims, details } = grant;
  assertFields(fields, { brand: claims.aud, subject: grant.pseudonym });
  if (fields.type === 'replaced') {
    if (claims.replaces === undefined) throw new TlogError('act/mismatch');
    assertFields(fields, { grant: claims.replaces });
    return grant;
  }
  assertFields(fields, {
    grant: claims.jti,
    scope: [...details.datatypes].sort(),
    grant_hash: grant.hash,
    request_hash: claims.request_hash,
    terms_hash: claims.terms_hash,
  });
  return grant;
}

/**
 * The act behind an entry is the person's, by the grant's key: an operator cannot have made it up. A return is the
 * brand's, whose keys the log does not hold; only its hash is checked.
 * @param grant the one whose history the entry is in; null when it is not at hand
 * @throws TlogError `act/*`
 */
export async function verifyAct(opened: Opened, grant: Grant | null): Promise<ActCheck> {
  const { fields, opening } = opened;
  const { type } = fields;
  if (type === undefined) throw new TlogError('act/mismatch');
  if (type === 'registered' || type === 'replaced') {
    await grantOfOpening(opened);
    return 'grant-key';
  }
  if (type === 'stopped') return verifyStop(opening.stop, grant);
  if (type === 'expired' || type === 'pad') {
    if (opening.act !== undefined || (fields.actor_sig ?? null) !== null) {
      throw new TlogError('act/unexpected');
    }
    return 'none';
  }
  // Erasure at the end of its time is nobody's act; every other one of the person's needs one.
  if (type === 'erased' && opening.act === undefined && fields.actor_sig === null) return 'none';
  if (opening.act === undefined) throw new TlogError('act/missing');
  const event = PERSONS[type];
  if (event !== undefined) return verifyEvent(opened, opening.act, event, grant);
  return verifyReturn(opened, opening.act);
}

async function verifyEvent(
  { fields }: Opened,
  act: string,
  expected: EventType,
  grant: Grant | null,
): Promise<ActCheck> {
  if (grant === null) throw new TlogError('act/grant-unknown');
  const { jws, claims } = await orFormat((async () => parseEvent(act))(), 'act/format');
  await orFormat(verifyJws(jws, grant.key), 'act/signature');
  assertActorSig(fields, jws.signingInput);
  if (claims.event !== expected || claims.grant_hash !== grant.hash) {
    throw new TlogError('act/mismatch');
  }
  assertFields(fields, {
    grant: claims.grant,
    // A withdrawal ends the grant whatever entries the person had seen when signing it (SPEC §8.1).
    ...(expected !== 'withdraw' && { grant_seq: claims.seq }),
    grant_hash: claims.grant_hash,
    subject: grant.pseudonym,
  });
  return 'grant-key';
}

async function verifyReturn({ fields }: Opened, act: string): Promise<ActCheck> {
  const { jws, claims } = await orFormat((async () => parseClientAssertion(act))(), 'act/format');
  assertActorSig(fields, jws.signingInput);
  assertFields(fields, { brand: claims.iss });
  return 'hash';
}

async function verifyStop(stop: string | undefined, grant: Grant | null): Promise<ActCheck> {
  if (stop === undefined) throw new TlogError('act/missing');
  if (grant === null) throw new TlogError('act/grant-unknown');
  if ((await stopHash(stop)) !== grant.claims.stop) throw new TlogError('act/mismatch');
  return 'stop-value';
}

/** An entry that keeps the hash of the act to itself proves nothing about the act. */
function assertActorSig({ actor_sig }: Partial<Fields>, signingInput: Uint8Array): void {
  if (actor_sig !== encodeBase64url(sha256(signingInput))) throw new TlogError('act/hash');
}

/** What the entry discloses must be what the act says; what it keeps to itself is not compared. */
function assertFields(fields: Partial<Fields>, expected: Partial<Fields>): void {
  for (const [name, value] of Object.entries(expected)) {
    const disclosed = fields[name as keyof Fields];
    if (disclosed !== undefined && JSON.stringify(disclosed) !== JSON.stringify(value)) {
      throw new TlogError('act/mismatch');
    }
  }
}

async function orFormat<T>(work: Promise<T>, code: 'act/format' | 'act/signature'): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!isZusageError(cause)) throw cause;
    throw new TlogError(code, { cause });
  }
}
