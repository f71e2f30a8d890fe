import type { Bytes } from './bytes.ts';
import { hashOf, randomBytes, randomUuidUrn, type SigningKey } from './crypto.ts';
import { type DisclosedValue, type Disclosure, makeDisclosure, sdArray } from './disclosure.ts';
import { Days } from './duration.ts';
import { FormatError, PolicyError, VerificationError } from './errors.ts';
import { didJwk, type PublicJwk, parsePublicJwk, thumbprint } from './jwk.ts';
import { type Jws, parseJws, signJws, verifyJws } from './jws.ts';
import { assertOrigin, type LoopbackOption } from './origin.ts';
import { CLOCK_SKEW, GRANT_VCT, type ParsedRequest } from './request.ts';
import { Hash, NumericDate, parseShape, UuidUrn, z } from './shape.ts';
import { Frequency, Notice, Recipients } from './terms.ts';
import { isAttributeId } from './vocabulary/attribute.ts';
import { categoriesOf } from './vocabulary/category.ts';

export const GRANT_TYP = 'dc+sd-jwt';
export const DATA_SHARE_TYPE = 'urn:zusage:data-share:1';

/** RFC 9396 authorization details of a grant: its whole scope. */
export const AuthorizationDetails = z.strictObject({
  type: z.literal(DATA_SHARE_TYPE),
  actions: z.array(z.string()).check(z.minLength(1), z.maxLength(8)),
  locations: z.array(z.string()).check(z.minLength(1), z.maxLength(16)),
  datatypes: z
    .array(z.string().check(z.refine(isAttributeId)))
    .check(z.minLength(1), z.maxLength(32)),
  personal_data: z.array(z.string()).check(z.minLength(1), z.maxLength(32)),
  purpose: z.array(z.string()).check(z.minLength(1), z.maxLength(8)),
  dpv: z.literal('2.3'),
  legal_basis: z.string(),
  retention: Days,
  frequency: z.optional(Frequency),
  recipients: Recipients,
  notice: Notice,
});
export type AuthorizationDetails = z.infer<typeof AuthorizationDetails>;

export const StatusReference = z.strictObject({
  idx: z.int().check(z.minimum(0), z.maximum(2 ** 31)),
  uri: z.string(),
});
export type StatusReference = z.infer<typeof StatusReference>;

const GrantClaims = z.strictObject({
  iss: z.string(),
  vct: z.string(),
  jti: UuidUrn,
  iat: NumericDate,
  nbf: NumericDate,
  exp: NumericDate,
  aud: z.string(),
  cnf: z.strictObject({ jwk: z.unknown() }),
  status: z.strictObject({ status_list: StatusReference }),
  authorization_details: z.tuple([AuthorizationDetails]),
  request_hash: Hash,
  terms_hash: Hash,
  decided_by: z.enum(['person', 'rule']),
  shown: z.strictObject({
    lang: z.enum(['en', 'de']),
    wording: z.string().check(z.regex(/^[0-9]{1,6}$/)),
  }),
  stop: Hash,
  replaces: z.optional(UuidUrn),
  _sd_alg: z.literal('sha-256'),
  data: z.strictObject({ _sd: z.array(Hash).check(z.minLength(1), z.maxLength(32)) }),
});
export type GrantClaims = z.infer<typeof GrantClaims>;

/** An issuer-signed grant (SD-JWT, RFC 9901) without its disclosures: what the vault API sees. */
export type Grant = {
  /** The exact compact JWS, without `~`. */
  readonly jwt: string;
  readonly jws: Jws;
  readonly claims: GrantClaims;
  readonly details: AuthorizationDetails;
  readonly key: PublicJwk;
  /** RFC 7638 thumbprint of the key: who the person is to this brand, and to nobody else. */
  readonly pseudonym: string;
  /** base64url SHA-256 of `jwt`. */
  readonly hash: string;
};

/**
 * Shape, and the three key equalities. Does not verify the signature: `verifyGrant` does.
 * @throws FormatError `grant/*`, `jws/*`, `jwk/*`, `json/*`; VerificationError `grant/vct`, `grant/key-*`
 */
export async function parseGrant(jwt: string, options: LoopbackOption = {}): Promise<Grant> {
  const jws = parseJws(jwt, { typ: [GRANT_TYP], key: ['kid', 'jwk'] });
  const claims = parseShape(GrantClaims, jws.payload, 'grant');
  if (claims.vct !== GRANT_VCT) throw new VerificationError('grant/vct');
  const key = await parsePublicJwk(jws.header.jwk);
  if (claims.iss !== didJwk(key)) throw new VerificationError('grant/key-iss');
  const pseudonym = await thumbprint(key);
  if ((await parsePublicJwk(claims.cnf.jwk, key)) !== key) {
    throw new VerificationError('grant/key-cnf');
  }
  if (jws.header.kid !== `${claims.iss}#0`) throw new VerificationError('grant/key-kid');
  const [details] = claims.authorization_details;
  if (new Set(details.datatypes).size !== details.datatypes.length)
    throw new FormatError('grant/shape');
  if (new Set(claims.data._sd).size !== claims.data._sd.length)
    throw new FormatError('grant/shape');
  if (claims.exp <= claims.nbf) throw new FormatError('grant/shape');
  for (const location of details.locations) assertOrigin(location, options);
  return { jwt, jws, claims, details, key, pseudonym, hash: await hashOf(jwt) };
}

/** @throws VerificationError `jws/signature` */
export async function verifyGrant(grant: Grant): Promise<void> {
  await verifyJws(grant.jws, grant.key);
}

/**
 * The body of a registration: the issuer-signed JWT and one `~`. Anything after it would be a value on its way to
 * the service.
 * @throws FormatError `grant/has-disclosures`
 */
export function issuerSignedPart(registration: string): string {
  const end = registration.indexOf('~');
  if (end === -1 || end !== registration.length - 1) throw new FormatError('grant/has-disclosures');
  return registration.slice(0, end);
}

/** @throws PolicyError `grant/not-yet`, `grant/expired` */
export function assertInPeriod({ claims }: Grant, now: number): void {
  if (claims.nbf > now + CLOCK_SKEW) throw new PolicyError('grant/not-yet');
  if (claims.exp <= now) throw new PolicyError('grant/expired');
}

/** What the person decided, and what the API assigned. */
export type GrantDecision = {
  items: readonly { attribute: string; disclosed: DisclosedValue }[];
  /** NumericDate; `iat` and `nbf` are the slot's `now`, so that no clock of the person's shows. */
  now: number;
  exp: number;
  location: string;
  status: StatusReference;
  /** base64url SHA-256 stop value (SPEC §8). */
  stop: string;
  shown: GrantClaims['shown'];
  decidedBy: GrantClaims['decided_by'];
  replaces?: string;
};

/**
 * Builds and signs a grant as narrow as the decision. The caller runs `assertNarrower` over it before use.
 * @param random for reproducible vectors only
 * @throws PolicyError `request/attribute` for an attribute of no known category
 */
export async function issueGrant(
  request: ParsedRequest,
  decision: GrantDecision,
  key: SigningKey,
  {
    random = randomBytes,
    jti = randomUuidUrn(),
  }: { random?: (length: number) => Bytes; jti?: string } = {},
): Promise<{ jwt: string; disclosures: Disclosure[] }> {
  const { terms, brand } = request;
  const datatypes = decision.items.map(({ attribute }) => attribute);
  const disclosures = await Promise.all(
    decision.items.map(({ attribute, disclosed }) =>
      makeDisclosure(attribute, disclosed, random(16)),
    ),
  );
  const categories = categoriesOf(datatypes);
  if (categories === null) throw new PolicyError('request/attribute');
  const details: AuthorizationDetails = {
    type: DATA_SHARE_TYPE,
    actions: ['read'],
    locations: [decision.location],
    datatypes,
    personal_data: categories,
    purpose: terms.purpose,
    dpv: '2.3',
    legal_basis: terms.legal_basis,
    retention: terms.retention,
    ...(terms.frequency && { frequency: terms.frequency }),
    recipients: terms.recipients,
    notice: terms.notice,
  };
  const iss = didJwk(key.publicJwk);
  const claims: GrantClaims = {
    iss,
    vct: GRANT_VCT,
    jti,
    iat: decision.now,
    nbf: Math.max(decision.now, terms.period.from),
    exp: decision.exp,
    aud: brand.did,
    cnf: { jwk: key.publicJwk },
    status: { status_list: decision.status },
    authorization_details: [details],
    request_hash: request.requestHash,
    terms_hash: request.termsHash,
    decided_by: decision.decidedBy,
    shown: decision.shown,
    stop: decision.stop,
    ...(decision.replaces !== undefined && { replaces: decision.replaces }),
    _sd_alg: 'sha-256',
    data: { _sd: await sdArray(disclosures, random) },
  };
  const jwt = await signJws({ typ: GRANT_TYP, kid: `${iss}#0`, jwk: key.publicJwk }, claims, key);
  return { jwt, disclosures };
}
