/** SPEC §1: anybody can give a signature another form. Whoever remembers signed bytes sees something new. */
import { createRequest, generateKey, importSigningKey } from '@zusage/protocol/brand';
import { hashOf } from '@zusage/protocol/crypto';
import { thumbprint } from '@zusage/protocol/jwk';
import { signSlotProof } from '@zusage/protocol/slot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alteredSignature } from './gaps.fixture.ts';
import { signedBy } from './off-the-shelf.fixture.ts';
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

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

async function answered() {
  const person = await newPerson(world);
  const { request } = await createRequest({
    brand: world.brand,
    attributes: { required: BOTH },
    origins: [world.origin],
    now: world.now(),
    terms: askedTerms(world),
    ...LOOPBACK,
  });
  const asked = person.asked(request, world.origin);
  await answer(person, asked);
  await person.sharing.delivered(asked);
  const altered = alteredSignature(request);
  expect(await hashOf(altered)).not.toBe(await hashOf(request));
  return { person, altered };
}

test('the extension answers a request once, whatever form its signature has', async () => {
  const { person, altered } = await answered();
  expect(await signedBy(altered, world.brand.key.publicJwk)).toBe(true);
  expect(await person.sharing.prepare(person.asked(altered, world.origin))).toEqual({
    ok: false,
    code: 'request/answered',
  });
});

test('the service gives no slot for a request that was registered in another form', async () => {
  const { altered } = await answered();
  const key = await importSigningKey(await generateKey());
  const proof = await signSlotProof(
    { aud: world.vault.url, request_hash: await hashOf(altered), iat: world.now() },
    key,
  );
  const refused = await fetch(`${world.vault.url}/grants/slots`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      request: altered,
      pseudonym: await thumbprint(key.publicJwk),
      proof,
    }),
  });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: 'request/replayed' });
});
