import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { type StatusList, verifyStatusList } from '@zusage/protocol/status-list';
import { parseVaultKeys } from '@zusage/protocol/vault-metadata';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Context } from './context.ts';
import { loadKeys } from './keys.ts';
import { brandResolver } from './resolve-brand.ts';
import { acceptsGzip } from './routes/status.ts';
import { statusListPublisher } from './status-lists.ts';
import type { Store } from './store/port.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { eventCall, newPerson, share } from './testing/person.ts';
import { call, startWorld, type World } from './testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

/** As it comes over the wire: `fetch` would unpack it and add headers of its own. */
function get(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const asked = request(world.vault.url + path, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      asked.on('error', reject);
      asked.end();
    },
  );
}

async function verified(text: string, uri: string): Promise<StatusList> {
  const keys = await parseVaultKeys((await call(world, '/jwks.json')).text);
  return verifyStatusList(text, { uri, now: world.now, keys });
}

test('gzip for who asks for it, the same token, under an entity tag of its own', async () => {
  const { uri } = (await share(world, await newPerson())).grant.claims.status.status_list;
  const path = new URL(uri).pathname;
  const plain = await get(path);
  const packed = await get(path, { 'accept-encoding': 'br;q=1.0, gzip;q=0.8' });
  expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([
    undefined,
    'gzip',
  ]);
  expect(gunzipSync(packed.body).toString()).toBe(plain.body.toString());
  await verified(plain.body.toString(), uri);
  const claims = JSON.parse(
    Buffer.from(plain.body.toString().split('.')[1] as string, 'base64url').toString(),
  );
  expect(claims).toMatchObject({ sub: uri, iat: world.now, exp: world.now + 3600, ttl: 300 });
  for (const { headers } of [plain, packed]) {
    // As long as the token itself says.
    expect(headers['cache-control']).toBe('public, max-age=300');
    expect(headers['vary']).toMatch(/accept-encoding/);
    expect(headers['content-type']).toMatch(/^application\/statuslist\+jwt/);
  }
  expect(packed.headers['etag']).not.toBe(plain.headers['etag']);
  const plainTag = plain.headers['etag'] as string;
  const packedTag = packed.headers['etag'] as string;
  for (const tag of [plainTag, `"x", ${plainTag}`, `W/${plainTag}`, '*']) {
    const again = await get(path, { 'if-none-match': tag });
    expect([again.status, again.body.length, again.headers['etag']]).toEqual([304, 0, plainTag]);
  }
  const gzip = { 'accept-encoding': 'gzip' };
  expect((await get(path, { ...gzip, 'if-none-match': packedTag })).status).toBe(304);
  expect((await get(path, { ...gzip, 'if-none-match': plainTag })).status).toBe(200);
});

test('reads Accept-Encoding as RFC 9110 says', () => {
  for (const yes of ['gzip', 'GZIP', 'deflate, gzip', '*', 'br, *;q=0.1', 'gzip;q=0.001']) {
    expect(acceptsGzip(yes), yes).toBe(true);
  }
  for (const no of [undefined, '', 'br', 'gzip;q=0', '*, gzip; q=0.0', 'x-gzip', '*;q=0']) {
    expect(acceptsGzip(no), no).toBe(false);
  }
});

test('is looked at anew at most once a second, however many ask, and says a change a second later', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person);
  const { uri, idx } = grant.claims.status.status_list;
  let looks = 0;
  const store = openSqliteStore(world.data);
  const counting: Store = {
    ...store,
    statusEntries: (list) => {
      looks++;
      return store.statusEntries(list);
    },
  };
  const context: Context = {
    issuer: world.vault.url,
    loopback: {},
    store: counting,
    keys: await loadKeys(world.data),
    clock: () => world.now,
    resolveBrand: brandResolver({}),
  };
  const publish = statusListPublisher(context);
  const many = () => Promise.all(Array.from({ length: 50 }, () => publish(0)));
  const [first] = await many();
  expect(looks).toBe(1);
  expect((await verified(first?.token as string, uri)).get(idx)).toBe(0);

  // The change comes right after the look: the worst moment.
  await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  expect((await many()).every(({ token }) => token === first?.token)).toBe(true);
  expect(looks).toBe(1);
  world.now++;
  const later = await many();
  expect(looks).toBe(2);
  expect(new Set(later.map(({ tag }) => tag)).size).toBe(1);
  expect((await verified(later[0]?.token as string, uri)).get(idx)).toBe(1);

  // Unchanged: looked at, and not signed anew.
  world.now++;
  expect((await publish(0)).token).toBe(later[0]?.token);
  expect(looks).toBe(3);
  await store.close();
});
