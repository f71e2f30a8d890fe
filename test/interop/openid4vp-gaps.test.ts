/** Known gaps of libraries: what `@openid4vc/openid4vp` and `dcql` let through or read otherwise, and we do not. */
import { getOpenid4vpClientId } from '@openid4vc/openid4vp';
import { makeDisclosure } from '@zusage/protocol/disclosure';
import { parseRequest } from '@zusage/protocol/request';
import { decryptResponse } from '@zusage/protocol/response';
import { CompactEncrypt, importJWK } from 'jose';
import { expect, test } from 'vitest';
import {
  bytes,
  details,
  encryptionJwk,
  grantClaims,
  hash,
  json64,
  keys,
  ORIGIN,
  ours,
  outcome,
  presentationOf,
  query,
  requestPayload,
  shoe,
  signGrant,
  signRequest,
  terms,
  text,
  trip,
} from './gaps.fixture.ts';
import { dcqlSatisfied, openid4vp, type RequestPayload } from './off-the-shelf.fixture.ts';

const VCT = 'urn:zusage:grant:1';

/** A grant of exactly these disclosures for this request, with everything but its scope in order. */
async function presented(request: string, datatypes: string[], disclosures: (typeof shoe)[]) {
  const personal_data = [...new Set(datatypes.map((id) => CATEGORIES[id] as string))];
  const jwt = signGrant(
    await grantClaims({ request, disclosures, details: { datatypes, personal_data } }),
  );
  return presentationOf(
    jwt,
    disclosures.map(({ encoded }) => encoded),
  );
}
const CATEGORIES: Record<string, string> = {
  'size.shoe': details.personal_data[0] as string,
  'intent.travel': 'https://w3id.org/dpv/pd#Intention',
  'preference.coffee-roast': 'https://w3id.org/dpv/pd#Preference',
};
const roast = await makeDisclosure(
  'preference.coffee-roast',
  { value: 'dark', confirmed: '2026-11', precision: 'exact' },
  bytes('salt roast', 16),
);

test('more than any claim set names: satisfied for dcql, refused by us', async () => {
  const three = {
    ...query,
    claims: [...query.claims, { id: 'roast', path: ['data', 'preference.coffee-roast'] }],
    claim_sets: [['shoe', 'trip', 'roast'], ['shoe']],
  };
  const asked = signRequest(requestPayload({ query: three }));
  const data = { 'size.shoe': shoe.disclosed, 'intent.travel': trip.disclosed };
  expect(dcqlSatisfied({ credentials: [three] }, VCT, data).can_be_satisfied).toBe(true);
  const unlisted = await presented(asked, ['size.shoe', 'intent.travel'], [shoe, trip]);
  expect(await ours(unlisted, { asked })).toBe('narrow/choice');
});

test('more than was asked for: satisfied for dcql, refused by us', async () => {
  const asked = signRequest(requestPayload());
  const data = { 'size.shoe': shoe.disclosed, 'preference.coffee-roast': roast.disclosed };
  expect(dcqlSatisfied({ credentials: [query] }, VCT, data).can_be_satisfied).toBe(true);
  const more = await presented(asked, ['size.shoe', 'preference.coffee-roast'], [shoe, roast]);
  expect(await ours(more, { asked })).toBe('narrow/datatypes');
});

test('less than is mandatory: satisfied for neither', async () => {
  const asked = signRequest(requestPayload());
  const data = { 'intent.travel': trip.disclosed };
  expect(dcqlSatisfied({ credentials: [query] }, VCT, data).can_be_satisfied).toBe(false);
  expect(await ours(await presented(asked, ['intent.travel'], [trip]), { asked })).toBe(
    'narrow/mandatory',
  );
});

test('an https client_id: read as OpenID Federation, refused by us', async () => {
  const clientId = 'https://shop.example';
  expect(getOpenid4vpClientId({ clientId, responseMode: 'dc_api.jwt' }).clientIdPrefix).toBe(
    'openid_federation',
  );
  const asked = signRequest(requestPayload({ set: { client_id: clientId } }));
  expect(await outcome(() => parseRequest(asked, { origin: ORIGIN }))).toBe('request/client-id');
});

test('terms of a type nobody knows, and two of them: passed on, refused by us', async () => {
  const unknown = json64({ ...terms, type: 'urn:example:payment' });
  const { verifier } = openid4vp({});
  const parsed = verifier.parseTransactionData({ transactionData: [unknown, json64(terms)] });
  expect(parsed).toHaveLength(2);
  const one = signRequest(requestPayload({ set: { transaction_data: [unknown] } }));
  expect(await outcome(() => parseRequest(one))).toBe('terms/type');
  const two = signRequest(requestPayload({ set: { transaction_data: [json64(terms), unknown] } }));
  expect(await outcome(() => parseRequest(two))).toBe('request/shape');
});

test('one of several transaction data hashes matches: accepted, refused by us', async () => {
  const { verifier } = openid4vp({});
  const hashes = [hash('something else'), hash(json64(terms))];
  const matched = await verifier.verifyTransactionData({
    transactionData: [json64(terms)],
    credentials: { grant: [{ transaction_data_hashes: hashes as [string] }] },
  });
  expect(matched).toHaveLength(1);
  const several = presentationOf(undefined, undefined, {
    set: { transaction_data_hashes: hashes },
  });
  expect(await ours(several)).toBe('key-binding/shape');
});

test('further members and a second credential in a response: accepted, refused by us', async () => {
  const { verifier, callbacks } = openid4vp({ decryption: keys.encryption });
  const body = { vp_token: { grant: [presentationOf()], other: ['x'] }, note: 'hello' };
  const response = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(body)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'enc-1' })
    .encrypt(await importJWK(encryptionJwk, 'ECDH-ES'));
  const parsed = await verifier.parseOpenid4vpAuthorizationResponse({
    authorizationResponse: { response },
    authorizationRequestPayload: requestPayload() as unknown as RequestPayload,
    callbacks,
    origin: ORIGIN,
  });
  expect(parsed.type === 'dcql' && Object.keys(parsed.dcql.presentations)).toEqual([
    'grant',
    'other',
  ]);
  expect(parsed.expectedNonce).toBe(text('nonce', 16));
  expect(await outcome(() => decryptResponse(response, 'grant', keys.encryption))).toBe(
    'response/shape',
  );
});

test('an unencrypted response: parsed where the mode allows it, refused by us', async () => {
  const { verifier, callbacks } = openid4vp({});
  const plain = { vp_token: { grant: [presentationOf()] } };
  const parsed = await verifier.parseOpenid4vpAuthorizationResponse({
    authorizationResponse: plain,
    authorizationRequestPayload: {
      ...requestPayload(),
      response_mode: 'dc_api',
    } as unknown as RequestPayload,
    callbacks,
    origin: ORIGIN,
  });
  expect(parsed.type).toBe('dcql');
  const asked = signRequest(requestPayload({ set: { response_mode: 'dc_api' } }));
  expect(await outcome(() => parseRequest(asked))).toBe('request/shape');
  expect(await outcome(() => decryptResponse(presentationOf(), 'grant', keys.encryption))).toBe(
    'jwe/parts',
  );
});
