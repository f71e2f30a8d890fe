import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brandDocumentJson, type Manifest } from '@zusage/protocol/brand-document';
import { encodeBase64url, encodeUtf8 } from '@zusage/protocol/bytes';
import { signClientAssertion } from '@zusage/protocol/client-assertion';
import {
  generateKey,
  importSigningKey,
  randomBytes,
  type SigningKey,
} from '@zusage/protocol/crypto';
import { signEnrolment } from '@zusage/protocol/enrolment';
import {
  CLIENT_ID_PREFIX,
  GRANT_VCT,
  type RequestPayload,
  signRequest,
} from '@zusage/protocol/request';
import { CONSENT, TERMS_TYPE, type Terms } from '@zusage/protocol/terms';

const DAY = 86_400;
export const PURPOSE = 'https://w3id.org/dpv#ProvideProductRecommendations';
export const ATTRIBUTES = ['size.shoe', 'intent.travel'];

/** A brand with real keys whose document is served over http on loopback. */
export type TestBrand = {
  readonly did: string;
  readonly origin: string;
  key: SigningKey;
  kid: string;
  manifest: Manifest;
  /** What is served instead of the brand's own document. */
  body: string | null;
  /** What an answer waits for, once it holds the document of its time. */
  held: Promise<void> | null;
  /** How often the document was asked for. */
  reads: number;
  /** Publishes a document with a fresh key; the old one is gone, or stays beside it. */
  rotate(options: { keepOld: boolean; fragment: string }): Promise<void>;
  /** Publishes a document with the present key only. */
  forgetOld(): void;
  /** Publishes a document with this key beside what it lists. */
  listBeside(kid: string, jwk: SigningKey['publicJwk']): void;
  close(): Promise<void>;
};

export const MANIFEST: Omit<Manifest, 'origins'> = {
  name: 'Bergschuh',
  category: 'Outdoor shop',
  purposes: [PURPOSE, 'https://w3id.org/dpv#DirectMarketing'],
  attributes: ATTRIBUTES,
  custom: [],
  period: 'P366D',
  retention: 'P365D',
};

export async function serveBrand(): Promise<TestBrand> {
  const server = createServer(async (_, response) => {
    brand.reads++;
    const body = brand.body ?? JSON.stringify(document());
    await brand.held;
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const did = `did:web:127.0.0.1%3A${port}`;
  const origin = `http://127.0.0.1:${port}`;
  const key = await importSigningKey(await generateKey());
  let older: { kid: string; jwk: SigningKey['publicJwk'] }[] = [];
  const brand: TestBrand = {
    did,
    origin,
    key,
    kid: `${did}#sig-1`,
    manifest: { ...MANIFEST, origins: [origin] },
    body: null,
    held: null,
    reads: 0,
    rotate: async ({ keepOld, fragment }) => {
      older = keepOld ? [...older, { kid: brand.kid, jwk: brand.key.publicJwk }] : [];
      brand.key = await importSigningKey(await generateKey());
      brand.kid = `${did}#${fragment}`;
    },
    forgetOld: () => {
      older = [];
    },
    listBeside: (kid, jwk) => {
      older = [...older, { kid, jwk }];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const document = () =>
    brandDocumentJson({
      did,
      keys: [{ kid: brand.kid, jwk: brand.key.publicJwk }, ...older],
      manifest: brand.manifest,
    });
  return brand;
}

export function nonce(): string {
  return encodeBase64url(randomBytes(16));
}

export function enrolment(
  brand: Pick<TestBrand, 'did' | 'kid' | 'key'>,
  vault: string,
  now: number,
): Promise<string> {
  const claims = { did: brand.did, nonce: nonce(), iat: now, aud: vault };
  return signEnrolment(claims, brand.kid, brand.key);
}

export function assertion(brand: TestBrand, vault: string, now: number): Promise<string> {
  return signClientAssertion(
    { did: brand.did, vault, jti: randomUUID(), now },
    brand.kid,
    brand.key,
  );
}

export type Wish = {
  readonly terms?: Partial<Terms>;
  readonly payload?: Partial<RequestPayload>;
};

/** A request for a shoe size, and travel plans if the person likes. */
export async function brandRequest(
  brand: TestBrand,
  vault: string,
  now: number,
  { terms = {}, payload = {} }: Wish = {},
): Promise<string> {
  const encryption = (await importSigningKey(await generateKey())).publicJwk;
  const stated: Terms = {
    type: TERMS_TYPE,
    credential_ids: ['grant'],
    transaction_data_hashes_alg: ['sha-256'],
    purpose: [PURPOSE],
    text: { en: 'We show you shoes in your size.', de: 'Wir zeigen Ihnen Schuhe in Ihrer Größe.' },
    legal_basis: CONSENT,
    period: { from: now - 60, until: now + 300 * DAY },
    retention: 'P90D',
    recipients: [],
    vaults: [vault],
    contact: { erasure: 'mailto:privacy@shop.example' },
    notice: {
      uri: 'https://shop.example/privacy',
      'hash#sha-256': encodeBase64url(new Uint8Array(32)),
    },
    ...terms,
  };
  return signRequest(
    {
      aud: 'https://self-issued.me/v2',
      iat: now,
      exp: now + 600,
      client_id: CLIENT_ID_PREFIX + brand.did,
      response_type: 'vp_token',
      response_mode: 'dc_api.jwt',
      nonce: nonce(),
      expected_origins: [brand.origin],
      dcql_query: {
        credentials: [
          {
            id: 'grant',
            format: 'dc+sd-jwt',
            meta: { vct_values: [GRANT_VCT] },
            claims: [
              { id: 'shoe', path: ['data', 'size.shoe'] },
              { id: 'trip', path: ['data', 'intent.travel'] },
            ],
            claim_sets: [['shoe', 'trip'], ['shoe']],
          },
        ],
      },
      transaction_data: [encodeBase64url(encodeUtf8(JSON.stringify(stated)))],
      client_metadata: {
        jwks: { keys: [{ ...encryption, kid: 'enc-1', use: 'enc', alg: 'ECDH-ES' }] },
        encrypted_response_enc_values_supported: ['A256GCM'],
        vp_formats_supported: {
          'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
        },
      },
      ...payload,
    },
    brand.kid,
    brand.key,
  );
}
