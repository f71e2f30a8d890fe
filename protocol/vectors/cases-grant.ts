/** SPEC §4, §5 and §6: each line of the narrowing table, each check of a brand's verifier. */
import { encodeBase64url } from '../src/bytes.ts';
import { makeDisclosure } from '../src/disclosure.ts';
import * as f from './fixture.ts';
import type { Vector } from './generate.ts';

const grantWith = async (parts: Parameters<typeof f.grantClaims>[0]) =>
  f.signGrant(await f.grantClaims(parts));
const narrowed = async (
  about: string,
  parts: Parameters<typeof f.grantClaims>[0],
  error: string,
): Promise<Vector> => ({
  about,
  check: 'narrowing',
  input: { grant: await grantWith(parts), request: parts?.request ?? f.request, origin: f.ORIGIN },
  error,
});
const details = (about: string, change: object, error: string) =>
  narrowed(about, { details: change }, error);
const claims = (about: string, change: object, error: string) =>
  narrowed(about, { set: change }, error);

const world = {
  request: f.request,
  origin: f.ORIGIN,
  now: f.NOW + 30,
  status_list: f.listToken(),
  jwks: f.jwks,
  used_nonces: [] as string[],
  vaults: [f.VAULT],
};
const verified = (
  about: string,
  presentation: string,
  error: string,
  set: object = {},
): Vector => ({
  about,
  check: 'presentation',
  input: { presentation, ...world, ...set },
  error,
});
const bound = (about: string, set: object, error: string) =>
  verified(about, f.presentationOf(f.grant, [f.shoe.encoded], { set }), error);

export async function vectors(): Promise<Record<string, Vector>> {
  const hat = await makeDisclosure(
    'size.jacket',
    { value: 'M', confirmed: '2026-11', precision: 'exact' },
    f.bytes('salt hat', 16),
  );
  const [plainHead, , plainSignature] = f.grant.split('.') as [string, string, string];
  const presented = f.presentationOf();
  const disclosure = (parts: unknown) => f.json64(parts);
  const withDisclosure = async (about: string, encoded: string, error: string) =>
    verified(about, f.presentationOf(f.grant, [f.shoe.encoded, encoded]), error);
  const anySet = {
    ...f.query,
    claims: [...f.query.claims],
    claim_sets: [['shoe', 'trip'], ['shoe'], ['trip']],
  };
  const strict = f.signRequest(f.requestPayload({ query: { ...f.query, claim_sets: undefined } }));
  const unlisted = f.signRequest(
    f.requestPayload({
      query: {
        ...f.query,
        claims: [...f.query.claims, { id: 'roast', path: ['data', 'preference.coffee-roast'] }],
        claim_sets: [['shoe', 'trip', 'roast'], ['shoe']],
      },
    }),
  );
  const noLimit = f.signRequest(f.requestPayload({ terms: { ...f.terms, frequency: undefined } }));
  const travel = 'https://w3id.org/dpv/pd#Intention';
  const body = 'https://w3id.org/dpv/pd#PhysicalCharacteristic';
  return {
    'narrower-fewer-and-shorter': {
      about: 'Without the optional attribute, and for a shorter time.',
      check: 'narrowing',
      input: { grant: f.grant, request: f.request, origin: f.ORIGIN },
      output: { pseudonym: f.pseudonym, grant_hash: f.hash(f.grant) },
    },
    'narrower-lower-limit': await (async () => {
      const grant = await grantWith({
        details: { frequency: { uses: 1, per: 'P30D' }, retention: 'P1D', recipients: [] },
      });
      return {
        about: 'Fewer uses, kept for a shorter time, for nobody else.',
        check: 'narrowing',
        input: { grant, request: f.request, origin: f.ORIGIN },
        output: { pseudonym: f.pseudonym, grant_hash: f.hash(grant) },
      };
    })(),
    'narrower-limit-added': await (async () => {
      const grant = await grantWith({ request: noLimit });
      return {
        about: 'A limit where the terms have none.',
        check: 'narrowing',
        input: { grant, request: noLimit, origin: f.ORIGIN },
        output: { pseudonym: f.pseudonym, grant_hash: f.hash(grant) },
      };
    })(),
    'narrow-datatypes': await details(
      'An attribute nobody asked for.',
      { datatypes: ['size.shoe', 'size.jacket'] },
      'narrow/datatypes',
    ),
    'narrow-mandatory': await narrowed(
      'Without a mandatory attribute.',
      { request: strict },
      'narrow/mandatory',
    ),
    'narrow-choice': await narrowed(
      'A choice that equals no listed claim set.',
      {
        request: unlisted,
        details: { datatypes: ['size.shoe', 'intent.travel'], personal_data: [body, travel] },
      },
      'narrow/choice',
    ),
    'narrow-mandatory-other': await narrowed(
      'Only the attribute that may not come alone.',
      { details: { datatypes: ['intent.travel'], personal_data: [travel] } },
      'narrow/mandatory',
    ),
    'narrow-purpose': await details(
      'A purpose nobody asked for.',
      { purpose: [...f.terms.purpose, 'https://w3id.org/dpv#Marketing'] },
      'narrow/purpose',
    ),
    'narrow-legal-basis': await details(
      'Another legal basis.',
      { legal_basis: 'https://w3id.org/dpv#Contract' },
      'narrow/legal-basis',
    ),
    'narrow-notice': await details(
      'Another privacy notice.',
      { notice: { ...f.terms.notice, uri: 'https://shop.example/privacy/v8' } },
      'narrow/notice',
    ),
    'narrow-notice-hash': await details(
      'Another text of the notice.',
      { notice: { ...f.terms.notice, 'hash#sha-256': f.hash('v8') } },
      'narrow/notice',
    ),
    'narrow-actions': await details(
      'An action beyond reading.',
      { actions: ['read', 'sell'] },
      'narrow/actions',
    ),
    'narrow-recipients': await details(
      'A recipient nobody named.',
      { recipients: ['Parcel Ltd', 'Ads Ltd'] },
      'narrow/recipients',
    ),
    'narrow-locations': await details(
      'An origin nobody expects.',
      { locations: [f.ORIGIN, 'https://other.example'] },
      'narrow/locations',
    ),
    'narrow-origin': await details(
      'Not the origin of use.',
      { locations: ['https://de.shop.example'] },
      'narrow/origin',
    ),
    'narrow-from': await claims('Valid before the period.', { nbf: f.NOW - 1 }, 'narrow/from'),
    'narrow-until': await claims(
      'Valid after the period.',
      { exp: f.terms.period.until + 1 },
      'narrow/until',
    ),
    'narrow-period': await (async () => {
      const long = f.signRequest(
        f.requestPayload({
          terms: { ...f.terms, period: { from: f.NOW, until: f.NOW + 400 * f.DAY } },
        }),
      );
      return narrowed(
        'Longer than 366 days.',
        { request: long, set: { nbf: f.NOW, exp: f.NOW + 367 * f.DAY } },
        'narrow/period',
      );
    })(),
    'narrow-retention': await details(
      'Kept for longer.',
      { retention: 'P91D' },
      'narrow/retention',
    ),
    'narrow-retention-months': await details(
      'A retention that is not counted in days.',
      { retention: 'P2M' },
      'grant/shape',
    ),
    'narrow-frequency-uses': await details(
      'More uses.',
      { frequency: { uses: 31, per: 'P30D' } },
      'narrow/frequency',
    ),
    'narrow-frequency-window': await details(
      'Another window.',
      { frequency: { uses: 30, per: 'P7D' } },
      'narrow/frequency',
    ),
    'narrow-frequency-other-days': await details(
      'A window that is none of the three.',
      { frequency: { uses: 30, per: 'P2D' } },
      'grant/shape',
    ),
    'narrow-frequency-dropped': await details(
      'The limit dropped.',
      { frequency: undefined },
      'narrow/frequency',
    ),
    'narrow-personal-data': await details(
      'A category the attributes do not have.',
      { personal_data: [body, travel] },
      'narrow/personal-data',
    ),
    'narrow-personal-data-missing': await narrowed(
      'A category left out.',
      { details: { datatypes: ['size.shoe', 'intent.travel'], personal_data: [body] } },
      'narrow/personal-data',
    ),
    'narrow-unknown-member': await details(
      'An unknown member.',
      { privileges: ['all'] },
      'grant/unknown-member',
    ),
    'narrow-unknown-claim': await claims(
      'An unknown claim.',
      { sub: 'me' },
      'grant/unknown-member',
    ),
    'narrow-request-hash': await claims(
      'The hash of another request.',
      { request_hash: f.hash('another') },
      'narrow/request-hash',
    ),
    'narrow-terms-hash': await claims(
      'The hash of other terms.',
      { terms_hash: f.hash('another') },
      'narrow/terms-hash',
    ),
    'narrow-other-set-first': await (async () => {
      const request = f.signRequest(f.requestPayload({ query: anySet }));
      const grant = await grantWith({
        request,
        details: { datatypes: ['intent.travel'], personal_data: [travel] },
        disclosures: [f.trip],
      });
      return {
        about: 'No attribute is in every set, so any listed set will do.',
        check: 'narrowing',
        input: { grant, request, origin: f.ORIGIN },
        output: { pseudonym: f.pseudonym, grant_hash: f.hash(grant) },
      };
    })(),

    'registration-plain': {
      about: 'The issuer-signed part and one tilde.',
      check: 'registration',
      input: { grant: `${f.grant}~` },
      output: f.grant,
    },
    'registration-has-disclosures': {
      about: 'A value on its way to the service.',
      check: 'registration',
      input: { grant: `${f.grant}~${f.shoe.encoded}~` },
      error: 'grant/has-disclosures',
    },
    'registration-no-tilde': {
      about: 'A JWT that is no SD-JWT.',
      check: 'registration',
      input: { grant: f.grant },
      error: 'grant/has-disclosures',
    },

    'presentation-plain': {
      about: 'One attribute, bound to the request, active.',
      check: 'presentation',
      input: { presentation: presented, ...world },
      output: { pseudonym: f.pseudonym, values: { 'size.shoe': f.shoe.disclosed } },
    },
    'key-binding-missing': verified(
      'The key binding stripped off.',
      presented.slice(0, presented.lastIndexOf('~') + 1),
      'key-binding/missing',
    ),
    'key-binding-other-key': verified(
      'Bound by another key.',
      f.presentationOf(f.grant, [f.shoe.encoded], { key: f.keys.stranger }),
      'jws/signature',
    ),
    'key-binding-other-typ': verified(
      'Another typ.',
      f.presentationOf(f.grant, [f.shoe.encoded], { header: { typ: 'JWT' } }),
      'jws/typ',
    ),
    'key-binding-nonce': bound(
      'The nonce of another request.',
      { nonce: f.text('another nonce', 16) },
      'key-binding/nonce',
    ),
    'key-binding-replayed': verified(
      'A nonce that was already used.',
      presented,
      'key-binding/replayed',
      { used_nonces: [f.text('nonce', 16)] },
    ),
    'key-binding-aud': bound(
      'Made for another page.',
      { aud: 'origin:https://other.example' },
      'key-binding/aud',
    ),
    'key-binding-aud-client': bound(
      'An aud without origin:.',
      { aud: f.ORIGIN },
      'key-binding/aud',
    ),
    'key-binding-old': bound('Made 301 seconds ago.', { iat: f.NOW + 30 - 301 }, 'key-binding/iat'),
    'key-binding-future': bound(
      'Made 301 seconds from now.',
      { iat: f.NOW + 30 + 301 },
      'key-binding/iat',
    ),
    'key-binding-sd-hash': bound(
      'Bound to other disclosures.',
      { sd_hash: f.hash('other') },
      'key-binding/sd-hash',
    ),
    'key-binding-terms': bound(
      'Bound to other terms.',
      { transaction_data_hashes: [f.hash('other')] },
      'key-binding/terms',
    ),
    'key-binding-unknown-member': bound(
      'An unknown member.',
      { exp: f.NOW + 60 },
      'key-binding/unknown-member',
    ),
    'presentation-no-tilde': verified('A JWT that is no SD-JWT.', f.grant, 'presentation/shape'),
    'key-binding-no-terms': bound(
      'Bound to no terms.',
      { transaction_data_hashes: undefined },
      'key-binding/shape',
    ),
    'grant-altered-signature': await (async () => {
      const [, body] = f.grant.split('.') as [string, string, string];
      const foreign = f.signGrant({ other: 1 }).split('.')[2];
      return verified(
        'The grant’s own signature does not hold.',
        f.presentationOf(`${plainHead}.${body}.${foreign}`),
        'jws/signature',
      );
    })(),
    'grant-non-canonical-signature': verified(
      'Left-over bits in the last character of the signature.',
      f.presentationOf(f.grant.slice(0, -1) + (plainSignature.endsWith('B') ? 'C' : 'B')),
      'bytes/base64url',
    ),
    'grant-key-iss': verified(
      'iss names another key.',
      f.presentationOf(await grantWith({ set: { iss: 'did:jwk:e30' } })),
      'grant/key-iss',
    ),
    'grant-key-cnf': verified(
      'cnf holds another key.',
      f.presentationOf(
        await grantWith({
          set: {
            cnf: {
              jwk: f.encryptionJwk && {
                kty: 'EC',
                crv: 'P-256',
                x: f.keys.stranger.x,
                y: f.keys.stranger.y,
              },
            },
          },
        }),
      ),
      'grant/key-cnf',
    ),
    'grant-key-kid': verified(
      'kid names another key.',
      f.presentationOf(f.signGrant(await f.grantClaims(), { ...f.grantHeader, kid: `${f.did}#1` })),
      'grant/key-kid',
    ),
    'grant-aud': verified(
      'Granted to another brand.',
      f.presentationOf(await grantWith({ set: { aud: 'did:web:other.example' } })),
      'grant/aud',
    ),
    'grant-vct': verified(
      'Another vct.',
      f.presentationOf(await grantWith({ set: { vct: 'urn:other' } })),
      'grant/vct',
    ),
    'grant-expired': verified(
      'Expired.',
      f.presentationOf(await grantWith({ set: { exp: f.NOW + 20 } })),
      'grant/expired',
    ),
    'grant-not-yet': verified(
      'Not valid yet.',
      f.presentationOf(await grantWith({ set: { nbf: f.NOW + 3600 } })),
      'grant/not-yet',
    ),
    'status-other-vault': verified(
      'A status list at a vault the brand does not trust.',
      presented,
      'grant/vault',
      { vaults: ['https://other.example'] },
    ),
    'status-uri-prefix': verified(
      'A status list whose host only begins like the vault’s.',
      f.presentationOf(
        await grantWith({
          set: { status: { status_list: { idx: 4821, uri: `${f.VAULT}.evil.example/status/7` } } },
        }),
      ),
      'grant/vault',
    ),
    'status-uri-path': verified(
      'An address that is no status list.',
      f.presentationOf(
        await grantWith({
          set: { status: { status_list: { idx: 4821, uri: `${f.VAULT}/elsewhere` } } },
        }),
      ),
      'status/shape',
    ),
    'status-forged': verified('A list signed by the grant’s own key.', presented, 'jws/signature', {
      status_list: f.listToken({ key: f.keys.person }),
    }),
    'status-unknown-key': verified(
      'A key the vault does not publish.',
      presented,
      'status/unknown-key',
      { status_list: f.listToken({ header: { kid: 'vault-2' } }) },
    ),
    'status-own-key': verified('A list that brings its key.', presented, 'jws/header', {
      status_list: f.listToken({ header: { jwk: f.person } }),
    }),
    'status-sub': verified('The list of another address.', presented, 'status/sub', {
      status_list: f.listToken({ set: { sub: `${f.VAULT}/status/8` } }),
    }),
    'status-stale': verified('A list that has expired.', presented, 'status/stale', {
      status_list: f.listToken({ set: { iat: f.NOW - 3600, exp: f.NOW } }),
    }),
    'status-eternal': verified('A list that would never expire.', presented, 'status/stale', {
      status_list: f.listToken({ set: { exp: f.NOW + 86_400 } }),
    }),
    'status-index': verified(
      'An index beyond the list.',
      f.presentationOf(
        await grantWith({ set: { status: { status_list: { idx: 65_536, uri: f.LIST } } } }),
      ),
      'status/index',
    ),
    'status-ended': verified('Ended.', presented, 'status/ended', {
      status_list: f.listToken({ value: 1 }),
    }),
    'status-suspended': verified('Suspended.', presented, 'status/suspended', {
      status_list: f.listToken({ value: 2 }),
    }),
    'status-not-registered': verified('Never registered.', presented, 'status/not-registered', {
      status_list: f.listToken({ value: 3 }),
    }),
    'disclosure-unreferenced': await withDisclosure(
      'A disclosure the grant does not reference.',
      hat.encoded,
      'disclosure/unreferenced',
    ),
    'disclosure-duplicate': await withDisclosure(
      'One disclosure twice.',
      f.shoe.encoded,
      'disclosure/duplicate',
    ),
    'disclosure-reserved': await withDisclosure(
      'A disclosure named _sd.',
      disclosure([f.text('salt', 16), '_sd', []]),
      'disclosure/reserved',
    ),
    'disclosure-array-element': await withDisclosure(
      'A disclosure of an array element.',
      disclosure([f.text('salt', 16), 'x']),
      'disclosure/shape',
    ),
    'disclosure-short-salt': await withDisclosure(
      'A salt of 12 bytes.',
      disclosure([f.text('salt', 12), 'size.shoe', f.shoe.disclosed]),
      'disclosure/shape',
    ),
    'disclosure-extra-member': await withDisclosure(
      'A member too many in the value.',
      disclosure([f.text('salt', 16), 'size.shoe', { ...f.shoe.disclosed, note: 'x' }]),
      'disclosure/shape',
    ),
    'presentation-names': verified(
      'Fewer names disclosed than granted.',
      f.presentationOf(f.grant, []),
      'presentation/names',
    ),
    'presentation-more-names': verified(
      'A referenced disclosure that is not among the datatypes.',
      f.presentationOf(await grantWith({ disclosures: [f.shoe, f.trip] }), [
        f.shoe.encoded,
        f.trip.encoded,
      ]),
      'presentation/names',
    ),
    'presentation-wider': verified(
      'Wider than the terms that were sent.',
      f.presentationOf(await grantWith({ details: { retention: 'P365D' } })),
      'narrow/retention',
    ),

    'response-plain': {
      about: 'Encrypted to the request’s key.',
      check: 'response',
      input: {
        response: await f.jwe(presented),
        credential_id: 'grant',
        private_jwk: f.keys.encryption,
      },
      output: presented,
    },
    'response-other-key': {
      about: 'Another private key.',
      check: 'response',
      input: {
        response: await f.jwe(presented),
        credential_id: 'grant',
        private_jwk: f.keys.stranger,
      },
      error: 'jwe/decryption',
    },
    'response-other-credential': {
      about: 'Another credential id.',
      check: 'response',
      input: {
        response: await f.jwe(presented),
        credential_id: 'other',
        private_jwk: f.keys.encryption,
      },
      error: 'response/shape',
    },
    ...(await headers(presented)),
  };
}

/** Header members that `jose` would accept. The integrity tag no longer matters: the header is refused first. */
async function headers(presented: string): Promise<Record<string, Vector>> {
  const good = await f.jwe(presented);
  const [head, ...rest] = good.split('.') as [string, ...string[]];
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const wrong = (about: string, set: object, error = 'jwe/header'): Vector => ({
    about,
    check: 'response',
    input: {
      response: [f.json64({ ...header, ...set }), ...rest].join('.'),
      credential_id: 'grant',
      private_jwk: f.keys.encryption,
    },
    error,
  });
  return {
    'response-zip': wrong('Compressed.', { zip: 'DEF' }),
    'response-crit': wrong('crit.', { crit: ['x'], x: 1 }),
    'response-apu': wrong('apu.', { apu: 'AAAA' }),
    'response-key-wrapping': wrong('A wrapped content key.', { alg: 'ECDH-ES+A128KW' }),
    'response-a128gcm': wrong('A128GCM.', { enc: 'A128GCM' }),
    'response-epk-off-curve': wrong(
      'An ephemeral key off the curve.',
      { epk: { ...header.epk, x: f.text('not on the curve') } },
      'jwk/not-on-curve',
    ),
    'response-epk-private': wrong(
      'A private ephemeral key.',
      { epk: f.keys.stranger },
      'jwk/private',
    ),
    'response-four-parts': {
      ...wrong('Four parts.', {}, 'jwe/parts'),
      input: {
        response: good.slice(0, good.lastIndexOf('.')),
        credential_id: 'grant',
        private_jwk: f.keys.encryption,
      },
    },
    'response-too-large': {
      ...wrong('Above 64 KB.', {}, 'bytes/too-large'),
      input: {
        response: `${good}${encodeBase64url(new Uint8Array(49_200))}`,
        credential_id: 'grant',
        private_jwk: f.keys.encryption,
      },
    },
  };
}
