import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { ROUTES } from '../app.ts';
import type { Context } from '../context.ts';
import { call, post, startWorld, token, type World } from '../testing/world.ts';
import { openApiDocument } from './document.ts';
import { evaluation } from './examples.ts';
import { OPERATIONS } from './operations.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

test('the committed document is the one the service gives (npm run openapi -w vault-api)', async () => {
  const committed = JSON.parse(
    readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'),
  );
  expect(openApiDocument()).toEqual(committed);
  expect((await call(world, '/openapi.json')).body).toEqual(committed);
});

test('every route is described, but for the description itself', async () => {
  const routes: string[] = [];
  const app = Fastify({ exposeHeadRoutes: false });
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push(`${one.toLowerCase()} ${url}`);
  });
  const log = generateKeyPairSync('ed25519').privateKey;
  const context = {
    keys: { signing: {}, log },
    issuer: world.vault.url,
    log: 1,
  } as unknown as Context;
  for (const add of ROUTES) add(app, context);
  const described = OPERATIONS.map(({ method, path }) => `${method} ${path}`);
  expect(routes.sort()).toEqual(described.sort());
});

test('what it describes is there, by the method it says', async () => {
  for (const { method, path } of OPERATIONS) {
    const other = await call(world, path.replace(/:\w+/, 'x'), { method: 'PUT' });
    expect(other.status, path).toBe(405);
    expect(other.headers.get('allow')?.toLowerCase().split(', '), path).toContain(method);
  }
});

test('its examples are what the shapes say, and a check of them is answered', async () => {
  const shown = OPERATIONS.flatMap(({ path, body, answers }) => [
    ...(body?.example === undefined ? [] : [{ path, shape: body.shape, example: body.example }]),
    ...Object.values(answers).flatMap(({ bodies, examples = {} }) =>
      Object.values(examples).map((example) => {
        return { path, shape: bodies?.['application/json'] as z.core.$ZodType, example };
      }),
    ),
  ]);
  expect(shown.length).toBeGreaterThan(10);
  for (const { path, shape, example } of shown) {
    expect(z.safeParse(shape, example).success, `${path} ${JSON.stringify(example)}`).toBe(true);
  }
  const authorization = `Bearer ${await token(world)}`;
  const asked = await post(world, '/access/v1/evaluation', evaluation, { authorization });
  expect([asked.status, asked.body['decision']]).toEqual([200, false]);
});

test('the page needs nothing from elsewhere and runs no inline script', async () => {
  const page = await call(world, '/docs/');
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  const policy = page.headers.get('content-security-policy') as string;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/https?:/);
  const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source);
  expect(sources.length).toBeGreaterThan(3);
  for (const source of sources) {
    expect(source).toMatch(/^\.\/static\//);
    const part = await call(world, `/docs/${source}`);
    expect(part.status, source).toBe(200);
  }
});
