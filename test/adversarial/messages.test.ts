/** Whatever comes, a parser answers with a code of the protocol, and nothing changed passes for authentic. */
import { fc, test } from '@fast-check/vitest';
import { parseBrandDocument } from '@zusage/protocol/brand-document';
import { parseClientAssertion } from '@zusage/protocol/client-assertion';
import { parseDidWeb } from '@zusage/protocol/did-web';
import { parseDisclosure } from '@zusage/protocol/disclosure';
import { parseEnrolment } from '@zusage/protocol/enrolment';
import { parseEvent } from '@zusage/protocol/event';
import { issuerSignedPart, parseGrant } from '@zusage/protocol/grant';
import { parseJweHeader } from '@zusage/protocol/jwe';
import { parsePublicJwk, publicJwkOfDid } from '@zusage/protocol/jwk';
import { parseKeyBinding } from '@zusage/protocol/key-binding';
import { parsePresentation } from '@zusage/protocol/presentation';
import { parseRead } from '@zusage/protocol/read';
import { parseRequest } from '@zusage/protocol/request';
import { decryptResponse } from '@zusage/protocol/response';
import { vaultOfStatusUri } from '@zusage/protocol/status-list';
import { parseTerms } from '@zusage/protocol/terms';
import { parseVaultKeys, parseVaultMetadata } from '@zusage/protocol/vault-metadata';
import { describe, expect } from 'vitest';
import {
  DID,
  details,
  document,
  encryptionJwk,
  grant,
  grantClaims,
  grantHeader,
  json64,
  jwe,
  jwks,
  jws,
  keyBindingClaims,
  keys,
  listToken,
  NOW,
  ORIGIN,
  presentationOf,
  receiptClaims,
  receiptHeader,
  request,
  requestHeader,
  requestPayload,
  shoe,
  signGrant,
  signInput,
  terms,
  VAULT,
} from '../../protocol/vectors/fixture.ts';
import { checked, outcome, runs, vector } from './hostile.fixture.ts';
import { anyText, anyValue, mutateJson, mutation } from './mutation.fixture.ts';

const REQUEST = vector('request-plain');
const PRESENTATION = vector('presentation-plain');
const DOCUMENT = vector('document-plain');
const RECEIPT = vector('receipt-plain');

const metadata = {
  issuer: VAULT,
  jwks_uri: `${VAULT}/jwks.json`,
  token_endpoint: `${VAULT}/token`,
  introspection_endpoint: `${VAULT}/introspect`,
  revocation_endpoint: `${VAULT}/revoke`,
  log_vkey: `vault.example+0123abcd+${'A'.repeat(44)}`,
};
const brand = parseDidWeb(DID);
const parseDocument = (text: string) => parseBrandDocument(text, brand);
const open = (text: string) => decryptResponse(text, 'grant', keys.encryption);

/** Every parser with a text it accepts. */
const PARSERS: Record<string, [parse: (text: string) => unknown, valid: string]> = {
  parseRequest: [(text) => parseRequest(text, { origin: ORIGIN }), request],
  parseTerms: [parseTerms, json64(terms)],
  parseGrant: [parseGrant, grant],
  issuerSignedPart: [issuerSignedPart, `${grant}~`],
  parsePresentation: [parsePresentation, presentationOf()],
  parseDisclosure: [parseDisclosure, shoe.encoded],
  parseKeyBinding: [parseKeyBinding, presentationOf().split('~')[2] as string],
  parseEvent: [parseEvent, String(vector('event-withdraw').input['event'])],
  parseRead: [parseRead, String(vector('read-plain').input['read'])],
  parseEnrolment: [parseEnrolment, String(vector('enrolment-plain').input['enrolment'])],
  parseClientAssertion: [
    parseClientAssertion,
    String(vector('assertion-plain').input['assertion']),
  ],
  parseJweHeader: [parseJweHeader, await jwe(presentationOf())],
  decryptResponse: [open, await jwe(presentationOf())],
  parseBrandDocument: [parseDocument, JSON.stringify(document)],
  parseVaultMetadata: [(text) => parseVaultMetadata(text, VAULT), JSON.stringify(metadata)],
  parseVaultKeys: [parseVaultKeys, JSON.stringify(jwks)],
  parseDidWeb: [parseDidWeb, DID],
  publicJwkOfDid: [publicJwkOfDid, String((await grantClaims()).iss)],
  vaultOfStatusUri: [vaultOfStatusUri, `${VAULT}/status/7`],
};

describe.each(Object.entries(PARSERS))('%s', (_, [parse, valid]) => {
  test('accepts what is valid', async () => {
    expect(await outcome(() => parse(valid))).toBe('accepted');
  });
  test.prop([anyText], runs(40))('answers any text with a value or a code', async (text) => {
    await outcome(() => parse(text));
  });
  test.prop([mutation, mutation], runs(40))(
    'answers a valid text changed twice with a value or a code',
    async (once, twice) => {
      await outcome(() => parse(twice(once(valid))));
    },
  );
});

describe('a changed message is not authentic', () => {
  const SIGNED: [vector: string, member: string][] = [
    ['request-plain', 'request'],
    ['request-child-host', 'request'],
    ['presentation-plain', 'presentation'],
    ['presentation-plain', 'request'],
    ['presentation-plain', 'status_list'],
    ['narrower-fewer-and-shorter', 'grant'],
    ['narrower-fewer-and-shorter', 'request'],
    ['response-plain', 'response'],
    ['event-withdraw', 'event'],
    ['event-restore', 'event'],
    ['read-plain', 'read'],
    ['slot-plain', 'proof'],
    ['enrolment-plain', 'enrolment'],
    ['assertion-plain', 'assertion'],
    ['receipt-plain', 'receipt'],
    ['receipt-plain', 'grant'],
    ['status-list-active', 'status_list'],
    ['jws-plain', 'jws'],
  ];
  describe.each(SIGNED)('%s: %s', (name, member) => {
    const given = vector(name);
    const text = String(given.input[member]);
    test.prop([mutation], runs(40))('never', async (mutate) => {
      const changed = mutate(text);
      fc.pre(changed !== text);
      expect(await checked(given, { [member]: changed })).not.toBe('accepted');
    });
  });
});

describe('a message of a stranger’s key is not authentic', () => {
  const payloadOf = (compact: unknown) =>
    JSON.parse(Buffer.from(String(compact).split('.')[1] ?? '', 'base64url').toString());
  const BY_STRANGER: [vector: string, member: string][] = [
    ['request-plain', 'request'],
    ['event-withdraw', 'event'],
    ['read-plain', 'read'],
    ['enrolment-plain', 'enrolment'],
    ['assertion-plain', 'assertion'],
    ['receipt-plain', 'receipt'],
    ['status-list-active', 'status_list'],
  ];
  describe.each(BY_STRANGER)('%s', (name, member) => {
    const given = vector(name);
    const [header = ''] = String(given.input[member]).split('.');
    test.prop([fc.option(mutateJson)], runs(20))('never', async (mutate) => {
      const payload = payloadOf(given.input[member]);
      const changed = json64(mutate === null ? payload : mutate(payload));
      const forged = signInput(`${header}.${changed}`, keys.stranger);
      expect(await checked(given, { [member]: forged })).not.toBe('accepted');
    });
  });
});

describe('a holder of the right key who writes nonsense', () => {
  // Signed correctly, so everything behind the signature meets it too: nothing but codes may come out.
  test.prop([mutateJson, mutateJson], runs(100))('as a brand: a request', async (one, two) => {
    const payload = one(two(requestPayload())) as object;
    const signed = jws(requestHeader, payload, keys.brand);
    await checked(REQUEST, { request: signed });
  });
  test.prop([mutateJson, mutateJson], runs(100))('as a brand: terms', async (one, two) => {
    const payload = requestPayload({ terms: one(two(terms)) });
    await checked(REQUEST, { request: jws(requestHeader, payload, keys.brand) });
  });
  test.prop([mutateJson, mutateJson], runs(100))('as a brand: its document', async (one, two) => {
    await checked(DOCUMENT, { document: JSON.stringify(one(two(document))) });
  });
  test.prop([mutateJson, mutateJson], runs(100))('as a person: a grant', async (one, two) => {
    const honest = await grantClaims();
    const claims = JSON.parse(JSON.stringify(one(two(honest)))) as typeof honest;
    const presentation = presentationOf(signGrant(claims));
    if ((await checked(PRESENTATION, { presentation })) === 'accepted') {
      expect(notTheirs(claims)).toEqual(notTheirs(honest));
    }
  });
  test.prop([mutateJson], runs(60))('as a person: a key binding', async (mutate) => {
    const sdJwt = `${grant}~${shoe.encoded}~`;
    const claims = mutate(keyBindingClaims(sdJwt));
    fc.pre(json64(claims) !== json64(keyBindingClaims(sdJwt)));
    const signed = jws({ alg: 'ES256', typ: 'kb+jwt' }, claims as object, keys.person);
    const result = await checked(PRESENTATION, { presentation: sdJwt + signed });
    const isReordered = sameMembers(claims, keyBindingClaims(sdJwt));
    expect(result === 'accepted').toBe(isReordered || withinWindow(claims, sdJwt));
  });
  test.prop([mutateJson], runs(60))('as a person: a header', async (mutate) => {
    const signed = signGrant(await grantClaims(), mutate(grantHeader) as object);
    await checked(PRESENTATION, { presentation: presentationOf(signed) });
  });
  test.prop([anyText], runs(60))('as a person: a disclosure', async (text) => {
    const presentation = presentationOf(grant, [shoe.encoded, text]);
    expect(await checked(PRESENTATION, { presentation })).not.toBe('accepted');
  });
  test.prop([anyValue], runs(60))('as a vault: a status list', async (value) => {
    const list = listToken({ set: { status_list: { bits: 2, lst: value } } });
    expect(await checked(PRESENTATION, { status_list: list })).not.toBe('accepted');
  });
  test.prop([mutateJson, mutateJson], runs(60))('as a vault: a receipt', async (one, two) => {
    const receipt = jws(receiptHeader, one(two(receiptClaims)) as object, keys.vault);
    await checked(RECEIPT, { receipt });
  });
  test.prop([anyValue], runs(100))('as anybody: a key', async (value) => {
    await outcome(() => parsePublicJwk(value));
  });
  test.prop([mutateJson], runs(60))('as anybody: almost a key', async (mutate) => {
    const { kty, crv, x, y } = encryptionJwk;
    const changed = mutate({ kty, crv, x, y });
    fc.pre(!sameMembers(changed, { kty, crv, x, y }));
    expect(await outcome(() => parsePublicJwk(changed))).not.toBe('accepted');
  });
});

/** What a grant that is accepted for this request must say; the rest is the person's to choose. */
function notTheirs(claims: Awaited<ReturnType<typeof grantClaims>>) {
  const { iss, vct, aud, cnf, status, request_hash, terms_hash, _sd_alg, data } = claims;
  // The order of the digests is the writer's: the reader does not look at it (SPEC §5.1).
  const digests = [...data._sd].sort();
  const [{ type, actions, datatypes, personal_data, dpv, legal_basis, notice } = details] =
    claims.authorization_details;
  return [
    [iss, vct, aud, cnf, status, request_hash, terms_hash, _sd_alg, { ...data, _sd: digests }],
    [type, actions, datatypes, personal_data, dpv, legal_basis, notice],
  ];
}

function sameMembers(one: unknown, other: object): boolean {
  const sorted = (value: unknown) =>
    JSON.stringify(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

/** The one thing a person may write differently: when, within 300 s. */
function withinWindow(claims: unknown, sdJwt: string): boolean {
  const { iat, ...rest } = claims as { iat: number };
  const { iat: _, ...others } = keyBindingClaims(sdJwt);
  return sameMembers(rest, others) && Number.isInteger(iat) && Math.abs(iat - NOW) <= 300;
}
