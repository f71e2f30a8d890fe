import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreError } from './errors.ts';
import { newMetrics } from './metrics.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { newPerson, PLANTED, share } from './testing/person.ts';
import { call, check, startWorld, token, type World } from './testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({ metrics: true });
});
afterEach(() => world.close());

const metricsOf = async () => (await fetch(world.vault.metricsUrl as string)).text();

test('count requests by route pattern and status, and decisions by reason', async () => {
  const person = await newPerson();
  await share(world, person);
  const bearer = await token(world);
  expect((await check(world, person.pseudonym, { bearer })).body.decision).toBe(true);
  expect((await check(world, person.pseudonym, { bearer, attribute: 'x.y' })).status).toBe(200);
  await check(world, 'nobody', { bearer });
  await call(world, '/brands/did:web:nobody.example');
  const text = await metricsOf();
  for (const line of [
    'zusage_decisions_total{kind="evaluation",decision="true",reason=""} 1',
    'zusage_decisions_total{kind="evaluation",decision="false",reason="attribute"} 1',
    'zusage_decisions_total{kind="evaluation",decision="false",reason="none"} 1',
    'zusage_http_requests_total{route="/access/v1/evaluation",method="POST",status="200"} 3',
    'zusage_http_requests_total{route="/brands/:did",method="GET",status="404"} 1',
    'zusage_http_requests_under_way 0',
    'zusage_log_queue_depth 0',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

test('say nothing about persons, grants, brands or addresses', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person);
  await check(world, person.pseudonym);
  await call(world, `/${person.pseudonym}?${PLANTED}`);
  const text = await metricsOf();
  expect(text).toContain('zusage_http_requests_total{route="none",method="GET",status="404"} 1');
  for (const own of [person.pseudonym, grant.claims.jti, world.brand.did, PLANTED, '127.0.0']) {
    expect(text).not.toContain(own);
  }
});

test('are on a port of their own, and nowhere on the public one', async () => {
  expect((await call(world, '/metrics')).status).toBe(404);
  expect(new URL(world.vault.metricsUrl as string).hostname).toBe('127.0.0.1');
  const { port } = new URL(world.vault.metricsUrl as string);
  for (const host of ['127.0.0.2', '[::1]']) {
    await expect(fetch(`http://${host}:${port}/metrics`), host).rejects.toThrow();
  }
  const other = await fetch(new URL('/brands', world.vault.metricsUrl));
  expect([other.status, await other.text()]).toEqual([404, '']);
});

test('count failures of the store by its method', async () => {
  const metrics = newMetrics();
  const broken = openSqliteStore(world.data);
  const store = metrics.watchStore({
    ...broken,
    brands: async () => {
      throw new StoreError('read');
    },
  });
  await expect(store.brands()).rejects.toThrow(StoreError);
  expect(await metrics.text()).toContain('zusage_store_errors_total{method="brands"} 1');
  await store.close();
});
