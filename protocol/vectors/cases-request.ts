/** SPEC §3: every refusal of a request. */

import { parseRequest } from '../src/request.ts';
import * as f from './fixture.ts';
import type { Vector } from './generate.ts';

type Parts = Parameters<typeof f.requestPayload>[0];
const input = (request: string, set: object = {}) => ({
  request,
  origin: f.ORIGIN,
  document: JSON.stringify(f.document),
  now: f.NOW + 5,
  ...set,
});
const refused = (about: string, parts: Parts, error: string, set: object = {}): Vector => ({
  about,
  check: 'request',
  input: input(f.signRequest(f.requestPayload(parts)), set),
  error,
});
const terms = (about: string, change: object, error: string) =>
  refused(about, { terms: { ...f.terms, ...change } }, error);
const query = (about: string, change: object, error = 'request/unknown-member') =>
  refused(about, { query: { ...f.query, ...change } }, error);
const payload = (about: string, change: object, error: string) =>
  refused(about, { set: change }, error);
const claims = (ids: string[]) => ids.map((id, index) => ({ id: `c${index}`, path: ['data', id] }));
const manyIds = (count: number) =>
  Array.from({ length: count }, (_, index) => `preference.thing-${index}`);
const long = 'a'.repeat(301);

export async function vectors(): Promise<Record<string, Vector>> {
  const parsed = await parseRequest(f.request, { origin: f.ORIGIN });
  const ok = f.requestPayload();
  return {
    'request-plain': {
      about: 'One mandatory and one optional attribute.',
      check: 'request',
      input: input(f.request),
      output: {
        attributes: ['size.shoe', 'intent.travel'],
        mandatory: ['size.shoe'],
        choices: [['size.shoe', 'intent.travel'], ['size.shoe']],
        request_hash: f.hash(f.request),
        terms_hash: f.hash(f.json64(f.terms)),
        terms: f.terms,
      },
    },
    'request-child-host': {
      about:
        'From a listed host below the brand’s; without claim sets all is mandatory; iss is ignored.',
      check: 'request',
      input: input(
        f.signRequest(
          f.requestPayload({
            query: { ...f.query, claim_sets: undefined },
            set: { iss: 'anybody' },
          }),
        ),
        { origin: 'https://de.shop.example' },
      ),
      output: {
        attributes: ['size.shoe', 'intent.travel'],
        mandatory: ['size.shoe', 'intent.travel'],
        choices: [['size.shoe', 'intent.travel']],
        request_hash: f.hash(
          f.signRequest(
            f.requestPayload({
              query: { ...f.query, claim_sets: undefined },
              set: { iss: 'anybody' },
            }),
          ),
        ),
        terms_hash: parsed.termsHash,
        terms: f.terms,
      },
    },
    'request-altered-signature': {
      about: 'Signed by another key.',
      check: 'request',
      input: input(f.signRequest(ok, f.requestHeader, f.keys.stranger)),
      error: 'jws/signature',
    },
    'request-other-document': {
      about: 'The document of another brand.',
      check: 'request',
      input: input(f.request, {
        document: JSON.stringify(f.document).replaceAll(f.DID, 'did:web:other.example'),
      }),
      error: 'request/brand-mismatch',
    },
    'request-unknown-key': {
      about: 'A key the document does not list.',
      check: 'request',
      input: input(f.signRequest(ok, { ...f.requestHeader, kid: `${f.DID}#sig-2` })),
      error: 'request/unknown-key',
    },
    'request-foreign-kid': {
      about: 'A kid under another DID.',
      check: 'request',
      input: input(f.signRequest(ok, { ...f.requestHeader, kid: 'did:web:other.example#sig-1' })),
      error: 'jws/header',
    },
    'request-relative-kid': {
      about: 'A kid that is no absolute DID URL.',
      check: 'request',
      input: input(f.signRequest(ok, { ...f.requestHeader, kid: '#sig-1' })),
      error: 'jws/header',
    },
    'request-embedded-jwk': {
      about: 'A key in the header.',
      check: 'request',
      input: input(f.signRequest(ok, { ...f.requestHeader, jwk: f.person })),
      error: 'jws/header',
    },
    'request-other-typ': {
      about: 'Another typ.',
      check: 'request',
      input: input(f.signRequest(ok, { ...f.requestHeader, typ: 'JWT' })),
      error: 'jws/typ',
    },
    'request-other-origin': refused(
      'The page is not among the expected origins.',
      {},
      'request/expected-origins',
      { origin: 'https://other.example' },
    ),
    'request-foreign-host': refused(
      'An expected origin on a host that is not the brand’s.',
      { set: { expected_origins: ['https://other.example'] } },
      'request/host-rule',
      { origin: 'https://other.example' },
    ),
    'request-unlisted-child': refused(
      'A host below the brand’s that its document does not list.',
      { set: { expected_origins: ['https://fr.shop.example'] } },
      'request/origin-not-listed',
      { origin: 'https://fr.shop.example' },
    ),
    'request-origin-path': payload(
      'An expected origin with a path.',
      { expected_origins: [`${f.ORIGIN}/`] },
      'origin/syntax',
    ),
    'request-https-client-id': payload(
      'A client_id that libraries read as OpenID Federation.',
      { client_id: f.ORIGIN },
      'request/client-id',
    ),
    'request-unencrypted': payload(
      'No key to encrypt to.',
      { client_metadata: undefined },
      'request/shape',
    ),
    'request-response-mode': payload(
      'An unencrypted response mode.',
      { response_mode: 'dc_api' },
      'request/shape',
    ),
    'request-short-nonce': payload('A nonce below 128 bits.', { nonce: 'abc' }, 'request/shape'),
    'request-state': payload('An unknown member.', { state: 'x' }, 'request/unknown-member'),
    'request-two-terms': payload(
      'Two transaction_data.',
      { transaction_data: [f.json64(f.terms), f.json64(f.terms)] },
      'request/shape',
    ),
    'request-no-terms': payload('No transaction_data.', { transaction_data: [] }, 'request/shape'),
    'request-two-encryption-keys': payload(
      'Two keys to encrypt to.',
      {
        client_metadata: {
          ...ok.client_metadata,
          jwks: { keys: [f.encryptionJwk, f.encryptionJwk] },
        },
      },
      'request/shape',
    ),
    'request-encryption-key-off-curve': payload(
      'An encryption key off the curve.',
      {
        client_metadata: {
          ...ok.client_metadata,
          jwks: { keys: [{ ...f.encryptionJwk, x: f.text('not on the curve') }] },
        },
      },
      'jwk/not-on-curve',
    ),
    'request-lifetime': payload(
      'Valid for more than 900 seconds.',
      { exp: f.NOW + 901 },
      'request/lifetime',
    ),
    'request-expired': refused('Expired.', {}, 'request/expired', { now: f.NOW + 960 }),
    'request-not-yet': refused('From the future.', {}, 'request/not-yet', { now: f.NOW - 61 }),

    'request-two-queries': payload(
      'Two credential queries.',
      { dcql_query: { credentials: [f.query, f.query] } },
      'request/shape',
    ),
    'request-credential-sets': payload(
      'credential_sets.',
      { dcql_query: { credentials: [f.query], credential_sets: [] } },
      'request/unknown-member',
    ),
    'query-multiple': query('multiple.', { multiple: true }),
    'query-trusted-authorities': query('trusted_authorities.', { trusted_authorities: [] }),
    'query-values': query('values in a claim.', {
      claims: [{ ...f.query.claims[0], values: ['EU 42'] }, f.query.claims[1]],
    }),
    'query-other-vct': query(
      'Another vct.',
      { meta: { vct_values: ['urn:other'] } },
      'request/shape',
    ),
    'query-no-claim-id': query(
      'A claim without id.',
      { claims: [{ path: ['data', 'size.shoe'] }], claim_sets: undefined },
      'request/shape',
    ),
    'query-long-path': query(
      'A path of three.',
      { claims: [{ id: 'a', path: ['data', 'size.shoe', 'value'] }], claim_sets: undefined },
      'request/shape',
    ),
    'query-other-path': query(
      'A path outside data.',
      { claims: [{ id: 'a', path: ['cnf', 'size.shoe'] }], claim_sets: undefined },
      'request/shape',
    ),
    'query-no-attribute': query(
      'A path that is no attribute id.',
      { claims: [{ id: 'a', path: ['data', 'Shoe Size'] }], claim_sets: undefined },
      'request/claims',
    ),
    'query-same-path-twice': query(
      'One attribute twice.',
      { claims: claims(['size.shoe', 'size.shoe']), claim_sets: undefined },
      'request/claims',
    ),
    'query-same-id-twice': query(
      'One claim id twice.',
      {
        claims: [
          { id: 'a', path: ['data', 'size.shoe'] },
          { id: 'a', path: ['data', 'intent.travel'] },
        ],
        claim_sets: undefined,
      },
      'request/claims',
    ),
    'query-33-claims': query(
      'Thirty-three claims.',
      { claims: claims(manyIds(33)), claim_sets: undefined },
      'request/shape',
    ),
    'query-65-claim-sets': query(
      'Sixty-five claim sets.',
      { claim_sets: Array.from({ length: 65 }, () => ['shoe']) },
      'request/shape',
    ),
    'query-unknown-claim-in-set': query(
      'A claim set with an unknown claim.',
      { claim_sets: [['shoe', 'hat']] },
      'request/claim-sets',
    ),
    'query-same-set-twice': query(
      'One claim set twice, in another order.',
      {
        claim_sets: [
          ['shoe', 'trip'],
          ['trip', 'shoe'],
        ],
      },
      'request/claim-sets',
    ),
    'query-special-not-alone': query(
      'A special-category attribute beside another.',
      { claims: claims(['size.shoe', 'context.allergies']), claim_sets: undefined },
      'request/special-not-alone',
    ),

    'terms-other-type': terms(
      'Terms of an unknown type.',
      { type: 'urn:zusage:terms:2' },
      'terms/type',
    ),
    'terms-risk-text': terms(
      'A text about the risk, which is the extension’s to state.',
      { risk: 'none' },
      'terms/unknown-member',
    ),
    'terms-other-credential': terms(
      'Terms for another credential.',
      { credential_ids: ['other'] },
      'terms/shape',
    ),
    'terms-one-language': terms(
      'Only one language.',
      { text: { en: 'Only English.' } },
      'terms/shape',
    ),
    'terms-long-text': terms(
      'A text of 301 characters.',
      { text: { en: long, de: long } },
      'terms/shape',
    ),
    'terms-bidi': terms(
      'A right-to-left override.',
      { text: { en: 'free\u202egnihton', de: 'x' } },
      'terms/shape',
    ),
    'terms-zero-width': terms(
      'A zero-width space.',
      { text: { en: 'a\u200bb', de: 'x' } },
      'terms/shape',
    ),
    'terms-control': terms(
      'A control character.',
      { text: { en: 'a\u0007b', de: 'x' } },
      'terms/shape',
    ),
    'terms-unassigned': terms(
      'An unassigned character.',
      { text: { en: 'a\u{e0fff}b', de: 'x' } },
      'terms/shape',
    ),
    'terms-not-nfc': terms(
      'A text that is not NFC.',
      { text: { en: 'u\u0308ber', de: 'x' } },
      'terms/shape',
    ),
    'terms-no-period': terms(
      'A period that ends before it begins.',
      { period: { from: f.NOW, until: f.NOW } },
      'terms/period',
    ),
    'terms-year-10000': terms(
      'A period beyond the year 9999.',
      { period: { from: 253_402_300_700, until: 253_402_300_800 } },
      'terms/shape',
    ),
    'terms-legal-basis': terms(
      'A legal basis that is not consent.',
      { legal_basis: 'https://w3id.org/dpv#LegitimateInterest' },
      'terms/shape',
    ),
    'terms-vault-http': terms(
      'A vault without TLS.',
      { vaults: ['http://vault.example'] },
      'origin/syntax',
    ),
    'terms-notice-http': terms(
      'A privacy notice without TLS.',
      { notice: { ...f.terms.notice, uri: 'http://shop.example/privacy' } },
      'link/syntax',
    ),
    'terms-notice-userinfo': terms(
      'A link with user info.',
      { notice: { ...f.terms.notice, uri: 'https://bank.example@shop.example/' } },
      'link/syntax',
    ),
    'terms-notice-script': terms(
      'A link that runs.',
      { notice: { ...f.terms.notice, uri: 'javascript:alert(1)' } },
      'link/syntax',
    ),
    'terms-mailto-two': terms(
      'A mail link with two addresses.',
      { contact: { erasure: 'mailto:a@shop.example,b@shop.example' } },
      'link/syntax',
    ),
    'terms-mailto-query': terms(
      'A mail link with a query.',
      { contact: { erasure: 'mailto:a@shop.example?cc=b@shop.example' } },
      'link/syntax',
    ),
    'terms-frequency-window': terms(
      'A window that is none of the three.',
      { frequency: { uses: 3, per: 'P2D' } },
      'terms/shape',
    ),
    'terms-retention-hours': terms('A retention in hours.', { retention: 'PT24H' }, 'terms/shape'),
    'terms-period-367-days': terms(
      'A period above 366 days.',
      { period: { from: f.NOW, until: f.NOW + 367 * f.DAY } },
      'request/period',
    ),
    'terms-period-over': terms(
      'A period that is already over.',
      { period: { from: f.NOW - f.DAY, until: f.NOW - 1 } },
      'request/period',
    ),
    'terms-unknown-purpose': terms(
      'A purpose outside the vocabulary.',
      { purpose: ['https://w3id.org/dpv#Purpose'] },
      'request/purpose',
    ),
    'bounds-purpose': terms(
      'A purpose beyond the brand’s own bounds.',
      { purpose: ['https://w3id.org/dpv#Marketing'] },
      'brand/bounds',
    ),
    'bounds-retention': terms(
      'A retention beyond the brand’s own bounds.',
      { retention: 'P366D' },
      'brand/bounds',
    ),
    'bounds-period': {
      ...refused('A period beyond the brand’s own bounds.', {}, 'brand/bounds'),
      input: input(f.request, {
        document: JSON.stringify({
          ...f.document,
          service: [
            { ...f.document.service[0], serviceEndpoint: { ...f.manifest, period: 'P30D' } },
          ],
        }),
      }),
    },
    'bounds-attribute': query(
      'A mandatory attribute beyond the brand’s own bounds.',
      { claims: claims(['contact.email']), claim_sets: undefined },
      'brand/bounds',
    ),
    'bounds-unlisted-custom': query(
      'A custom attribute its manifest does not list.',
      { claims: claims(['custom.lake']), claim_sets: undefined },
      'request/attribute',
    ),
  };
}
