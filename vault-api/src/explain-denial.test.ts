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
import { check, startWorld, token, type World } from './testing/world.ts';

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
  await app.close();
  await store.close();
});

test('a denial that has its reason gets no other', async () => {
  const person = await newPerson();
  await share(world, person);
  const answer = await check(world, person.pseudonym, { attribute: 'intent.travel' });
  expect(answer.body).toEqual({ decision: false, context: { reason: 'attribute' } });
});
