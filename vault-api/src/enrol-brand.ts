import type { BrandDocument, BrandKey } from '@zusage/protocol/brand-document';
import {
  assertEnrolmentCurrent,
  ENROLMENT_WINDOW,
  parseEnrolment,
  verifyEnrolment,
} from '@zusage/protocol/enrolment';
import { isZusageError, PolicyError } from '@zusage/protocol/errors';
import { assertRoom, type Context, untilSettled } from './context.ts';
import { ApiError } from './errors.ts';
import { brandEntry, type LogEntry } from './log-entry.ts';
import type { BrandRecord } from './store/port.ts';

/** Seconds between two readings of a brand's document because of an unknown key. */
const READING_INTERVAL = 60;
/** Seconds after which a document is read again before a key counts by it: how long a stolen key outlives its removal. */
const DOCUMENT_LIFETIME = 3600;

/**
 * POST /brands: a key of the document asks for its brand to be enrolled. Later, a key that counts already endorses all
 * that the document lists now: public keys are public, so a list that holds an earlier one proves nothing by itself.
 * @param compact `brand-enrolment+jwt`
 * @throws FormatError `enrolment/shape`, `jws/*`, `did/syntax`, `brand/*`; VerificationError `enrolment/mismatch`,
 * `jws/signature`; PolicyError `enrolment/stale`, `brand/frozen`; ApiError `brand/unreachable`, `once/used`
 */
export async function enrolBrand(context: Context, compact: string): Promise<BrandRecord> {
  const enrolment = parseEnrolment(compact);
  const { did, nonce, iat } = enrolment.claims;
  assertEnrolmentCurrent(enrolment, { vault: context.issuer, now: context.clock() });
  await assertRoom(context);
  const once = { nonce, until: iat + 2 * ENROLMENT_WINDOW };
  const brand = await untilSettled(async () => {
    const from = await context.store.brand(did);
    // Read after the record and each time, so that an older document never undoes what a newer one brought.
    const document = await context.resolveBrand(did);
    const now = context.clock();
    const counting = countingKeys(from, document);
    // Where none counts, the signature proves the document alone, which then is the first, or freezes the brand.
    const signers = counting.length > 0 ? counting : document.keys;
    await verifyEnrolment(enrolment, signers, { vault: context.issuer, now });
    const { to, log } = adopt(from, document, document.keys, now);
    const saved = await context.store.saveBrand({ from, to, log, once });
    if (saved === 'used') throw new ApiError('once/used');
    return saved === 'moved' ? saved : to;
  });
  if (brand.frozenAt !== null) throw new PolicyError('brand/frozen');
  return brand;
}

/** @throws PolicyError `brand/not-enrolled` */
export async function enrolledBrand(
  { store }: Pick<Context, 'store'>,
  did: string,
): Promise<BrandRecord> {
  const brand = await store.brand(did);
  if (brand === null) throw new PolicyError('brand/not-enrolled');
  return brand;
}

/**
 * The brand as it must be known to verify something by this key: the document is read again when it is an hour old, and
 * for an unknown key at most once a minute. Reading takes keys away and adds none. A document that cannot be read
 * changes nothing.
 */
export async function brandForKey(
  context: Context,
  brand: BrandRecord,
  kid: string | undefined,
): Promise<BrandRecord> {
  if (brand.frozenAt !== null) return brand;
  const isKnown = brand.document.keys.some((key) => key.kid === kid);
  const interval = isKnown ? DOCUMENT_LIFETIME : READING_INTERVAL;
  const now = context.clock();
  if (now - brand.readAt < interval) return brand;
  if (!(await context.store.claimReading(brand.did, now, interval))) return brand;
  let document: BrandDocument;
  try {
    document = await context.resolveBrand(brand.did);
  } catch (error) {
    if (isZusageError(error) || error instanceof ApiError) return brand;
    throw error;
  }
  const { to, log } = adopt(brand, document, countingKeys(brand, document), now);
  const saved = await context.store.saveBrand({ from: brand, to, log });
  // Somebody else read it meanwhile, and perhaps a newer one.
  return saved === 'moved' ? enrolledBrand(context, brand.did) : to;
}

/** The document's keys that count already. A key is what it is, whatever it is called. */
function countingKeys(known: BrandRecord | null, document: BrandDocument): BrandKey[] {
  const earlier = known?.document.keys.map(({ thumbprint }) => thumbprint) ?? [];
  return document.keys.filter(({ thumbprint }) => earlier.includes(thumbprint));
}

/**
 * A document counts if it holds one of the earlier keys, or is the first. Otherwise the domain may have changed hands:
 * the brand is frozen as it was, until the operator enrols it again. A frozen brand stays frozen.
 * @param keys those of the document that count from now on
 */
function adopt(
  known: BrandRecord | null,
  document: BrandDocument,
  keys: readonly BrandKey[],
  now: number,
): { to: BrandRecord; log: LogEntry[] } {
  const { did } = document;
  if (known === null) {
    const to = { did, document, enrolledAt: now, readAt: now, frozenAt: null };
    return { to, log: [brandEntry('brand-enrolled', loggedDocument(document), now)] };
  }
  if (known.frozenAt !== null) return { to: { ...known, readAt: now }, log: [] };
  if (countingKeys(known, document).length === 0) {
    const to = { ...known, readAt: now, frozenAt: now };
    return { to, log: [brandEntry('brand-frozen', { did }, now)] };
  }
  const counted = { ...document, keys };
  const isSame = JSON.stringify(counted) === JSON.stringify(known.document);
  return {
    to: { ...known, document: counted, readAt: now },
    log: isSame ? [] : [brandEntry('brand-changed', loggedDocument(counted), now)],
  };
}

/** Keys and bounds, the parts of a document that decide something here. */
export function loggedDocument({ did, keys, manifest }: BrandDocument): object {
  const { purposes, attributes, custom, period, retention, origins } = manifest;
  return {
    did,
    keys: keys.map(({ thumbprint }) => thumbprint),
    bounds: {
      purposes,
      attributes,
      custom: custom.map(({ id }) => id),
      period,
      retention,
      origins,
    },
  };
}
