import dns from 'node:dns';
import { createServer, type RequestListener } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { allowLoopback } from '@zusage/protocol/origin';
import { afterEach, expect, test, vi } from 'vitest';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';
import { brandResolver, lookupAmong } from './resolve-brand.ts';
import { serveBrand } from './testing/brand.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  for (const close of closing.splice(0)) close();
});

const inDevelopment = brandResolver({ [allowLoopback]: true });
const inProduction = brandResolver({});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `did:web:127.0.0.1%3A${(server.address() as AddressInfo).port}`;
}

test('reads a document over http on loopback in development, and never in production', async () => {
  const brand = await serveBrand();
  closing.push(() => void brand.close());
  expect((await inDevelopment(brand.did)).did).toBe(brand.did);
  await expect(inProduction(brand.did)).rejects.toMatchObject({ code: 'did/syntax' });
  expect(brand.reads).toBe(1);
});

test('contacts nothing for a host that is an address in disguise, or no host at all', async () => {
  for (const host of ['127.0.0.0x1', '0x7f.0x1', 'shop.0x', 'localhost%3A99999']) {
    await expect(inDevelopment(`did:web:${host}`)).rejects.toMatchObject({ code: 'did/syntax' });
  }
});

test('follows no redirect', async () => {
  const brand = await serveBrand();
  closing.push(() => void brand.close());
  const did = await serve((_, response) => {
    response.writeHead(302, { location: `${brand.origin}/.well-known/did.json` }).end();
  });
  await expect(inDevelopment(did)).rejects.toMatchObject({ code: 'brand/unreachable' });
  expect(brand.reads).toBe(0);
});

test('an answer that switches protocols is none', async () => {
  const did = await serve((request) => {
    const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade';
    request.socket.write(`${head}\r\n\r\n`);
  });
  await expect(inDevelopment(did)).rejects.toMatchObject({ code: 'brand/unreachable' });
});

test('waits for five seconds in all, also for an answer that has begun and drips', async () => {
  const time = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(time.signal);
  const did = await serve((_, response) => response.write('{', () => time.abort()));
  await expect(inDevelopment(did)).rejects.toMatchObject({ code: 'brand/unreachable' });
  expect(timeout).toHaveBeenCalledWith(5000);
});

test('takes 64 KB and not a byte more, and only a complete answer', async () => {
  const large = await serve((_, response) => response.end('x'.repeat(65_537)));
  await expect(inDevelopment(large)).rejects.toMatchObject({ code: 'brand/unreachable' });
  const broken = await serve((request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{', () => request.socket.destroy());
  });
  await expect(inDevelopment(broken)).rejects.toMatchObject({ code: 'brand/unreachable' });
});

test('connects to no name whose address is not public, whoever answers there', async () => {
  // Names under localhost resolve to loopback wherever they resolve at all.
  for (const did of ['did:web:shop.localhost', 'did:web:brand.invalid']) {
    await expect(inProduction(did)).rejects.toMatchObject({ code: 'brand/unreachable' });
  }
  for (const did of ['did:web:127.0.0.1', 'did:web:localhost', 'did:web:[::1]', 'did:web:0x7f.1']) {
    await expect(inProduction(did)).rejects.toMatchObject({ code: 'did/syntax' });
  }
});

/** A name server that says this, one answer a lookup, to whoever asks. */
function nameServer(...answers: string[][]) {
  const lookup = vi.spyOn(dns, 'lookup').mockClear();
  lookup.mockImplementation(((...values: unknown[]) => {
    const addresses = (answers.shift() ?? []).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    const [first] = addresses;
    const [options, callback] = values.slice(-2) as [
      { all?: boolean },
      (...values: unknown[]) => void,
    ];
    if (options.all) callback(null, addresses);
    else callback(null, first?.address, first?.family);
  }) as typeof dns.lookup);
  syncBuiltinESMExports();
  return lookup;
}

test('a name is asked for once, where the connection is made, and one bad address among good ones refuses it', async () => {
  const brand = await serveBrand();
  closing.push(() => void brand.close());
  const refused = { code: 'brand/unreachable', cause: { message: 'address not allowed' } };
  for (const answer of [
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['::ffff:127.0.0.1'],
    ['93.184.216.34', '10.0.0.1'],
    ['10.0.0.1', '93.184.216.34'],
  ]) {
    // What a second lookup would say is harmless: it must not count.
    const lookup = nameServer(answer, ['93.184.216.34']);
    await expect(inProduction('did:web:brand.example'), answer.join()).rejects.toMatchObject(
      refused,
    );
    expect(lookup).toHaveBeenCalledTimes(1);
  }
  const did = brand.did.replace('127.0.0.1', 'localhost');
  nameServer(['10.0.0.1'], ['127.0.0.1']);
  await expect(inDevelopment(did)).rejects.toMatchObject(refused);
  expect(brand.reads).toBe(0);
});

test('a name is looked up where the connection is made, and refused by its address', async () => {
  const look = (isAllowed: (address: string) => boolean, all: boolean) =>
    new Promise((resolve) => {
      lookupAmong(isAllowed)('localhost', { all }, (error, found) => resolve(error ?? found));
    });
  for (const all of [true, false]) {
    expect(await look(isPublicAddress, all)).toBeInstanceOf(Error);
    expect(await look(isLoopbackAddress, all)).not.toBeInstanceOf(Error);
  }
});
