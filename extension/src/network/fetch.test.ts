import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from './fetch.ts';

let server: Server;
let url: string;
const seen: { headers: NodeJS.Dict<string | string[]>; body: string }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ headers: request.headers, body });
    if (request.url === '/moved') response.writeHead(302, { location: `${url}/` }).end();
    else if (request.url === '/large') response.end('x'.repeat(65_537));
    else if (request.url === '/full') response.end('x'.repeat(65_536));
    else if (request.url === '/latin1') response.end(Buffer.from([0x67, 0xfc]));
    else if (request.url === '/no') response.writeHead(403).end('{}');
    else response.end('fine');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('an answer comes with its status, and a body goes out as it is', async () => {
  const door = openDoor(true);
  expect(await door(`${url}/no`)).toEqual({ status: 403, body: '{}' });
  expect(await door(`${url}/`, { type: 'application/jwt', text: 'a.b.c' })).toEqual({
    status: 200,
    body: 'fine',
  });
  expect(seen.at(-1)).toMatchObject({
    body: 'a.b.c',
    headers: { 'content-type': 'application/jwt' },
  });
  expect(seen.at(-1)?.headers).not.toHaveProperty('referer');
});

test('no cookies, no referrer, no cache, no redirects', async () => {
  let given: RequestInit | undefined;
  const door = openDoor(false, async (_, init) => {
    given = init;
    return new Response('');
  });
  await door('https://vault.example/');
  expect(given).toMatchObject({
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    redirect: 'error',
  });
  await expect(openDoor(true)(`${url}/moved`)).rejects.toMatchObject({
    code: 'network/unreachable',
  });
});

test('64 KB and not a byte more, and only UTF-8', async () => {
  const door = openDoor(true);
  expect((await door(`${url}/full`)).body).toHaveLength(65_536);
  await expect(door(`${url}/large`)).rejects.toMatchObject({ code: 'network/too-large' });
  await expect(door(`${url}/latin1`)).rejects.toMatchObject({ code: 'network/encoding' });
});

test('who expects more says how much, and bytes come as they are', async () => {
  const door = openDoor(true);
  expect((await door(`${url}/large`, undefined, { limit: 65_537 })).body).toHaveLength(65_537);
  await expect(door(`${url}/large`, undefined, { limit: 65_536 })).rejects.toMatchObject({
    code: 'network/too-large',
  });
  const { body } = await door(`${url}/latin1`, undefined, { binary: true });
  expect([...body].map((character) => character.charCodeAt(0))).toEqual([0x67, 0xfc]);
});

test('https only; http on loopback only in development; nothing else is even tried', async () => {
  const count = seen.length;
  const production = openDoor(false);
  for (const address of [`${url}/`, 'http://shop.example/', 'data:,x', 'https://a:b@c.example/']) {
    await expect(production(address)).rejects.toMatchObject({ code: 'network/address' });
  }
  await expect(openDoor(true)('http://192.168.0.1/')).rejects.toMatchObject({
    code: 'network/address',
  });
  expect(seen.length).toBe(count);
});

test('an answer that does not come in time is a timeout', async () => {
  const door = openDoor(true, async (_, init) => {
    const { signal } = init ?? {};
    Object.defineProperty(signal, 'aborted', { value: true });
    throw new DOMException('', 'TimeoutError');
  });
  await expect(door(`${url}/`)).rejects.toMatchObject({ code: 'network/timeout' });
});
