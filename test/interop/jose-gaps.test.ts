/** Known gaps of libraries: what `jose` lets through. Some of it we refuse; an altered signature is one, and never something new. */

import { parsePublicJwk } from '@zusage/protocol/jwk';
import { parseRequest } from '@zusage/protocol/request';
import { decryptResponse } from '@zusage/protocol/response';
import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, importJWK, type JWK } from 'jose';
import { expect, test } from 'vitest';
import {
  alteredSignature,
  brand,
  encryptionJwk,
  grant,
  grantClaims,
  grantHeader,
  jwe,
  keys,
  ORIGIN,
  otherSpelling,
  ours,
  outcome,
  person,
  presentationOf,
  pseudonym,
  request,
  requestPayload,
  shoe,
  signGrant,
  signInput,
  signRequest,
  text,
} from './gaps.fixture.ts';
import { signedBy } from './off-the-shelf.fixture.ts';

const joseOpens = async (token: string) =>
  compactDecrypt(token, await importJWK(keys.encryption, 'ECDH-ES')).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
const weOpen = (token: string) => outcome(() => decryptResponse(token, 'grant', keys.encryption));

test('an altered signature of a key binding: accepted as a second one, here the same nonce again', async () => {
  const presentation = presentationOf();
  const binding = presentation.slice(presentation.lastIndexOf('~') + 1);
  const altered = alteredSignature(binding);
  expect(altered).not.toBe(binding);
  expect(await signedBy(altered, person)).toBe(true);
  const again = presentation.replace(binding, altered);
  expect(await ours(again, { used: [text('nonce', 16)] })).toBe('key-binding/replayed');
});

test('an altered signature of a grant: accepted, and refused by us as not what was presented', async () => {
  const altered = alteredSignature(grant);
  expect(await signedBy(altered, person)).toBe(true);
  expect(await ours(presentationOf().replace(grant, altered))).toBe('key-binding/sd-hash');
});

test('an altered signature of the request: accepted, and a grant for the one is not for the other', async () => {
  const altered = alteredSignature(request);
  expect(await signedBy(altered, brand)).toBe(true);
  expect(await ours(presentationOf(), { asked: altered })).toBe('narrow/request-hash');
});

test('another spelling of the same signature: accepted, refused by us', async () => {
  const respelled = otherSpelling(request);
  expect(await signedBy(respelled, brand)).toBe(true);
  expect(await outcome(() => parseRequest(respelled))).toBe('bytes/base64url');
  const grantRespelled = presentationOf(otherSpelling(grant), [shoe.encoded]);
  expect(await ours(grantRespelled)).toBe('bytes/base64url');
});

test('padding after base64url: accepted, refused by us', async () => {
  expect(await signedBy(`${request}==`, brand)).toBe(true);
  expect(await outcome(() => parseRequest(`${request}==`))).toBe('jws/parts');
});

test('further members in a JWK: ignored and the same thumbprint, refused by us', async () => {
  const more = { ...person, note: 'hello' } as JWK;
  expect(await calculateJwkThumbprint(more)).toBe(pseudonym);
  expect(await importJWK(more, 'ES256')).toBeDefined();
  expect(await outcome(() => parsePublicJwk(more))).toBe('jwk/unknown-member');
  const header = { ...grantHeader, jwk: more };
  const signed = signGrant(await grantClaims(), header);
  expect(await signedBy(signed, more)).toBe(true);
  expect(await ours(presentationOf(signed))).toBe('jwk/unknown-member');
});

test('a private key where a public one belongs: imported, refused by us', async () => {
  expect(await importJWK(keys.person, 'ES256')).toBeDefined();
  expect(await outcome(() => parsePublicJwk(keys.person))).toBe('jwk/private');
});

test('further members in a protected header: accepted, refused by us', async () => {
  const header = { ...grantHeader, x5t: 'AAAA' };
  const signed = signGrant(await grantClaims(), header);
  expect(await signedBy(signed, person)).toBe(true);
  expect(await ours(presentationOf(signed))).toBe('jws/header');
});

test('a member twice in a payload: the last one counts, refused by us', async () => {
  const payload = JSON.stringify(requestPayload());
  const twice = Buffer.from(`{"nonce":"${text('other', 16)}",${payload.slice(1)}`);
  const [header] = request.split('.');
  const signed = signInput(`${header}.${twice.toString('base64url')}`, keys.brand);
  expect(await signedBy(signed, brand)).toBe(true);
  expect(await outcome(() => parseRequest(signed))).toBe('json/duplicate-member');
});

test('a compressed JWE: opened by jose, refused by us', async () => {
  const plain = JSON.stringify({ vp_token: { grant: [presentationOf()] } });
  const zipped = await new CompactEncrypt(new TextEncoder().encode(plain))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'enc-1', zip: 'DEF' })
    .encrypt(await importJWK(encryptionJwk, 'ECDH-ES'));
  expect(await joseOpens(zipped)).toBe('accepted');
  expect(await weOpen(zipped)).toBe('jwe/header');
});

test('a JWE with apu or another content encryption: opened by jose, refused by us', async () => {
  const named = await jwe(presentationOf(), { apu: 'AAAA' });
  const shorter = await jwe(presentationOf(), { enc: 'A128GCM' });
  for (const token of [named, shorter]) {
    expect(await joseOpens(token)).toBe('accepted');
    expect(await weOpen(token)).toBe('jwe/header');
  }
});

test('a request for another page is signed well: verified by jose, refused by us', async () => {
  const elsewhere = signRequest(
    requestPayload({ set: { expected_origins: ['https://elsewhere.example'] } }),
  );
  expect(await signedBy(elsewhere, brand)).toBe(true);
  expect(await outcome(() => parseRequest(elsewhere, { origin: ORIGIN }))).toBe(
    'request/expected-origins',
  );
});
