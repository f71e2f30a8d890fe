import type { BrandDocument } from '@zusage/protocol/brand-document';
import {
  assertEnrolmentCurrent,
  ENROLMENT_WINDOW,
  parseEnrolment,
  verifyEnrolment,
} from '@zusage/protocol/enrolment';
import { isZusageError, PolicyError } from '@zusage/protocol/errors';
import type { Context } from './context.ts';
import { ApiError } from './errors.ts';
import { brandEntry, type LogEntry } from './log-entry.ts';
import type { BrandRecord } from './store/port.ts';

/** Seconds between two readings of a brand's document because of an unknown key. */
const READING_INTERVAL = 60;
/** Seconds after which a document is read again before a key counts by it: how long a stolen key outlives its removal. */
const DOCUMENT_LIFETIME = 3600;

/**
 * POST /brands: a key of the document asks for its brand to be enrolled, or for its document to be read anew.
 * @param compact `brand-enrolment+jwt`
 * @throws FormatError `enrolment/shape`, `jws/*`, `did/syntax`, `brand/*`; VerificationError `enrolment/mismatch`,
 * `jws/signature`; PolicyError `enrolment/stale`, `brand/frozen`; ApiError `brand/unreachable`, `once/used`
 */
export async function enrolBrand(context: Context, compact: string): Promise<BrandRecord> {
  const enrolment = parseEnrolment(compact);
  const { did, nonce, iat } = enrolment.claims;
  assertEnrolmentCurrent(enrolment, { vault: context.issuer, now: context.clock() });
  const document = await context.resolveBrand(did);
  const now = context.clock();
  await verifyEnrolment(enrolment, document.keys, { vault: context.issuer, now });
  const known = await context.store.brand(did);
  const { brand, log } = adopt(known, document, now);
  const until = iat + 2 * ENROLMENT_WINDOW;
  if ((await context.store.saveBrand(brand, log, { nonce, until })) === 'used') {
    throw new ApiError('once/used');
  }
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
 * for an unknown key at most once a minute. A document that cannot be read changes nothing.
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
  const adopted = adopt(brand, document, now);
  await context.store.saveBrand(adopted.brand, adopted.log);
  return adopted.brand;
}

/**
 * A document counts if it holds one of the earlier keys, or is the first. Otherwise the domain may have changed hands:
 * the brand is frozen as it was, until the operator enrols it again. A frozen brand stays frozen.
 */
function adopt(
  known: BrandRecord | null,
  document: BrandDocument,
  now: number,
): { brand: BrandRecord; log: LogEntry[] } {
  const { did } = document;
  if (known === null) {
    const brand = { did, document, enrolledAt: now, readAt: now, frozenAt: null };
    return { brand, log: [brandEntry('brand-enrolled', loggedDocument(document), now)] };
  }
  if (known.frozenAt !== null) return { brand: { ...known, readAt: now }, log: [] };
  const earlier = known.document.keys.map(({ thumbprint }) => thumbprint);
  if (!document.keys.some(({ thumbprint }) => earlier.includes(thumbprint))) {
    const brand = { ...known, readAt: now, frozenAt: now };
    return { brand, log: [brandEntry('brand-frozen', { did }, now)] };
  }
  const isSame = JSON.stringify(document) === JSON.stringify(known.document);
  return {
    brand: { ...known, document, readAt: now },
    log: isSame ? [] : [brandEntry('brand-changed', loggedDocument(document), now)],
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
