import { createHash } from 'node:crypto';
import { decodeBase64url, encodeBase64url, encodeUtf8 } from '../bytes.ts';
import { generateKey, importSigningKey, randomUuidUrn, type SigningKey } from '../crypto.ts';
import { type EventType, signEvent } from '../event.ts';
import { type Grant, issueGrant, parseGrant } from '../grant.ts';
import { thumbprint } from '../jwk.ts';
import { parseJws } from '../jws.ts';
import { type ParsedRequest, parseRequest, type RequestPayload, signRequest } from '../request.ts';
import { newStopRoot, stopHash, stopValue } from '../stop.ts';
import { commit } from './commitment.ts';
import { FIELD_NAMES, type Fields } from './fields.ts';
import type { Opening } from './opening.ts';

export const NOW = 1_795_323_600; // 2026-11-22T05:00:00Z
export const VAULT = 'https://vault.example';
export const BRAND = 'did:web:shop.example';
const DAY = 86_400;

export const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

/** A brand that asks and a person who agrees, with everything that a log's opening can carry. */
export type Agreement = {
  readonly request: ParsedRequest;
  readonly grant: Grant;
  readonly personKey: SigningKey;
  /** S_0 of the person's stop sheet. */
  readonly stop: string;
};

const hex = (label: string, length: number) =>
  createHash('sha256').update(label).digest('base64url').slice(0, length);

const TERMS = {
  type: 'urn:zusage:terms:1',
  credential_ids: ['grant'],
  transaction_data_hashes_alg: ['sha-256'],
  purpose: ['https://w3id.org/dpv#ProvidePersonalisedRecommendations'],
  text: {
    en: 'We suggest shoes in your size.',
    de: 'Wir schlagen Schuhe in der passenden Größe vor.',
  },
  legal_basis: 'https://w3id.org/dpv#Consent',
  period: { from: NOW, until: NOW + 90 * DAY },
  retention: 'P30D',
  recipients: ['Parcel Service Ltd'],
  vaults: [VAULT],
  contact: { erasure: 'https://shop.example/erasure' },
  notice: { uri: 'https://shop.example/privacy', 'hash#sha-256': digest('notice') },
};

async function makeRequest(): Promise<ParsedRequest> {
  const key = await importSigningKey(await generateKey());
  const encryption = await generateKey();
  const { kty, crv, x, y } = encryption;
  const payload = {
    aud: 'https://self-issued.me/v2',
    iat: NOW,
    exp: NOW + 600,
    client_id: `decentralized_identifier:${BRAND}`,
    response_type: 'vp_token',
    response_mode: 'dc_api.jwt',
    nonce: hex('nonce', 32),
    expected_origins: ['https://shop.example'],
    dcql_query: {
      credentials: [
        {
          id: 'grant',
          format: 'dc+sd-jwt',
          meta: { vct_values: ['urn:zusage:grant:1'] },
          claims: [
            { id: 'a', path: ['data', 'size.shoe'] },
            { id: 'b', path: ['data', 'intent.travel'] },
          ],
        },
      ],
    },
    transaction_data: [encodeBase64url(encodeUtf8(JSON.stringify(TERMS)))],
    client_metadata: {
      jwks: { keys: [{ kty, crv, x, y, kid: 'enc-1', use: 'enc', alg: 'ECDH-ES' }] },
      encrypted_response_enc_values_supported: ['A256GCM'],
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
      },
    },
  } as unknown as RequestPayload;
  return parseRequest(await signRequest(payload, `${BRAND}#sig-1`, key));
}

export async function agree({
  personKey,
  replaces,
}: {
  personKey?: SigningKey;
  replaces?: string;
} = {}): Promise<Agreement> {
  const request = await makeRequest();
  const key = personKey ?? (await importSigningKey(await generateKey()));
  const stop = await stopValue(newStopRoot(), 0);
  const item = (attribute: string, value: string) => ({
    attribute,
    disclosed: { value, confirmed: '2026-11', precision: 'exact' as const },
  });
  const { jwt } = await issueGrant(
    request,
    {
      items: [item('size.shoe', '42'), item('intent.travel', 'alps')],
      now: NOW,
      exp: NOW + 60 * DAY,
      location: 'https://shop.example',
      status: { idx: 42, uri: `${VAULT}/status/7` },
      stop: await stopHash(stop),
      shown: { lang: 'de', wording: '1' },
      decidedBy: 'person',
      ...(replaces !== undefined && { replaces }),
    },
    key,
  );
  return { request, grant: await parseGrant(jwt), personKey: key, stop };
}

export async function eventOf(
  { grant, personKey }: Agreement,
  event: EventType,
  seq: number,
  at: number,
): Promise<string> {
  return signEvent(
    {
      aud: VAULT,
      jti: randomUuidUrn(),
      grant: grant.claims.jti,
      grant_hash: grant.hash,
      event,
      seq,
      iat: at,
    },
    personKey,
  );
}

export function actorSigOf(jws: string): string {
  return digest(jws.slice(0, jws.lastIndexOf('.')));
}

export async function fieldsOf(
  { grant, request }: Agreement,
  entry: Pick<Fields, 'type' | 'grant_seq' | 'at' | 'actor_sig'> &
    Partial<Pick<Fields, 'brand_seq' | 'brand_prev'>>,
): Promise<Fields> {
  const requestKey = parseJws(request.compact, { typ: ['oauth-authz-req+jwt'], key: ['kid'] });
  return {
    type: entry.type,
    brand: grant.claims.aud,
    brand_seq: entry.brand_seq ?? 0,
    brand_prev: entry.brand_prev ?? null,
    brand_key_id: digest(requestKey.header.kid as string),
    grant: grant.claims.jti,
    grant_seq: entry.grant_seq,
    subject: await thumbprint(grant.key),
    scope: [...grant.details.datatypes].sort(),
    at: entry.at,
    grant_hash: grant.hash,
    request_hash: grant.claims.request_hash,
    terms_hash: grant.claims.terms_hash,
    actor_sig: entry.actor_sig,
  };
}

/** The opening of an entry at this minute with these tags; salts and r come from the label. */
export function openingFor(
  label: string,
  fields: Fields,
  entry: { minute: string; brandTag: string; personTag: string },
  evidence: { act?: string; stop?: string } = {},
): Opening {
  const disclosures = FIELD_NAMES.map((name) =>
    encodeBase64url(
      encodeUtf8(JSON.stringify([`${hex(`${label} ${name}`, 21)}A`, name, fields[name]])),
    ),
  );
  const payload = JSON.stringify({ _sd: disclosures.map(digest).sort(), v: 1 });
  const r = digest(`${label} r`);
  const c = commit(decodeBase64url(r), payload);
  const text = JSON.stringify({
    v: 1,
    k: 'e',
    t: entry.minute,
    c,
    b: entry.brandTag,
    s: entry.personTag,
  });
  return { v: 1, entry: text, r, payload, disclosures, ...evidence };
}
