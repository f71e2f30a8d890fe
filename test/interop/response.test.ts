/** The extension's answer, in the hands of a brand that uses published libraries and none of our code. */
import { createRequest } from '@zusage/protocol/brand';
import { decodeJwt, type JWK } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  jwksOf,
  type RequestPayload,
  receive,
  sdJwtVc,
  statusVerifier,
} from './off-the-shelf.fixture.ts';
import {
  answer,
  askedTerms,
  BOTH,
  LOOPBACK,
  newPerson,
  ROAST,
  SHOE,
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

async function shared() {
  const person = await newPerson(world);
  const { request, session } = await createRequest({
    brand: world.brand,
    attributes: { required: BOTH, optional: ['intent.travel'] },
    origins: [world.origin],
    now: world.now(),
    terms: askedTerms(world),
    ...LOOPBACK,
  });
  const response = await answer(person, person.asked(request, world.origin));
  world.nextSecond();
  const received = await receive({
    response,
    request: decodeJwt(request) as unknown as RequestPayload,
    decryption: session.encryptionKey,
    origin: world.origin,
    jwks,
    now: world.now(),
  });
  return { ...received, person, session };
}

test('the extension’s response verifies with openid4vp, sd-jwt-vc and dcql as they are published', async () => {
  const { parsed, payload, data, binding, transaction, dcql, session } = await shared();
  expect(parsed.jarm?.type).toBe('Encrypted');
  expect(parsed.jarm?.jarmHeader).toMatchObject({ alg: 'ECDH-ES', kid: 'enc-1' });
  expect(parsed.expectedNonce).toBe(session.nonce);
  expect(payload).toMatchObject({ vct: 'urn:zusage:grant:1', aud: world.brand.did });
  expect(data).toEqual({
    'size.shoe': expect.objectContaining({ value: SHOE }),
    'preference.coffee-roast': expect.objectContaining({ value: ROAST }),
  });
  expect(binding.aud).toBe(`origin:${world.origin}`);
  expect(transaction?.presentations).toMatchObject([{ hashAlg: 'sha-256' }]);
  expect(dcql.can_be_satisfied).toBe(true);
});

test('another nonce does not verify with sd-jwt-vc', async () => {
  const { presentation } = await shared();
  const verified = sdJwtVc({ statusVerifier: statusVerifier(jwks) }).verify(presentation, {
    keyBindingNonce: 'another nonce',
    currentDate: world.now(),
  });
  await expect(verified).rejects.toThrow('Invalid Nonce');
});

test('a withdrawn grant fails sd-jwt-vc’s own status check', async () => {
  const { presentation, payload, person, session } = await shared();
  await person.run('withdraw', { jti: String(payload['jti']) });
  world.nextSecond();
  const verified = sdJwtVc({ statusVerifier: statusVerifier(jwks) }).verify(presentation, {
    keyBindingNonce: session.nonce,
    currentDate: world.now(),
  });
  await expect(verified).rejects.toThrow('Status is not valid');
});
