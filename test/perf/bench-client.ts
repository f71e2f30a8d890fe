import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PublicJwk } from '@zusage/protocol/jwk';
import { brandRequest, serveBrand } from '@zusage/vault-api/testing/brand';
import { enrol, type World } from '@zusage/vault-api/testing/world';
import autocannon from 'autocannon';

/** How the peer knows who asks: by a secret, the cheapest way it has, or by a key, as the vault does. */
export const CLIENTS = {
  secret: { id: 'by-secret', secret: 'only-for-the-benchmark' },
  key: { id: 'by-key', kid: 'key-1' },
};
/** Unless a load says otherwise. */
const CONNECTIONS = 32;

export type Server = {
  readonly url: string;
  /** Seconds of CPU time so far, user and system. */
  readonly cpu: () => Promise<number>;
  /** Bytes of memory it holds now. */
  readonly memory: () => Promise<number>;
  readonly close: () => Promise<void>;
};

/** See bench-server.ts. */
type Part = 'vault' | 'unlogged' | 'floor' | 'durable' | 'needed' | 'peer';

/**
 * @param data folder of the vault, or of another database
 * @param key of the peer's client that shows one
 */
export async function startServer(
  part: Part,
  { data = '', key }: { data?: string; key?: PublicJwk } = {},
): Promise<Server> {
  const file = fileURLToPath(new URL('./bench-server.ts', import.meta.url));
  const env = { ...process.env, ZUSAGE_DATA: data, BENCH_KEY: JSON.stringify(key) };
  // The vault logs each request to its standard output, as in operation; nobody reads it here.
  const child = fork(file, [part], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The server "${part}" ended before it told its address.`);
  });
  const [url] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return {
    url,
    cpu: async () => {
      child.send('usage');
      const [{ user, system }] = await once(child, 'message');
      return (user + system) / 1_000_000;
    },
    memory: async () => {
      child.send('usage');
      const [{ memory }] = await once(child, 'message');
      return memory;
    },
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

export type Load = {
  readonly path: string;
  readonly headers: Record<string, string>;
  /** Sent in turn, by each connection from the first. */
  readonly bodies: readonly string[];
  /** Gives the next body, where none may be sent twice. */
  readonly next?: () => string;
  readonly isExpected: (body: string) => boolean;
  readonly connections?: number;
};

/** @returns requests a second, CPU seconds of the server for each, and the 99th percentile in milliseconds @throws Error when an answer is another one */
export async function measureLoad(
  server: Server,
  amount: number,
  { path, headers, bodies, next, isExpected, connections = CONNECTIONS }: Load,
): Promise<{ rate: number; cpu: number; p99: number }> {
  const before = await server.cpu();
  const began = performance.now();
  // autocannon ends on its next full second: the last answer is what counts.
  let last = began;
  const result = await autocannon({
    url: server.url,
    amount,
    connections,
    requests: bodies.map((body) => ({
      path,
      method: 'POST',
      headers,
      body,
      ...(next && { setupRequest: (request) => ({ ...request, body: next() }) }),
    })),
    verifyBody: (body) => {
      last = performance.now();
      return isExpected(body);
    },
  });
  const seconds = (last - began) / 1000;
  if (result['2xx'] !== amount || result.mismatches > 0) {
    throw new Error(`${path}: ${result['2xx']} of ${amount} answered as expected.`);
  }
  const cpu = ((await server.cpu()) - before) / amount;
  return { rate: amount / seconds, cpu, p99: result.latency.p99 };
}

export type Vault = { readonly server: Server; readonly world: World; readonly data: string };

/** Lends a vault in a process of its own, with one enrolled brand. */
export async function withVault<T>(
  work: (vault: Vault) => Promise<T>,
  part: 'vault' | 'unlogged' = 'vault',
): Promise<T> {
  const data = mkdtempSync(join(tmpdir(), 'zusage-bench-'));
  const brand = await serveBrand();
  const server = await startServer(part, { data });
  const now = () => Math.floor(Date.now() / 1000);
  const world = {
    vault: { url: server.url },
    brand,
    get now() {
      return now();
    },
    request: (wish) => brandRequest(brand, server.url, now(), wish),
  } as World;
  try {
    const { status } = await enrol(world);
    if (status !== 201) throw new Error(`The brand is not enrolled: ${status}.`);
    return await work({ server, world, data });
  } finally {
    await server.close();
    await brand.close();
    rmSync(data, { recursive: true });
  }
}
