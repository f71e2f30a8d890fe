import { assertWithinBounds, attributeWithinBounds, type BrandDocument } from './brand-document.ts';
import { hashOf, type SigningKey } from './crypto.ts';
import { type DidWeb, hostRelation, parseDidWeb } from './did-web.ts';
import { SECONDS_PER_DAY } from './duration.ts';
import { FormatError, isZusageError, PolicyError, VerificationError } from './errors.ts';
import { type EncryptionJwk, parseEncryptionJwk } from './jwk.ts';
import { type Jws, parseJws, signJws, verifyJws } from './jws.ts';
import { assertOrigin, type LoopbackOption } from './origin.ts';
import { Nonce, NumericDate, parseShape, z } from './shape.ts';
import { parseTerms, type Terms } from './terms.ts';
import { isPurpose } from './vocabulary/dpv.ts';
import { attribute, isAttributeId } from './vocabulary/index.ts';

export const GRANT_VCT = 'urn:zusage:grant:1';
export const REQUEST_TYP = 'oauth-authz-req+jwt';
export const CLIENT_ID_PREFIX = 'decentralized_identifier:';
/** Seconds a clock may be off (SPEC §1). */
export const CLOCK_SKEW = 60;
/** Longest lifetime of a request, seconds. */
export const MAX_REQUEST_LIFETIME = 900;
/** Longest period of a grant, days. */
export const MAX_PERIOD_DAYS = 366;

const ClaimId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/));

const Claim = z.strictObject({ id: ClaimId, path: z.tuple([z.literal('data'), z.string()]) });

/** OpenID4VP 1.0 Appendix A with DCQL, in the one shape of SPEC §3. */
export const RequestPayload = z.strictObject({
  /** Ignored, as OpenID4VP §5 demands of wallets. */
  iss: z.optional(z.string()),
  aud: z.literal('https://self-issued.me/v2'),
  iat: NumericDate,
  exp: NumericDate,
  client_id: z.string(),
  response_type: z.literal('vp_token'),
  response_mode: z.literal('dc_api.jwt'),
  nonce: Nonce,
  expected_origins: z.array(z.string()).check(z.minLength(1), z.maxLength(16)),
  dcql_query: z.strictObject({
    credentials: z.tuple([
      z.strictObject({
        id: ClaimId,
        format: z.literal('dc+sd-jwt'),
        meta: z.strictObject({ vct_values: z.tuple([z.literal(GRANT_VCT)]) }),
        claims: z.array(Claim).check(z.minLength(1), z.maxLength(32)),
        claim_sets: z.optional(
          z.array(z.array(ClaimId).check(z.minLength(1))).check(z.minLength(1), z.maxLength(64)),
        ),
      }),
    ]),
  }),
  transaction_data: z.tuple([z.string()]),
  client_metadata: z.strictObject({
    jwks: z.strictObject({ keys: z.tuple([z.unknown()]) }),
    encrypted_response_enc_values_supported: z.tuple([z.literal('A256GCM')]),
    vp_formats_supported: z.strictObject({
      'dc+sd-jwt': z.strictObject({
        'sd-jwt_alg_values': z.tuple([z.literal('ES256')]),
        'kb-jwt_alg_values': z.tuple([z.literal('ES256')]),
      }),
    }),
  }),
});
export type RequestPayload = z.infer<typeof RequestPayload>;

export type ParsedRequest = {
  /** The exact compact JWS. */
  readonly compact: string;
  readonly jws: Jws;
  readonly payload: RequestPayload;
  readonly brand: DidWeb;
  readonly terms: Terms;
  /** The one `transaction_data` string as it was sent. */
  readonly encodedTerms: string;
  /** The DCQL credential id, by which the response names the grant. */
  readonly credentialId: string;
  /** All attributes asked for, in the order of the request. */
  readonly attributes: readonly string[];
  /** Each a set of attribute ids; the person's choice must equal one. */
  readonly choices: readonly (readonly string[])[];
  /** The attributes in every choice. */
  readonly mandatory: readonly string[];
  readonly encryptionKey: EncryptionJwk;
  readonly requestHash: string;
  readonly termsHash: string;
};

/**
 * Step (1) of SPEC §3: static checks on bytes, shape, `expected_origins` and the suffix part of the host rule.
 * The only failure a page may see. Needs no state and no network, and verifies nothing.
 * @param origin the page's origin by the browser's word; absent where the API looks at a request
 * @throws FormatError
 */
export async function parseRequest(
  compact: string,
  { origin, ...options }: { origin?: string } & LoopbackOption = {},
): Promise<ParsedRequest> {
  const jws = parseJws(compact, { typ: [REQUEST_TYP], key: ['kid'] });
  const payload = parseShape(RequestPayload, jws.payload, 'request');
  const brand = parseClientId(payload.client_id, options);
  if (!jws.header.kid?.startsWith(`${brand.did}#`)) throw new FormatError('jws/header');
  for (const expected of payload.expected_origins) assertOrigin(expected, options);
  const [query] = payload.dcql_query.credentials;
  const scope = parseClaims(query.claims, query.claim_sets);
  const [encodedTerms] = payload.transaction_data;
  const terms = parseTerms(encodedTerms, options);
  if (terms.credential_ids[0] !== query.id) throw new FormatError('terms/shape');
  const encryptionKey = await parseEncryptionJwk(payload.client_metadata.jwks.keys[0]);
  if (origin !== undefined) {
    if (!payload.expected_origins.includes(origin))
      throw new FormatError('request/expected-origins');
    if (hostRelation(brand, origin) === null) throw new FormatError('request/host-rule');
  }
  return {
    compact,
    jws,
    payload,
    brand,
    terms,
    encodedTerms,
    credentialId: query.id,
    ...scope,
    encryptionKey,
    requestHash: await hashOf(compact),
    termsHash: await hashOf(encodedTerms),
  };
}

function parseClientId(clientId: string, options: LoopbackOption): DidWeb {
  if (!clientId.startsWith(CLIENT_ID_PREFIX)) throw new FormatError('request/client-id');
  try {
    return parseDidWeb(clientId.slice(CLIENT_ID_PREFIX.length), options);
  } catch (cause) {
    if (isZusageError(cause)) throw new FormatError('request/client-id', { cause });
    throw cause;
  }
}

function parseClaims(
  claims: { id: string; path: [string, string] }[],
  claimSets: string[][] | undefined,
): Pick<ParsedRequest, 'attributes' | 'choices' | 'mandatory'> {
  const byId = new Map(claims.map(({ id, path }) => [id, path[1]]));
  const attributes = claims.map(({ path }) => path[1]);
  if (byId.size !== claims.length || new Set(attributes).size !== claims.length) {
    throw new FormatError('request/claims');
  }
  if (!attributes.every(isAttributeId)) throw new FormatError('request/claims');
  if (attributes.length > 1 && attributes.some((id) => attribute(id)?.sensitivity === 'special')) {
    throw new FormatError('request/special-not-alone');
  }
  const sets = claimSets ?? [[...byId.keys()]];
  const choices = sets.map((set) => {
    if (new Set(set).size !== set.length) throw new FormatError('request/claim-sets');
    return set.map((id) => {
      const named = byId.get(id);
      if (named === undefined) throw new FormatError('request/claim-sets');
      return named;
    });
  });
  if (new Set(choices.map((choice) => [...choice].sort().join(' '))).size !== choices.length) {
    throw new FormatError('request/claim-sets');
  }
  const mandatory = attributes.filter((id) => choices.every((choice) => choice.includes(id)));
  return { attributes, choices, mandatory };
}

/**
 * Step (3) of SPEC §3 as far as the request alone decides it: signature, key, `origins`, expiry, bounds. Whoever
 * calls adds replay, lock, block, throttle, rule and person. A page never learns which check failed.
 * @param now NumericDate
 * @param origin as for `parseRequest`
 * @throws VerificationError `request/brand-mismatch`, `request/unknown-key`, `jws/signature`; PolicyError `request/*`, `brand/bounds`
 */
export async function verifyRequest(
  request: ParsedRequest,
  document: BrandDocument,
  { now, origin }: { now: number; origin?: string },
): Promise<void> {
  if (document.did !== request.brand.did) throw new VerificationError('request/brand-mismatch');
  const key = document.keys.find(({ kid }) => kid === request.jws.header.kid);
  if (key === undefined) throw new VerificationError('request/unknown-key');
  await verifyJws(request.jws, key.jwk);
  if (origin !== undefined && hostRelation(request.brand, origin) !== 'same') {
    if (!document.manifest.origins.includes(origin))
      throw new PolicyError('request/origin-not-listed');
  }
  const { iat, exp } = request.payload;
  if (exp - iat > MAX_REQUEST_LIFETIME || exp <= iat) throw new PolicyError('request/lifetime');
  if (iat > now + CLOCK_SKEW) throw new PolicyError('request/not-yet');
  if (exp <= now - CLOCK_SKEW) throw new PolicyError('request/expired');
  assertTermsAcceptable(request.terms, now);
  if (
    request.mandatory.some(
      (id) => attribute(id) === undefined && !attributeWithinBounds(id, document.manifest),
    )
  ) {
    throw new PolicyError('request/attribute');
  }
  const { period, purpose, retention } = request.terms;
  assertWithinBounds(
    {
      attributes: request.mandatory,
      purposes: purpose,
      from: period.from,
      until: period.until,
      retention,
    },
    document.manifest,
  );
}

function assertTermsAcceptable({ period, purpose }: Terms, now: number): void {
  if (period.until - period.from > MAX_PERIOD_DAYS * SECONDS_PER_DAY || period.until <= now) {
    throw new PolicyError('request/period');
  }
  if (!purpose.every(isPurpose)) throw new PolicyError('request/purpose');
}

/** Signs a request (SPEC §3). Checks nothing: `parseRequest` of the result does, and the SDK calls it. */
export async function signRequest(
  payload: RequestPayload,
  kid: string,
  key: SigningKey,
): Promise<string> {
  return signJws({ typ: REQUEST_TYP, kid }, payload, key);
}
