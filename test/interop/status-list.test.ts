/** `@sd-jwt/jwt-status-list` reads our lists, and we read the lists it makes. */
import {
  createHeaderAndPayload,
  getListFromStatusListJWT,
  StatusList as LibraryList,
} from '@sd-jwt/jwt-status-list';
import { createRequest } from '@zusage/protocol/brand';
import { STATUS_LIST_SIZE, verifyStatusList } from '@zusage/protocol/status-list';
import { decodeJwt, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  answer,
  askedTerms,
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

async function grantOf(person: Awaited<ReturnType<typeof newPerson>>) {
  const { request } = await createRequest({
    brand: world.brand,
    attributes: { required: ['size.shoe'] },
    origins: [world.origin],
    now: world.now(),
    terms: askedTerms(world),
    ...LOOPBACK,
  });
  const asked = person.asked(request, world.origin);
  await answer(person, asked, ['size.shoe']);
  await person.sharing.delivered(asked);
  const [{ jti } = { jti: '' }] = await person.run('grants', {});
  const record = (await person.vault.get('grant', jti)) as { grant: string };
  const { status } = decodeJwt<{ status: { status_list: { uri: string; idx: number } } }>(
    record.grant,
  );
  return { jti, ...status.status_list };
}

async function fetched(uri: string): Promise<LibraryList> {
  world.nextSecond();
  const answered = await fetch(uri, { headers: { accept: 'application/statuslist+jwt' } });
  expect(answered.headers.get('content-type')).toBe('application/statuslist+jwt');
  return getListFromStatusListJWT(await answered.text());
}

test('jwt-status-list reads registered, suspended and never registered in the service’s list', async () => {
  const person = await newPerson(world);
  const { jti, uri, idx } = await grantOf(person);
  const registered = await fetched(uri);
  expect(registered.statusList.length).toBeGreaterThanOrEqual(STATUS_LIST_SIZE);
  expect(registered.getStatus(idx)).toBe(0);
  const others = registered.statusList.filter((_, index) => index !== idx);
  expect(new Set(others)).toEqual(new Set([3]));
  await person.run('withdraw', { jti });
  expect((await fetched(uri)).getStatus(idx)).toBe(2);
  await person.run('restore', { jti });
  expect((await fetched(uri)).getStatus(idx)).toBe(0);
});

test('a list that jwt-status-list makes is read by us, every entry', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const { x = '', y = '' } = await exportJWK(publicKey);
  const entries = Array.from({ length: STATUS_LIST_SIZE }, (_, index) => (index * 7 + 3) % 4);
  const uri = 'https://vault.example/status/7';
  const now = world.now();
  const { header, payload } = createHeaderAndPayload(
    new LibraryList(entries, 2),
    { sub: uri, iat: now, exp: now + 3600, ttl: 300 },
    { alg: 'ES256', typ: 'statuslist+jwt', kid: 'vault-1' },
  );
  const token = await new SignJWT({ ...payload })
    .setProtectedHeader(header as JWTHeaderParameters)
    .sign(privateKey);
  const keys = [{ kid: 'vault-1', jwk: { kty: 'EC', crv: 'P-256', x, y } as const }];
  const list = await verifyStatusList(token, { uri, now, keys });
  expect(list.size).toBe(STATUS_LIST_SIZE);
  expect(entries.map((_, index) => list.get(index))).toEqual(entries);
});
