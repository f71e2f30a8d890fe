import { PolicyError } from '@zusage/protocol/errors';
import { type ParsedRequest, verifyRequest } from '@zusage/protocol/request';
import { SLOT_LIFETIME, type SlotAnswer, verifySlotProof } from '@zusage/protocol/slot';
import { assertRoom, type Context } from './context.ts';
import { brandForKey, enrolledBrand } from './enrol-brand.ts';
import { ApiError } from './errors.ts';
import { rememberKey } from './known-key.ts';
import { knownRequest } from './known-request.ts';
import { statusUri } from './status-uri.ts';
import type { BrandRecord, RequestKey } from './store/port.ts';

const MAX_OPEN_OF_REQUEST = 3;
/** Unless the operator sets another quota. */
const MAX_OPEN_OF_BRAND = 1000;

/**
 * POST /grants/slots: a place in a status list for a grant that is about to be signed, for whoever holds the
 * pseudonym's key and a request of an enrolled brand.
 * @throws FormatError `request/*`, `terms/*`, `slot/shape`, `jws/*`; VerificationError `slot/*`, `request/*`,
 * `jws/signature`; PolicyError `brand/*`, `request/*`, `slot/stale`; ApiError `slot/limit`
 */
export async function reserveSlot(
  context: Context,
  { request: compact, pseudonym, proof }: { request: string; pseudonym: string; proof: string },
): Promise<SlotAnswer> {
  await assertRoom(context);
  const { issuer, clock, store } = context;
  const now = clock();
  const request = await knownRequest(compact, context.loopback);
  const { requestHash } = request;
  const key = await verifySlotProof(proof, { vault: issuer, requestHash, pseudonym, now });
  rememberKey(pseudonym, key);
  await acceptedRequest(context, request, now);
  const slot = await store.reserveSlot({
    ...requestKey(request),
    requestHash,
    pseudonym,
    now,
    expires: now + SLOT_LIFETIME,
    maxOfRequest: MAX_OPEN_OF_REQUEST,
    maxOfBrand: context.brandSlots ?? MAX_OPEN_OF_BRAND,
  });
  if (slot === 'answered') throw new PolicyError('request/replayed');
  if (slot === 'limit') throw new ApiError('slot/limit');
  const { list, idx, expires, created } = slot;
  return { uri: statusUri(issuer, list), idx, expires, now: created };
}

/** What tells requests apart: never their signed bytes, which can be altered without the key. */
export function requestKey({ payload }: ParsedRequest): RequestKey {
  return { clientId: payload.client_id, nonce: payload.nonce };
}

/**
 * The brand behind a request that it signed and may make, by the vault's own record of the brand.
 * @param at when the request has to be alive
 * @throws VerificationError `request/*`, `jws/signature`; PolicyError `request/*`, `brand/*`
 */
export async function acceptedRequest(
  context: Context,
  request: ParsedRequest,
  at: number,
): Promise<BrandRecord> {
  const known = await enrolledBrand(context, request.brand.did);
  const brand = await brandForKey(context, known, request.jws.header.kid);
  if (brand.frozenAt !== null) throw new PolicyError('brand/frozen');
  await verifyRequest(request, brand.document, { now: at });
  // Whether it was answered already, nobody knows any more.
  if (request.payload.iat < (context.log?.since ?? 0)) throw new PolicyError('request/replayed');
  if (!request.terms.vaults.includes(context.issuer)) throw new PolicyError('request/vault');
  return brand;
}
