/** Requests across the border: the library's at our extension, ours at the library's wallet. */
import { Openid4vpClient } from '@openid4vc/openid4vp';
import { type Brand, createRequest, verifyResponse } from '@zusage/protocol/brand';
import { CompactEncrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  jwksOf,
  openid4vp,
  type RequestPayload,
  receive,
  signedBy,
} from './off-the-shelf.fixture.ts';
import {
  answer,
  askedTerms,
  BOTH,
  LOOPBACK,
  newPerson,
  startWorld,
  type World,
} from './world.fixture.ts';

let world: World;
let jwks: { keys: JWK[] };

beforeAll(async () => {
  world = await startWorld();
  jwks = await jwksOf(world.vault.url);
});
afterAll(() => world.close());

/** A request as a brand writes it that has read SPEC.md and uses `@openid4vc/openid4vp` alone. */
async function libraryRequest(change: object = {}) {
  const { origin, brand } = world;
  const pair = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  const decryption = await exportJWK(pair.privateKey);
  const { d, ...encryption } = decryption;
  const terms = {
    type: 'urn:zusage:terms:1',
    credential_ids: ['wish'],
    transaction_data_hashes_alg: ['sha-256'],
    legal_basis: 'https://w3id.org/dpv#Consent',
    recipients: [],
    ...askedTerms(world),
  };
  const payload = {
    response_type: 'vp_token',
    response_mode: 'dc_api.jwt',
    client_id: `decentralized_identifier:${brand.did}`,
    nonce: crypto.randomUUID().replaceAll('-', ''),
    expected_origins: [origin],
    dcql_query: {
      credentials: [
        {
          id: 'wish',
          format: 'dc+sd-jwt',
          meta: { vct_values: ['urn:zusage:grant:1'] },
          claims: [
            { id: 'shoe', path: ['data', 'size.shoe'] },
            { id: 'roast', path: ['data', 'preference.coffee-roast'] },
          ],
          claim_sets: [['shoe', 'roast'], ['shoe']],
        },
      ],
    },
    transaction_data: [Buffer.from(JSON.stringify(terms)).toString('base64url')],
    client_metadata: {
      jwks: { keys: [{ ...encryption, kid: 'key-of-today', use: 'enc', alg: 'ECDH-ES' }] },
      encrypted_response_enc_values_supported: ['A256GCM'],
      vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
      },
    },
    ...change,
  } as RequestPayload;
  const { verifier } = openid4vp({ signing: world.brandJwk });
  const { jar } = await verifier.createOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: payload,
    jar: {
      jwtSigner: { method: 'did', alg: 'ES256', didUrl: brand.kid },
      additionalJwtPayload: { aud: 'https://self-issued.me/v2' },
      expiresInSeconds: 600,
    },
    now: new Date(world.now() * 1000),
  });
  return { request: jar?.authorizationRequestJwt ?? '', payload, decryption };
}

test('a request made with openid4vp is understood by the extension, answered, and verifies there', async () => {
  const person = await newPerson(world);
  const { request, payload, decryption } = await libraryRequest();
  const asked = person.asked(request, world.origin);
  expect(await person.sharing.prepare(asked)).toEqual({ ok: true });
  const view = await person.sharing.promptView(asked);
  expect(view.items.map(({ id }) => id)).toEqual(BOTH);
  const response = await answer(person, asked, ['size.shoe']);
  world.nextSecond();
  const received = await receive({
    response,
    request: payload,
    decryption,
    origin: world.origin,
    jwks,
    now: world.now(),
  });
  expect(Object.keys(received.data)).toEqual(['size.shoe']);
  expect(received.transaction?.credentialId).toBe('wish');
  expect(received.dcql.can_be_satisfied).toBe(true);
});

test('a request made with openid4vp for another page or signed by another key is refused', async () => {
  const person = await newPerson(world);
  const elsewhere = await libraryRequest({ expected_origins: ['https://elsewhere.example'] });
  expect(await person.sharing.prepare(person.asked(elsewhere.request, world.origin))).toEqual({
    ok: false,
    code: 'request/expected-origins',
  });
  const { request } = await libraryRequest();
  const [header, body] = request.split('.');
  const [, , otherSignature] = (await libraryRequest()).request.split('.');
  const forged = `${header}.${body}.${otherSignature}`;
  expect(await person.sharing.prepare(person.asked(forged, world.origin))).toEqual({
    ok: false,
    code: 'jws/signature',
  });
});

async function ownRequest(brand: Brand) {
  return createRequest({
    brand,
    attributes: { required: BOTH },
    origins: [world.origin],
    now: world.now(),
    terms: askedTerms(world),
    ...LOOPBACK,
  });
}

/** The library as a wallet: `jose` underneath, the brand's key as its document gives it. */
function wallet() {
  return new Openid4vpClient({
    callbacks: {
      ...openid4vp({}).callbacks,
      verifyJwt: async (_, { compact }) => {
        const signerJwk = world.brand.key.publicJwk;
        return (await signedBy(compact, signerJwk))
          ? { verified: true, signerJwk }
          : { verified: false };
      },
      encryptJwe: async ({ publicJwk, alg, enc, apv }, data) => ({
        encryptionJwk: publicJwk,
        jwe: await new CompactEncrypt(new TextEncoder().encode(data))
          .setProtectedHeader({ alg, enc, kid: publicJwk.kid ?? '', ...(apv && { apv }) })
          .encrypt(await importJWK(publicJwk as JWK, alg)),
      }),
    },
  });
}

test('a request of the SDK is resolved by openid4vp as a wallet, terms and query included', async () => {
  const { request, session } = await ownRequest(world.brand);
  const resolved = await wallet().resolveOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: { request },
    origin: world.origin,
  });
  expect(resolved.client).toMatchObject({
    prefix: 'decentralized_identifier',
    identifier: world.brand.did,
    didUrl: world.brand.kid,
  });
  expect(resolved.authorizationRequestPayload.nonce).toBe(session.nonce);
  expect(resolved.transactionData?.map(({ transactionData }) => transactionData.type)).toEqual([
    'urn:zusage:terms:1',
  ]);
});

test('a grant that openid4vp as a wallet packs and encrypts is accepted by the SDK', async () => {
  const person = await newPerson(world);
  const { request, session } = await ownRequest(world.brand);
  const response = await answer(person, person.asked(request, world.origin));
  world.nextSecond();
  const client = wallet();
  const { authorizationRequestPayload } = await client.resolveOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: { request },
    origin: world.origin,
  });
  const { presentation } = await receive({
    response,
    request: authorizationRequestPayload as RequestPayload,
    decryption: session.encryptionKey,
    origin: world.origin,
    jwks,
    now: world.now(),
  });
  const { jarm } = await client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload,
    authorizationResponsePayload: { vp_token: { grant: [presentation] } },
    origin: world.origin,
    jarm: {
      serverMetadata: {
        authorization_signing_alg_values_supported: [],
        authorization_encryption_alg_values_supported: ['ECDH-ES'],
        authorization_encryption_enc_values_supported: ['A256GCM'],
      },
      // An empty one leaves out `apu`, which SPEC §1 refuses.
      encryption: { nonce: '' },
    },
  });
  const { values } = await verifyResponse({
    session,
    response: jarm?.responseJwt ?? '',
    origin: world.origin,
    vaults: [world.vault.url],
    useNonce: async () => true,
    now: world.now(),
    ...LOOPBACK,
  });
  expect(Object.keys(values).sort()).toEqual([...BOTH].sort());
});
