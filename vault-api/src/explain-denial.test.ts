import { CLIENT_ASSERTION_TYPE } from '@zusage/protocol/client-assertion';
import { allowLoopback } from '@zusage/protocol/origin';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from './app.ts';
import type { Question } from './authzen.ts';
import { debugOf } from './explain-denial.ts';
import { loadKeys } from './keys.ts';
import { brandResolver } from './resolve-brand.ts';
import type { BrandRecord } from './store/port.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { PURPOSE } from './testing/brand.ts';
import { newPerson, share } from './testing/person.ts';
import { call, check, post, startWorld, token, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const question: Question = { subject: 's', purpose: PURPOSE, attribute: 'a', foreign: null };
const asked = { brand: { did: 'did:web:shop.example' } as BrandRecord, question };
const LOCAL = 'http://127.0.0.1:4610';

test('a bare denial says why on a developer’s own machine', async () => {
  expect(debugOf({ issuer: LOCAL, loopback: { [allowLoopback]: true } }, asked)).toMatch(
    /did:web:shop\.example is registered here/,
  );
  const answer = await check(world, (await newPerson()).pseudonym);
  expect(answer.body).toEqual({ decision: false, context: { debug: expect.any(String) } });
});

test('and nowhere else', async () => {
  for (const [issuer, isDevelopment] of [
    ['https://vault.example', true],
    ['https://localhost', true],
    ['http://vault.example', true],
    [LOCAL, false],
    ['https://vault.example', false],
  ] as const) {
    expect(debugOf({ issuer, loopback: { [allowLoopback]: isDevelopment } }, asked)).toBeNull();
  }
});

test('a service that is not for development answers bare, one item or many', async () => {
  const bearer = await token(world);
  const store = openSqliteStore(world.data);
  const context = {
    issuer: 'https://vault.example',
    loopback: {},
    store,
    keys: await loadKeys(world.data),
    clock: () => world.now,
    resolveBrand: brandResolver({}),
  };
  const logger = pino({ level: 'silent' });
  const app = await buildApp({ context, logger, rateLimit: 100, trustProxy: false });
  const body = {
    subject: { type: 'user', id: (await newPerson()).pseudonym },
    action: { name: PURPOSE },
    resource: { type: 'attribute', id: 'size.shoe' },
  };
  const headers = { authorization: `Bearer ${bearer}` };
  const post = async (url: string, payload: object) =>
    (await app.inject({ method: 'POST', url, headers, payload })).json();
  expect(await post('/access/v1/evaluation', body)).toEqual({ decision: false });
  expect(await post('/access/v1/evaluations', { ...body, evaluations: [{}] })).toEqual({
    evaluations: [{ decision: false }],
  });
  expect(await post('/access/v1/evaluation', {})).toEqual({
    type: 'urn:zusage:error:http/malformed',
    title: 'The request is not well-formed',
    status: 400,
    code: 'http/malformed',
  });
  headers.authorization = 'Bearer x';
  expect(await post('/access/v1/evaluation', body)).not.toHaveProperty('detail');
  const client_assertion = 'no JWS';
  const form = { client_assertion_type: CLIENT_ASSERTION_TYPE, client_assertion };
  const refused = await app.inject({
    method: 'POST',
    url: '/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
  });
  expect([refused.statusCode, refused.json()]).toEqual([
    401,
    expect.not.objectContaining({ detail: expect.anything() }),
  ]);
  await app.close();
  await store.close();
});

test('a denial that has its reason gets no other', async () => {
  const person = await newPerson();
  await share(world, person);
  const answer = await check(world, person.pseudonym, { attribute: 'intent.travel' });
  expect(answer.body).toEqual({ decision: false, context: { reason: 'attribute' } });
});

test('a refusal says what to do on a developer’s own machine, and no value', async () => {
  const authorization = `Bearer ${await token(world)}`;
  const asked = {
    subject: { type: 'user', id: 'secret-1' },
    action: { name: PURPOSE },
    resource: { type: 'attribute', id: ['secret-2'] },
  };
  const detailOf = async (path: string, body: string | object, headers = {}) =>
    (await post(world, path, body, { authorization, ...headers })).body['detail'];
  const path = '/access/v1/evaluation';
  expect(await detailOf(path, asked)).toMatch(/^resource\.id is missing or wrong; /);
  expect(await detailOf(path, JSON.stringify(asked))).toBe(
    'Content-Type must be application/json.',
  );
  expect(await detailOf(path, asked, { authorization: 'Bearer secret-3' })).toMatch(
    /^The header Authorization must be /,
  );
  const unknown = `Bearer ${'s'.repeat(43)}`;
  expect(await detailOf(path, asked, { authorization: unknown })).toMatch(/^The token is unknown /);
  const fresh = { ...asked, resource: { type: 'attribute', id: 'size.shoe' } };
  expect(await detailOf(path, fresh, { 'idempotency-key': 'secret-4' })).toMatch(
    /^Idempotency-Key must be /,
  );
  const refused = await call(world, '/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: CLIENT_ASSERTION_TYPE,
      client_assertion: 'secret-5',
    }),
  });
  expect([refused.status, refused.body['detail']]).toEqual([
    401,
    'The client assertion: jws/parts.',
  ]);
});
