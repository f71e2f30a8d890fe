import { assertWithinBounds } from '@zusage/protocol/brand-document';
import { encodeBase64url } from '@zusage/protocol/bytes';
import type { ConsentState } from '@zusage/protocol/consent-record';
import { sha256 } from '@zusage/protocol/crypto';
import { PolicyError, VerificationError } from '@zusage/protocol/errors';
import { type Grant, issuerSignedPart, parseGrant, verifyGrant } from '@zusage/protocol/grant';
import { assertNarrower } from '@zusage/protocol/narrowing';
import { CLOCK_SKEW, type ParsedRequest } from '@zusage/protocol/request';
import type { Context } from './context.ts';
import { assertRoom, untilSettled } from './context.ts';
import { endingOf } from './end-grant.ts';
import { ApiError } from './errors.ts';
import { stateOf } from './grant-state.ts';
import { type Issued, receiptDraft, receiptOf } from './issue-receipt.ts';
import { knownKey } from './known-key.ts';
import { knownRequest } from './known-request.ts';
import { lifecycleEntry } from './log-entry.ts';
import { acceptedRequest, requestKey } from './reserve-slot.ts';
import { listOfStatusUri } from './status-uri.ts';
import type { BrandRecord, GrantChange, GrantRecord } from './store/port.ts';

/** Seconds after its expiry in which a request is still remembered: a slot may outlive it (SPEC §7). */
const REQUEST_MEMORY = 720;

/**
 * POST /grants: everything about a grant is verified here, once; a check afterwards is a lookup. The same bytes again
 * give the same receipt.
 * @param body `grant`: the issuer-signed JWT and one `~`; `request`: the JWS it answers
 * @returns the receipt; pending when the entry got no index in time
 * @throws FormatError `grant/*`, `request/*`, `terms/*`, `jws/*`, `jwk/*`; VerificationError `grant/key-*`,
 * `jws/signature`, `request/*`, `slot/mismatch`; PolicyError `narrow/*`, `brand/*`, `request/*`, `grant/*`;
 * ApiError `slot/none`, `grant/conflict`, `service/busy`
 */
export async function registerGrant(
  context: Context,
  body: { grant: string; request: string },
): Promise<Issued> {
  const grant = await parseGrant(issuerSignedPart(body.grant), context.loopback);
  const request = await knownRequest(body.request, context.loopback);
  const before = await receiptOfSame(context, grant);
  if (before !== null) return before;
  await assertRoom(context);
  await verifyGrant({ ...grant, key: knownKey(grant) });
  const list = listOfStatusUri(context.issuer, grant.claims.status.status_list.uri);
  const record = await verifiedRecord(context, grant, request, list);
  return untilSettled(() => store(context, grant, request, record));
}

/** The receipt given to exactly these bytes, if any. */
async function receiptOfSame(context: Context, { claims, hash }: Grant): Promise<Issued | null> {
  const known = await context.store.grant(claims.jti);
  if (known === null || known.hash !== hash || known.person === null) return null;
  return registeredReceipt(context, known);
}

function registeredReceipt(context: Context, grant: GrantRecord, state?: ConsentState) {
  const at = grant.registeredAt;
  const stated = state === undefined ? {} : { state };
  return receiptOf(
    context,
    { grant: grant.jti, seq: 0 },
    () => receiptDraft(context, grant, { event: 'registered', seq: 0, at, ...stated }) as object,
  );
}

async function verifiedRecord(
  context: Context,
  grant: Grant,
  request: ParsedRequest,
  list: number,
): Promise<GrantRecord> {
  const { claims, details, pseudonym, key } = grant;
  const now = context.clock();
  const { idx } = claims.status.status_list;
  const holder = { ...requestKey(request), requestHash: request.requestHash, pseudonym };
  const slot = await context.store.slot({ list, idx }, holder, now);
  if (slot === null) throw new ApiError('slot/none');
  // The request had to be alive when the slot was given; the slot's lifetime covers the rest.
  const brand = await acceptedRequest(context, request, slot.created);
  if (claims.aud !== brand.did) throw new PolicyError('grant/aud');
  assertNarrower(grant, request);
  assertWithinBounds(
    {
      attributes: details.datatypes,
      purposes: details.purpose,
      from: claims.nbf,
      until: claims.exp,
      retention: details.retention,
    },
    brand.document.manifest,
  );
  assertOwnTime(grant, slot.created, now);
  return {
    jti: claims.jti,
    hash: grant.hash,
    requestHash: claims.request_hash,
    termsHash: claims.terms_hash,
    stop: claims.stop,
    aud: claims.aud,
    list,
    idx,
    nbf: claims.nbf,
    exp: claims.exp,
    registeredAt: now,
    brandKey: requestThumbprint(brand, request),
    seq: 0,
    paused: false,
    endedBy: null,
    endedAt: null,
    undoUntil: null,
    returned: false,
    person: { pseudonym, key, details },
  };
}

/** A grant is never backdated: it begins with the slot's clock or later, and has not ended. */
function assertOwnTime({ claims: { iat, nbf, exp } }: Grant, created: number, now: number): void {
  if (iat > now + CLOCK_SKEW) throw new PolicyError('grant/not-yet');
  if (exp <= now) throw new PolicyError('grant/expired');
  if (iat < created - CLOCK_SKEW || nbf < iat) throw new VerificationError('slot/mismatch');
}

function requestThumbprint({ document }: BrandRecord, { jws }: ParsedRequest): string {
  return document.keys.find(({ kid }) => kid === jws.header.kid)?.thumbprint as string;
}

async function store(
  context: Context,
  grant: Grant,
  request: ParsedRequest,
  record: GrantRecord,
): Promise<Issued | 'moved'> {
  const at = record.registeredAt;
  const replaced = await endOfReplaced(context, grant, at);
  const state = replaced === null ? 'ConsentGiven' : 'RenewedConsentGiven';
  const receipt = receiptDraft(context, record, { event: 'registered', seq: 0, at, state });
  const actorSig = await actorHash(grant);
  const outcome = await context.store.register({
    grant: record,
    jwt: grant.jwt,
    request: requestKey(request),
    requestUntil: request.payload.exp + REQUEST_MEMORY,
    entry: {
      seq: 0,
      event: 'registered',
      at,
      act: null,
      evidence: null,
      receipt,
      log: lifecycleEntry(record, { type: 'registered', seq: 0, at, actorSig }),
    },
    now: context.clock(),
    replaced,
  });
  if (outcome === 'moved') return 'moved';
  if (outcome === 'registered') return registeredReceipt(context, record, state);
  // The same bytes may have come twice at once; then both get the receipt of the first.
  const same = await receiptOfSame(context, grant);
  if (same !== null) return same;
  throw new ApiError(outcome === 'no-slot' ? 'slot/none' : 'grant/conflict');
}

/** Only the same key's grant for the same audience, active or suspended; anything else is one uniform conflict. */
async function endOfReplaced(
  context: Context,
  grant: Grant,
  at: number,
): Promise<GrantChange | null> {
  const { replaces, aud } = grant.claims;
  if (replaces === undefined) return null;
  const old = await context.store.grant(replaces);
  const isOwn = old?.person?.pseudonym === grant.pseudonym && old.aud === aud;
  if (old === null || !isOwn || ['ended', 'expired'].includes(stateOf(old, at))) {
    throw new ApiError('grant/conflict');
  }
  const actorSig = await actorHash(grant);
  return endingOf(context, old, 'replaced', { at, evidence: grant.claims.jti, actorSig });
}

/** base64url SHA-256 of the signing input of the grant: the act behind registration and replacement. */
async function actorHash({ jws }: Grant): Promise<string> {
  return encodeBase64url(await sha256(jws.signingInput));
}
