import { connect } from 'node:net';
import { verifyStatusList } from '@zusage/protocol/status-list';
import { parseVaultKeys } from '@zusage/protocol/vault-metadata';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { buildApp } from './app.ts';
import type { Context } from './context.ts';
import { StoreError } from './errors.ts';
import { loadKeys } from './keys.ts';
import { DRAIN_TIME } from './service.ts';
import type { Store } from './store/port.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { newPerson, PLANTED, share } from './testing/person.ts';
import { until } from './testing/until.ts';
import { call, check, post, startWorld, token, type World } from './testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe('over HTTP', () => {
  test('every origin may ask, none with credentials', async () => {
    const preflight = await call(world, '/grants', {
      method: 'OPTIONS',
      headers: { origin: 'null', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const refused = await post(world, '/grants', {}, { origin: 'https://any.example' });
    expect(refused.status).toBe(400);
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect(refused.headers.get('set-cookie')).toBeNull();
    const listed = (name: string, { headers }: typeof refused) =>
      headers.get(name)?.toLowerCase().split(/, ?/).sort();
    expect(listed('access-control-expose-headers', refused)).toEqual([
      'etag',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
      'retry-after',
      'www-authenticate',
    ]);
    expect(listed('access-control-allow-headers', preflight)).toEqual([
      'accept',
      'authorization',
      'cache-control',
      'content-type',
      'if-none-match',
    ]);
  });

  test('what is not there, and what is not accepted, has its own code', async () => {
    const codes = async (path: string, init: RequestInit) => {
      const { status, body, headers } = await call(world, path, init);
      return [status, body.code, headers.get('allow')];
    };
    expect(await codes('/nothing', {})).toEqual([404, 'http/not-found', null]);
    expect(await codes('/status/7', {})).toEqual([404, 'http/not-found', null]);
    expect(await codes('/status/007', {})).toEqual([404, 'http/not-found', null]);
    for (const path of ['/brands/%E0%A4%A', `/brands/${'a'.repeat(400)}`]) {
      const answer = await call(world, path);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect([answer.status, answer.body.code]).toEqual([400, 'http/malformed']);
      expect(answer.text).not.toMatch(/FST_|aaaa|E0/);
    }
    expect(await codes('/introspect', {})).toEqual([405, 'http/method', 'POST']);
    expect(await codes('/jwks.json', { method: 'PUT', body: 'x' })).toEqual([
      405,
      'http/method',
      'GET, HEAD',
    ]);
    const types = ['text/plain', 'application/json;charset=latin1', 'application/jwt, x', ''];
    for (const type of types) {
      const init = { method: 'POST', headers: { 'content-type': type }, body: '{}' };
      expect((await codes('/grants', init))[1], type).toBe('http/unsupported-media-type');
    }
    const json = { 'content-type': 'application/json' };
    for (const [body, code] of [
      ['{', 'json/syntax'],
      ['{"stop":"a","stop":"b"}', 'json/duplicate-member'],
      ['{"__proto__":1}', 'json/proto'],
      ['{"stop":1.5}', 'json/number'],
      ['[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]', 'json/depth'],
      ['\uFEFF{}', 'bytes/utf8'],
      ['{"stop":"a","more":1}', 'http/malformed'],
      ['', 'json/syntax'],
    ] as const) {
      expect(await codes('/stop', { method: 'POST', headers: json, body })).toEqual([
        400,
        code,
        null,
      ]);
    }
  });

  test('bytes that are not HTTP get a bare 400, and the process lives on', async () => {
    const { port } = new URL(world.vault.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('\x00\x01 nonsense\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await call(world, '/livez')).status).toBe(200);
  });

  test('a caller that never closes its side keeps no connection', async () => {
    const { port } = new URL(world.vault.url);
    const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => {});
    // Writing fails as soon as nobody is there any more.
    const knock = () => socket.write('x', (error) => error ?? setImmediate(knock));
    socket.on('end', knock);
    socket.resume().write('nonsense\r\n\r\n');
    await closed;
  });

  test('a caller that never ends its request does not keep the service from stopping', async () => {
    const stopping = await startWorld();
    const { port } = new URL(stopping.vault.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    const head = 'POST /stop HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    socket.write(`${head}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n`);
    // "100 Continue": the request is under way.
    await new Promise((resolve) => socket.once('data', resolve));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const closed = stopping.close();
    vi.advanceTimersByTime(DRAIN_TIME);
    vi.useRealTimers();
    await closed;
  });

  test('a caller that keeps its connection is answered once more, and told to go', async () => {
    const stopping = await startWorld();
    const { port } = new URL(stopping.vault.url);
    const socket = connect(Number(port), '127.0.0.1');
    const head = 'POST /stop HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    const body = JSON.stringify({ stop: 'A'.repeat(43) });
    socket.write(`${head}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`);
    // "100 Continue": the request is under way.
    await new Promise((resolve) => socket.once('data', resolve));
    const closed = stopping.close();
    let text = '';
    const answered = new Promise((resolve) => {
      socket.on('data', (chunk) => {
        text += chunk;
        if (text.endsWith('{"known":false}')) resolve(null);
      });
    });
    socket.write(body);
    await answered;
    const ended = new Promise((resolve) => socket.once('end', resolve));
    text = '';
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    await ended;
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n/i);
    await closed;
  });

  test('headers beyond 16 KB are refused unread', async () => {
    const { port } = new URL(world.vault.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(16_384)}\r\n\r\n`);
    const answer = await new Promise((resolve) => socket.once('data', resolve));
    expect(String(answer)).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('connections beyond the limit are closed, and there is room again when one ends', async () => {
    const small = await startWorld({ maxConnections: 2, enrolled: false });
    const { port } = new URL(small.vault.url);
    const open = async () => {
      const socket = connect(Number(port), '127.0.0.1');
      const answered = new Promise<string>((resolve) => {
        socket.once('data', (chunk) => resolve(String(chunk).slice(0, 12)));
        socket.once('close', () => resolve('closed'));
      });
      socket.on('error', () => {});
      socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      return { socket, said: await answered };
    };
    const first = await open();
    const second = await open();
    expect([first.said, second.said]).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
    expect((await open()).said).toBe('closed');
    // The server's own side has ended once it says so.
    const ended = new Promise((resolve) => first.socket.once('end', resolve));
    first.socket.write('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await ended;
    await until(async () => (await open()).said === 'HTTP/1.1 200');
    await small.close();
  });

  test('a status list is signed once, and again when it has changed or is five minutes old', async () => {
    const { grant } = await share(world, await newPerson());
    const { uri } = grant.claims.status.status_list;
    const path = new URL(uri).pathname;
    world.now++;
    const first = await call(world, path);
    expect(first.headers.get('content-type')).toMatch(/^application\/statuslist\+jwt/);
    const etag = first.headers.get('etag') as string;
    world.now += 299;
    expect((await call(world, path)).text).toBe(first.text);
    const unchanged = await call(world, path, { headers: { 'if-none-match': etag } });
    expect([unchanged.status, unchanged.text]).toEqual([304, '']);
    world.now += 1;
    const renewed = await call(world, path);
    expect(renewed.headers.get('etag')).not.toBe(etag);
    const keys = await parseVaultKeys((await call(world, '/jwks.json')).text);
    const list = await verifyStatusList(renewed.text, { uri, now: world.now, keys });
    expect(list.size).toBe(65_536);
    expect(list.bytes.filter((byte) => byte !== 0xff).length).toBe(1);
  });

  test('checks that come together are each recorded, and a use limit is never passed', async () => {
    const person = await newPerson();
    const terms = { frequency: { uses: 5, per: 'P1D' as const } };
    await share(world, person, { request: await world.request({ terms }) });
    const bearer = await token(world);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => check(world, person.pseudonym, { bearer })),
    );
    expect(answers.filter(({ body }) => body.decision === true).length).toBe(5);
  });
});

describe('with a store that fails', () => {
  const stores: Store[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });

  async function appOver(
    broken: Partial<Store>,
    { trustProxy = false, lines }: { trustProxy?: boolean; lines?: string[] } = {},
  ) {
    const keys = await loadKeys(world.data);
    const store: Store = { ...openSqliteStore(world.data), ...broken };
    const context: Context = {
      issuer: world.vault.url,
      loopback: {},
      store,
      keys,
      clock: () => world.now,
      resolveBrand: async () => {
        throw new StoreError('unused');
      },
    };
    const write = (line: string) => void lines?.push(line);
    const logger = pino({ level: lines === undefined ? 'silent' : 'debug' }, { write });
    const app = await buildApp({ context, logger, rateLimit: 10, trustProxy });
    stores.push(store);
    return app;
  }
  const fails = async () => {
    throw new StoreError('disk');
  };

  test('a check that cannot be recorded is 503, never an answer', async () => {
    const person = await newPerson();
    await share(world, person);
    const authorization = `Bearer ${await token(world)}`;
    const app = await appOver({ check: fails });
    const answer = await app.inject({
      method: 'POST',
      url: '/access/v1/evaluation',
      headers: { authorization },
      payload: {
        subject: { type: 'user', id: person.pseudonym },
        action: { name: 'https://w3id.org/dpv#ProvideProductRecommendations' },
        resource: { type: 'attribute', id: 'size.shoe' },
      },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'service/unavailable']);
    expect(answer.headers['retry-after']).toBe('1');
    await app.close();
  });

  test('a failure nobody thought of is 500 and logged by its kind and place: its words may be anybody’s', async () => {
    const lines: string[] = [];
    const words = async () => {
      throw new TypeError(`cannot read ${PLANTED}`, { cause: new RangeError(PLANTED) });
    };
    const app = await appOver({ brands: words, statusLists: words }, { lines });
    for (const path of ['/brands', '/status/0']) {
      const answer = await app.inject(path);
      expect([answer.statusCode, answer.json().code]).toEqual([500, 'service/internal']);
      expect(answer.body).not.toContain(PLANTED);
    }
    expect(lines.join('')).not.toContain(PLANTED);
    const failures = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 50);
    expect(failures).toHaveLength(2);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        code: 'service/internal',
        kind: 'RangeError',
        at: expect.stringMatching(/^at .*http\.test\.ts:\d+/),
      });
    }
    await app.close();
  });

  test('the service lives and is not ready', async () => {
    const app = await appOver({ ready: fails });
    expect((await app.inject('/livez')).statusCode).toBe(200);
    expect((await app.inject('/readyz')).statusCode).toBe(503);
    await app.close();
  });

  test('the service is not ready while its clock is behind the log, nothing getting an index then', async () => {
    await share(world, await newPerson());
    const ready = async () => (await call(world, '/readyz')).status;
    const now = world.now;
    // The log's time is in whole minutes.
    world.now = now - (now % 60) - 60;
    expect(await ready()).toBe(200);
    world.now -= 1;
    const behind = await call(world, '/readyz');
    expect([behind.status, behind.body.code]).toEqual([503, 'service/unavailable']);
    expect((await call(world, '/livez')).status).toBe(200);
    world.now = now;
    expect(await ready()).toBe(200);
  });

  test('one network is slowed down, and ends are not', async () => {
    const app = await appOver({});
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) statuses.push((await app.inject('/brands')).statusCode);
    expect(statuses).toEqual([...Array(10).fill(200), 429, 429]);
    const slowed = await app.inject('/brands');
    expect(slowed.json().code).toBe('http/rate');
    expect(slowed.headers['retry-after']).toBeDefined();
    const stop = 'A'.repeat(43);
    for (let n = 0; n < 12; n++) {
      const answer = await app.inject({ method: 'POST', url: '/stop', payload: { stop } });
      expect(answer.json()).toEqual({ known: false });
    }
    // Nor are checks, even of whoever has no token; lists are.
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const asked = async (url: string) => {
      const isForm = url === '/introspect';
      const payload = isForm ? { payload: 'token=x', headers: form } : { payload: {} };
      return (await app.inject({ method: 'POST', url, ...payload })).statusCode;
    };
    for (const url of ['/access/v1/evaluation', '/access/v1/evaluations', '/introspect']) {
      for (let n = 0; n < 12; n++) expect([url, await asked(url)]).toEqual([url, 401]);
    }
    expect(await asked('/access/v1/search/subject')).toBe(429);
    await app.close();
  });
  test('behind a proxy a caller is who the proxy says, whatever the caller says', async () => {
    const app = await appOver({}, { trustProxy: true });
    const from = async (forwarded: string) => {
      const headers = { 'x-forwarded-for': forwarded };
      return (await app.inject({ url: '/brands', headers })).statusCode;
    };
    for (let n = 0; n < 10; n++) await from(`198.51.${n}.1, 203.0.113.1`);
    expect(await from('198.51.99.1, 203.0.113.2')).toBe(429);
    expect(await from('198.51.99.1, 192.0.2.1')).toBe(200);
    await app.close();
  });

  test.each([true, false])('and it is the setting that says so: %s', async (trustProxy) => {
    const behind = await startWorld({ trustProxy, enrolled: false });
    const left = async (forwarded: string) => {
      const headers = { 'x-forwarded-for': forwarded };
      const answer = await call(behind, '/brands', { headers });
      return Number(answer.headers.get('ratelimit-remaining'));
    };
    const first = await left('203.0.113.1');
    expect(await left('192.0.2.1')).toBe(trustProxy ? first : first - 1);
    await behind.close();
  });
});
