/**
 * One brand, one person, one vault, one moment: everything the vectors are made of. Keys, salts and nonces are
 * SHA-256 of a label; signatures are deterministic ECDSA (RFC 6979), so that the same files come out every time.
 */

import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { p256 } from '@noble/curves/nist.js';
import { CompactEncrypt, importJWK } from 'jose';
import { decodeBase64url, encodeBase64url, encodeUtf8 } from '../src/bytes.ts';
import { consentRecord } from '../src/consent-record.ts';
import { type Disclosure, makeDisclosure, sdArray } from '../src/disclosure.ts';
import { parseGrant } from '../src/grant.ts';
import { didJwk, type PrivateJwk, publicOf, thumbprint } from '../src/jwk.ts';
import { signingInputOf } from '../src/jws.ts';

export const NOW = 1_795_323_600; // 2026-11-22T05:00:00Z
export const DAY = 86_400;
export const DID = 'did:web:shop.example';
export const ORIGIN = 'https://shop.example';
export const VAULT = 'https://vault.example';
export const LIST = `${VAULT}/status/7`;
export const KID = `${DID}#sig-1`;

export function digestOf(text: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(text).digest());
}
export const hash = (text: string) => encodeBase64url(digestOf(text));
export const bytes = (label: string, length = 32) =>
  digestOf(`zusage vector: ${label}`).slice(0, length);
export const text = (label: string, length = 32) => encodeBase64url(bytes(label, length));
export const json64 = (value: unknown) => encodeBase64url(encodeUtf8(JSON.stringify(value)));

export function keyOf(label: string): PrivateJwk {
  const d = bytes(`key ${label}`);
  const point = p256.getPublicKey(d, false);
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.slice(1, 33)),
    y: encodeBase64url(point.slice(33)),
    d: encodeBase64url(d),
  };
}

export const keys = {
  brand: keyOf('brand'),
  stranger: keyOf('stranger'),
  person: keyOf('person'),
  encryption: keyOf('encryption'),
  vault: keyOf('vault'),
};
export const person = publicOf(keys.person);
export const pseudonym = await thumbprint(person);
export const did = didJwk(person);
export const encryptionJwk = {
  ...publicOf(keys.encryption),
  kid: 'enc-1',
  use: 'enc',
  alg: 'ECDH-ES',
};
export const jwks = {
  keys: [{ ...publicOf(keys.vault), kid: 'vault-1', use: 'sig', alg: 'ES256' }],
};

export function signInput(input: string, key: PrivateJwk): string {
  const signature = p256.sign(encodeUtf8(input), decodeBase64url(key.d), { lowS: false });
  return `${input}.${encodeBase64url(signature)}`;
}
/** `header` is written as it is: wrong ones included. */
export function jws(header: object, payload: object, key: PrivateJwk): string {
  return signInput(signingInputOf(header, payload), key);
}

export const manifest = {
  name: 'Shop',
  category: 'outdoor',
  origins: ['https://de.shop.example'],
  purposes: [
    'https://w3id.org/dpv#ProvideProductRecommendations',
    'https://w3id.org/dpv#ServicePersonalisation',
  ],
  attributes: ['size.shoe', 'intent.travel', 'preference.coffee-roast', 'context.allergies'],
  custom: [{ id: 'custom.hut', label: { en: 'Favourite hut', de: 'Lieblingshütte' } }],
  period: 'P366D',
  retention: 'P365D',
};
export const document = {
  '@context': ['https://www.w3.org/ns/did/v1'],
  id: DID,
  verificationMethod: [
    { id: KID, type: 'JsonWebKey', controller: DID, publicKeyJwk: publicOf(keys.brand) },
  ],
  authentication: [KID],
  service: [{ id: `${DID}#zusage`, type: 'ZusageManifest', serviceEndpoint: manifest }],
};

export const terms = {
  type: 'urn:zusage:terms:1',
  credential_ids: ['grant'],
  transaction_data_hashes_alg: ['sha-256'],
  purpose: ['https://w3id.org/dpv#ProvideProductRecommendations'],
  text: { en: 'We show you shoes in your size.', de: 'Wir zeigen Ihnen Schuhe in Ihrer Größe.' },
  legal_basis: 'https://w3id.org/dpv#Consent',
  period: { from: NOW, until: NOW + 180 * DAY },
  retention: 'P90D',
  frequency: { uses: 30, per: 'P30D' },
  recipients: ['Parcel Ltd'],
  benefit: {
    kind: 'discount',
    text: { en: 'Ten percent on boots.', de: 'Zehn Prozent auf Stiefel.' },
    due: 'P1D',
  },
  vaults: [VAULT],
  contact: { erasure: 'mailto:privacy@shop.example' },
  notice: { uri: 'https://shop.example/privacy/v7', 'hash#sha-256': hash('privacy notice v7') },
};

export const query = {
  id: 'grant',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:zusage:grant:1'] },
  claims: [
    { id: 'shoe', path: ['data', 'size.shoe'] },
    { id: 'trip', path: ['data', 'intent.travel'] },
  ],
  claim_sets: [['shoe', 'trip'], ['shoe']],
};

export const requestPayload = (parts: { terms?: unknown; query?: unknown; set?: object } = {}) => ({
  aud: 'https://self-issued.me/v2',
  iat: NOW,
  exp: NOW + 900,
  client_id: `decentralized_identifier:${DID}`,
  response_type: 'vp_token',
  response_mode: 'dc_api.jwt',
  nonce: text('nonce', 16),
  expected_origins: [ORIGIN, 'https://de.shop.example'],
  dcql_query: { credentials: [parts.query ?? query] },
  transaction_data: [json64(parts.terms ?? terms)],
  client_metadata: {
    jwks: { keys: [encryptionJwk] },
    encrypted_response_enc_values_supported: ['A256GCM'],
    vp_formats_supported: {
      'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
    },
  },
  ...parts.set,
});

export const requestHeader = { alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: KID };
export const signRequest = (payload: object, header: object = requestHeader, key = keys.brand) =>
  jws(header, payload, key);
export const request = signRequest(requestPayload());

export const shoe = await makeDisclosure(
  'size.shoe',
  { value: 'EU 42', confirmed: '2026-11', precision: 'exact' },
  bytes('salt shoe', 16),
);
export const trip = await makeDisclosure(
  'intent.travel',
  { value: 'hiking until 2027-06-30', confirmed: '2026-11', precision: 'exact' },
  bytes('salt trip', 16),
);

export const details = {
  type: 'urn:zusage:data-share:1',
  actions: ['read'],
  locations: [ORIGIN],
  datatypes: ['size.shoe'],
  personal_data: ['https://w3id.org/dpv/pd#PhysicalCharacteristic'],
  purpose: terms.purpose,
  dpv: '2.3',
  legal_basis: terms.legal_basis,
  retention: 'P90D',
  frequency: { uses: 30, per: 'P30D' },
  recipients: ['Parcel Ltd'],
  notice: terms.notice,
};
export const status = { status_list: { idx: 4821, uri: LIST } };

let decoy = 0;
export const sdOf = (disclosures: Disclosure[]) =>
  sdArray(disclosures, (length) =>
    bytes(`decoy ${disclosures.map(({ name }) => name)} ${decoy++ % 4}`, length),
  );

export const grantClaims = async (
  parts: { details?: object; set?: object; request?: string; disclosures?: Disclosure[] } = {},
) => {
  decoy = 0;
  const encodedTerms = JSON.parse(
    new TextDecoder().decode(decodeBase64url((parts.request ?? request).split('.')[1] as string)),
  ).transaction_data[0];
  return {
    iss: did,
    vct: 'urn:zusage:grant:1',
    jti: 'urn:uuid:0b1d7a5e-0000-4000-8000-000000000001',
    iat: NOW + 10,
    nbf: NOW + 10,
    exp: NOW + 90 * DAY,
    aud: DID,
    cnf: { jwk: person },
    status,
    authorization_details: [{ ...details, ...parts.details }],
    request_hash: hash(parts.request ?? request),
    terms_hash: hash(encodedTerms),
    decided_by: 'person',
    shown: { lang: 'de', wording: '1' },
    stop: text('stop'),
    _sd_alg: 'sha-256',
    data: { _sd: await sdOf(parts.disclosures ?? [shoe]) },
    ...parts.set,
  };
};
export const grantHeader = { alg: 'ES256', typ: 'dc+sd-jwt', kid: `${did}#0`, jwk: person };
export const signGrant = (claims: object, header: object = grantHeader, key = keys.person) =>
  jws(header, claims, key);
export const grant = signGrant(await grantClaims());

export const keyBindingClaims = (sdJwt: string, set: object = {}) => ({
  iat: NOW + 20,
  nonce: text('nonce', 16),
  aud: `origin:${ORIGIN}`,
  sd_hash: hash(sdJwt),
  transaction_data_hashes: [hash(json64(terms))],
  transaction_data_hashes_alg: 'sha-256',
  ...set,
});
export const presentationOf = (
  grantJwt = grant,
  disclosures: string[] = [shoe.encoded],
  {
    set = {},
    key = keys.person,
    header = {},
  }: { set?: object; key?: PrivateJwk; header?: object } = {},
) => {
  const sdJwt = `${[grantJwt, ...disclosures].join('~')}~`;
  return sdJwt + jws({ alg: 'ES256', typ: 'kb+jwt', ...header }, keyBindingClaims(sdJwt, set), key);
};

/** A list in which only `idx` 4821 is registered, as `value`. */
export function listToken({
  value = 0,
  set = {},
  header = {},
  key = keys.vault,
  lst,
}: {
  value?: number;
  set?: object;
  header?: object;
  key?: PrivateJwk;
  lst?: string;
} = {}) {
  const list = new Uint8Array(65_536 / 4).fill(0xff);
  list[4821 >> 2] = 0xff & (~(3 << ((4821 & 3) * 2)) | (value << ((4821 & 3) * 2)));
  const payload = {
    sub: LIST,
    iat: NOW,
    exp: NOW + 3600,
    ttl: 300,
    status_list: { bits: 2, lst: lst ?? encodeBase64url(deflateSync(list, { level: 9 })) },
    ...set,
  };
  return jws({ alg: 'ES256', typ: 'statuslist+jwt', kid: 'vault-1', ...header }, payload, key);
}

const parsedGrant = await parseGrant(grant);
export const receiptClaims = {
  iss: VAULT,
  aud: pseudonym,
  jti: 'urn:uuid:0b1d7a5e-0000-4000-8000-00000000000a',
  iat: NOW + 12,
  grant: parsedGrant.claims.jti,
  grant_hash: parsedGrant.hash,
  request_hash: parsedGrant.claims.request_hash,
  event: 'registered',
  seq: 0,
  status_list: status.status_list,
  log: null,
  stream: null,
  record: consentRecord(parsedGrant, 'ConsentGiven', NOW + 12),
};
export const receiptHeader = { alg: 'ES256', typ: 'consent-receipt+jwt', kid: 'vault-1' };

/** ECDH-ES with a fixed ephemeral key and initialisation vector: never outside vectors. */
export async function jwe(presentation: string, header: object = {}): Promise<string> {
  const plaintext = encodeUtf8(JSON.stringify({ vp_token: { grant: [presentation] } }));
  return new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'enc-1', ...header })
    .setKeyManagementParameters({
      epk: (await importJWK(keyOf('ephemeral'), 'ECDH-ES', { extractable: true })) as CryptoKey,
    })
    .setInitializationVector(bytes('iv', 12))
    .encrypt(await importJWK(publicOf(keys.encryption), 'ECDH-ES'));
}
