/** SPEC §§7–12: what passes between person, brand and vault service. */
import { encodeBase64url } from '../src/bytes.ts';
import * as f from './fixture.ts';
import type { Vector } from './generate.ts';

const JTI = 'urn:uuid:0b1d7a5e-0000-4000-8000-000000000001';
const eventClaims = {
  aud: f.VAULT,
  jti: 'urn:uuid:0b1d7a5e-0000-4000-8000-000000000002',
  grant: JTI,
  grant_hash: f.hash(f.grant),
  event: 'withdraw',
  seq: 1,
  iat: f.NOW + 100,
  undo_until: f.NOW + 700,
};
const event = (
  about: string,
  set: object,
  error?: string,
  at: object = {},
  key = f.keys.person,
): Vector => {
  const claims = { ...eventClaims, ...set };
  const input = {
    event: f.jws({ alg: 'ES256', typ: 'grant-event+jwt' }, claims, key),
    jwk: f.person,
    vault: f.VAULT,
    now: f.NOW + 100,
    next_seq: 1,
    ...at,
  };
  return { about, check: 'event', input, ...(error ? { error } : { output: claims }) };
};
const restore = { event: 'restore', seq: 2, undo_until: undefined };

const readClaims = { aud: f.VAULT, jti: JTI, iat: f.NOW, grant: JTI, after: null };
const read = (about: string, set: object, error?: string, at: object = {}): Vector => {
  const claims = { ...readClaims, ...set };
  const input = {
    read: f.jws({ alg: 'ES256', typ: 'grant-read+jwt' }, claims, f.keys.person),
    jwk: f.person,
    vault: f.VAULT,
    now: f.NOW,
    ...at,
  };
  return { about, check: 'read', input, ...(error ? { error } : { output: claims }) };
};

const slotClaims = { aud: f.VAULT, request_hash: f.hash(f.request), iat: f.NOW };
const slot = (
  about: string,
  set: object,
  error?: string,
  header: object = { jwk: f.person },
  key = f.keys.person,
): Vector => ({
  about,
  check: 'slot',
  input: {
    proof: f.jws({ alg: 'ES256', typ: 'slot+jwt', ...header }, { ...slotClaims, ...set }, key),
    vault: f.VAULT,
    request_hash: f.hash(f.request),
    pseudonym: f.pseudonym,
    now: f.NOW,
  },
  ...(error ? { error } : {}),
});

const enrolmentClaims = { did: f.DID, nonce: f.text('enrolment', 16), iat: f.NOW, aud: f.VAULT };
const enrolment = (
  about: string,
  set: object,
  error?: string,
  key = f.keys.brand,
  kid = f.KID,
): Vector => {
  const claims = { ...enrolmentClaims, ...set };
  const input = {
    enrolment: f.jws({ alg: 'ES256', typ: 'brand-enrolment+jwt', kid }, claims, key),
    document: JSON.stringify(f.document),
    vault: f.VAULT,
    now: f.NOW,
  };
  return { about, check: 'enrolment', input, ...(error ? { error } : { output: claims }) };
};

const assertionClaims = {
  iss: f.DID,
  sub: f.DID,
  aud: f.VAULT,
  jti: f.text('assertion', 16),
  iat: f.NOW,
  exp: f.NOW + 60,
};
const assertion = (
  about: string,
  set: object,
  error?: string,
  key = f.keys.brand,
  header: object = {},
): Vector => {
  const claims = { ...assertionClaims, ...set };
  const input = {
    assertion: f.jws({ alg: 'ES256', kid: f.KID, ...header }, claims, key),
    document: JSON.stringify(f.document),
    vault: f.VAULT,
    now: f.NOW,
  };
  return { about, check: 'assertion', input, ...(error ? { error } : { output: claims }) };
};

const receipt = (
  about: string,
  set: object,
  error?: string,
  header: object = {},
  key = f.keys.vault,
): Vector => {
  const claims = { ...f.receiptClaims, ...set };
  const input = {
    receipt: f.jws({ ...f.receiptHeader, ...header }, claims, key),
    grant: f.grant,
    vault: f.VAULT,
    jwks: f.jwks,
    event: 'registered',
  };
  return { about, check: 'receipt', input, ...(error ? { error } : { output: claims }) };
};

const list = (
  about: string,
  options: Parameters<typeof f.listToken>[0],
  error?: string,
  output?: object,
): Vector => ({
  about,
  check: 'status-list',
  input: { status_list: f.listToken(options), uri: f.LIST, now: f.NOW, jwks: f.jwks, idx: 4821 },
  ...(error ? { error } : { output }),
});

const plainMetadata = {
  issuer: f.VAULT,
  jwks_uri: `${f.VAULT}/jwks.json`,
  token_endpoint: `${f.VAULT}/token`,
  introspection_endpoint: `${f.VAULT}/introspect`,
  revocation_endpoint: `${f.VAULT}/revoke`,
  log_vkey: `vault.example/log+0a1b2c3d+${Buffer.concat([Buffer.of(1), f.bytes('log key')]).toString('base64')}`,
};
const metadata = (about: string, set: object, error?: string, jwks: object = f.jwks): Vector => {
  const claims = { ...plainMetadata, ...set };
  const input = { metadata: JSON.stringify(claims), jwks: JSON.stringify(jwks), vault: f.VAULT };
  return {
    about,
    check: 'metadata',
    input,
    ...(error ? { error } : { output: { metadata: claims, kids: ['vault-1'] } }),
  };
};

export function vectors(): Record<string, Vector> {
  return {
    'event-withdraw': event('A withdrawal that can be undone.', {}),
    'event-withdraw-late': event(
      'A withdrawal has no limit of sequence or time.',
      { seq: 9 },
      undefined,
      { now: f.NOW + 9_000_000, next_seq: 4 },
    ),
    'event-restore': event('The undo.', restore, undefined, { next_seq: 2 }),
    'event-restore-wrong-seq': event('Another sequence number.', restore, 'event/stale', {
      next_seq: 3,
    }),
    'event-restore-old': event('Signed 301 seconds ago.', restore, 'event/stale', {
      next_seq: 2,
      now: f.NOW + 401,
    }),
    'event-other-vault': event('For another vault.', { aud: 'https://other.example' }, 'event/aud'),
    'event-unknown-type': event('An unknown event.', { event: 'forget' }, 'event/shape'),
    'event-unknown-member': event('An unknown member.', { reason: 'x' }, 'event/unknown-member'),
    'event-seq-0': event('The number of the registration.', { seq: 0 }, 'event/shape'),
    'event-other-key': event('Signed by another key.', {}, 'jws/signature', {}, f.keys.stranger),
    'read-plain': read('A read of everything.', {}),
    'read-old': read('Signed 61 seconds ago.', {}, 'read/stale', { now: f.NOW + 61 }),
    'read-other-vault': read('For another vault.', { aud: 'https://other.example' }, 'read/stale'),
    'read-no-cursor': read('Without a cursor.', { after: undefined }, 'read/shape'),
    'slot-plain': slot('A proof of the key.', {}),
    'slot-other-pseudonym': slot(
      'Another key than the pseudonym’s.',
      {},
      'slot/pseudonym',
      { jwk: { kty: 'EC', crv: 'P-256', x: f.keys.stranger.x, y: f.keys.stranger.y } },
      f.keys.stranger,
    ),
    'slot-other-signature': slot(
      'Signed by another key.',
      {},
      'jws/signature',
      undefined,
      f.keys.stranger,
    ),
    'slot-other-request': slot(
      'For another request.',
      { request_hash: f.hash('other') },
      'slot/mismatch',
    ),
    'slot-other-vault': slot(
      'For another vault.',
      { aud: 'https://other.example' },
      'slot/mismatch',
    ),
    'slot-no-hash': slot('Without the request’s hash.', { request_hash: undefined }, 'slot/shape'),
    'slot-old': slot('Signed 301 seconds ago.', { iat: f.NOW - 301 }, 'slot/stale'),
    'enrolment-plain': enrolment('A brand proves its document.', {}),
    'enrolment-other-key': enrolment(
      'Signed by another key.',
      {},
      'jws/signature',
      f.keys.stranger,
    ),
    'enrolment-unknown-key': enrolment(
      'A key the document does not list.',
      {},
      'enrolment/mismatch',
      f.keys.brand,
      `${f.DID}#sig-2`,
    ),
    'enrolment-other-vault': enrolment(
      'For another vault.',
      { aud: 'https://other.example' },
      'enrolment/mismatch',
    ),
    'enrolment-short-nonce': enrolment(
      'A nonce below 128 bits.',
      { nonce: 'abc' },
      'enrolment/shape',
    ),
    'enrolment-old': enrolment('Signed 301 seconds ago.', { iat: f.NOW - 301 }, 'enrolment/stale'),
    'assertion-plain': assertion('A client assertion as libraries write it.', {}),
    'assertion-other-subject': assertion(
      'sub is not iss.',
      { sub: 'did:web:other.example' },
      'assertion/shape',
    ),
    'assertion-other-vault': assertion(
      'For another vault.',
      { aud: 'https://other.example' },
      'assertion/mismatch',
    ),
    'assertion-expired': assertion(
      'Expired.',
      { exp: f.NOW - 61, iat: f.NOW - 120 },
      'assertion/expired',
    ),
    'assertion-eternal': assertion(
      'Valid for a day.',
      { exp: f.NOW + 86_400 },
      'assertion/expired',
    ),
    'assertion-not-yet': assertion(
      'nbf is 61 seconds ahead.',
      { nbf: f.NOW + 61 },
      'assertion/expired',
    ),
    'assertion-other-key': assertion(
      'Signed by another key.',
      {},
      'jws/signature',
      f.keys.stranger,
    ),
    'assertion-other-typ': assertion('The typ of another message.', {}, 'jws/typ', f.keys.brand, {
      typ: 'dc+sd-jwt',
    }),
    'receipt-plain': receipt('The receipt of a registration.', {}),
    'receipt-other-key': receipt(
      'Signed by another key.',
      {},
      'jws/signature',
      {},
      f.keys.stranger,
    ),
    'receipt-unknown-key': receipt('A key the vault does not publish.', {}, 'receipt/unknown-key', {
      kid: 'vault-2',
    }),
    'receipt-other-grant': receipt(
      'For another grant.',
      { grant_hash: f.hash('other') },
      'receipt/mismatch',
    ),
    'receipt-other-event': receipt('Of another event.', { event: 'withdrawn' }, 'receipt/mismatch'),
    'receipt-other-index': receipt(
      'With another place in the list.',
      { status_list: { idx: 4822, uri: f.LIST } },
      'receipt/mismatch',
    ),
    'receipt-other-person': receipt(
      'For another pseudonym.',
      { aud: f.hash('other') },
      'receipt/mismatch',
    ),
    'receipt-other-vault': receipt(
      'From another vault.',
      { iss: 'https://other.example' },
      'receipt/mismatch',
    ),
    'receipt-no-seq': receipt('Without a sequence number.', { seq: undefined }, 'receipt/shape'),
    'receipt-unknown-member': receipt('An unknown member.', { extra: 1 }, 'receipt/unknown-member'),
    'metadata-plain': metadata('A vault’s metadata and keys; what the RFC adds is kept.', {
      scopes_supported: [],
    }),
    'metadata-other-issuer': metadata(
      'The metadata of another vault.',
      { issuer: 'https://other.example' },
      'metadata/mismatch',
    ),
    'metadata-other-keys': metadata(
      'Keys on another origin.',
      { jwks_uri: 'https://other.example/jwks.json' },
      'metadata/mismatch',
    ),
    'metadata-no-log': metadata(
      'Without the log’s key.',
      { log_vkey: undefined },
      'metadata/shape',
    ),
    'metadata-no-keys': metadata('No P-256 key.', {}, 'metadata/shape', { keys: [] }),
    'metadata-private-key': metadata('A private key in public.', {}, 'jwk/private', {
      keys: [{ ...f.keys.vault, kid: 'vault-1' }],
    }),
    'status-list-active': list('A list of 65,536 in which one is active.', {}, undefined, {
      size: 65_536,
      status: 0,
    }),
    'status-list-not-zlib': list(
      'A list that is not compressed.',
      { lst: encodeBase64url(new Uint8Array(16)) },
      'status/compression',
    ),
    'status-list-one-bit': list(
      'A list of one bit.',
      { set: { status_list: { bits: 1, lst: 'AA' } } },
      'status/shape',
    ),
  };
}
