import { encodeBase64url, encodeUtf8 } from '../bytes.ts';
import { generateKey, randomBytes } from '../crypto.ts';
import { type PrivateJwk, publicOf } from '../jwk.ts';
import type { LoopbackOption } from '../origin.ts';
import {
  CLIENT_ID_PREFIX,
  GRANT_VCT,
  MAX_REQUEST_LIFETIME,
  parseRequest,
  type RequestPayload,
  signRequest,
} from '../request.ts';
import { CONSENT, TERMS_TYPE, type Terms } from '../terms.ts';
import { type Brand, currentTime } from './brand.ts';
import { SdkError } from './errors.ts';

/** All subsets of six are 64 claim sets, the most a request may hold (SPEC §3). */
const MAX_OPTIONAL = 6;
const CREDENTIAL_ID = 'grant';

/** What the person agrees to; the constant members of the terms are added. */
export type AskedTerms = Pick<
  Terms,
  'purpose' | 'text' | 'period' | 'retention' | 'vaults' | 'contact' | 'notice'
> &
  Partial<Pick<Terms, 'frequency' | 'recipients' | 'benefit'>>;

export type RequestOptions = {
  brand: Brand;
  /** Attribute ids. The person may leave out any of the optional ones, and none of the required. */
  attributes: { required: readonly string[]; optional?: readonly string[] };
  terms: AskedTerms;
  /** The pages that may make the request, such as `https://shop.example`. */
  origins: readonly string[];
  /** Seconds the request lives, at most 900. */
  lifetime?: number;
  /** NumericDate. */
  now?: number;
} & LoopbackOption;

/**
 * What the brand keeps until the response arrives, bound to the visitor's own session: plain JSON. It holds the key
 * that opens the response, so it belongs on the server, never in a cookie.
 */
export type RequestSession = {
  readonly request: string;
  readonly nonce: string;
  readonly encryptionKey: PrivateJwk;
  /** NumericDate at which it may be deleted. */
  readonly expires: number;
};

/**
 * Writes, signs and checks one request (SPEC §3), with a fresh encryption key and nonce. One request is for one
 * visitor.
 * @returns the compact JWS for the page, and the session for the server
 * @throws SdkError `request/scope`; FormatError where the terms, origins or texts are not the protocol's
 */
export async function createRequest(
  options: RequestOptions,
): Promise<{ request: string; session: RequestSession }> {
  const { brand, terms, origins, now = currentTime() } = options;
  const encryptionKey = await generateKey();
  const nonce = encodeBase64url(randomBytes(24));
  const exp = now + (options.lifetime ?? MAX_REQUEST_LIFETIME);
  const payload: RequestPayload = {
    aud: 'https://self-issued.me/v2',
    iat: now,
    exp,
    client_id: `${CLIENT_ID_PREFIX}${brand.did}`,
    response_type: 'vp_token',
    response_mode: 'dc_api.jwt',
    nonce,
    expected_origins: [...origins],
    dcql_query: { credentials: [credentialQuery(options.attributes)] },
    transaction_data: [encodeTerms(terms)],
    client_metadata: {
      jwks: {
        keys: [{ ...publicOf(encryptionKey), kid: 'enc-1', use: 'enc', alg: 'ECDH-ES' }],
      },
      encrypted_response_enc_values_supported: ['A256GCM'],
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
      },
    },
  };
  const request = await signRequest(payload, brand.kid, brand.key);
  for (const origin of origins) await parseRequest(request, { ...options, origin });
  return { request, session: { request, nonce, encryptionKey, expires: exp } };
}

type CredentialQuery = RequestPayload['dcql_query']['credentials'][0];

function credentialQuery({
  required,
  optional = [],
}: RequestOptions['attributes']): CredentialQuery {
  const asked = [...required, ...optional];
  if (
    asked.length === 0 ||
    optional.length > MAX_OPTIONAL ||
    new Set(asked).size !== asked.length
  ) {
    throw new SdkError('request/scope');
  }
  return {
    id: CREDENTIAL_ID,
    format: 'dc+sd-jwt',
    meta: { vct_values: [GRANT_VCT] },
    claims: asked.map((attribute) => ({ id: claimId(attribute), path: ['data', attribute] })),
    ...(optional.length > 0 && { claim_sets: claimSets(required, optional) }),
  };
}

/** An attribute id with `_` for its dots: unique, because attribute ids hold no underscore. */
function claimId(attribute: string): string {
  return attribute.replaceAll('.', '_');
}

/** The required attributes with every subset of the optional ones, the largest first, as DCQL prefers earlier sets. */
function claimSets(required: readonly string[], optional: readonly string[]): string[][] {
  const sets: string[][] = [];
  for (let mask = 0; mask < 1 << optional.length; mask++) {
    const chosen = optional.filter((_, bit) => mask & (1 << bit));
    const set = [...required, ...chosen].map(claimId);
    if (set.length > 0) sets.push(set);
  }
  return sets.sort((left, right) => right.length - left.length);
}

function encodeTerms(asked: AskedTerms): string {
  const terms: Terms = {
    type: TERMS_TYPE,
    credential_ids: [CREDENTIAL_ID],
    transaction_data_hashes_alg: ['sha-256'],
    legal_basis: CONSENT,
    recipients: [],
    ...asked,
  };
  return encodeBase64url(encodeUtf8(JSON.stringify(terms)));
}
