import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A response of the vault is a JWE of at most 64 KB. */
const MAX_BODY = 70_000;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // With `no-referrer`, browsers would send the shop's own forms as from nowhere (Fetch §3.2).
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

export type Reply = {
  status?: number;
  type?: string;
  body?: string;
  headers?: Record<string, string | string[]>;
};
export type Handler = (request: IncomingMessage) => Promise<Reply>;

/** The whole body as text, or null when it is larger than anything the shop expects. */
export async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function cookie(request: IncomingMessage, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=');
    if (key === name && value !== undefined) return value;
  }
  return null;
}

/**
 * Serves both loopback addresses, because `localhost` is either.
 * @param port 0 for any
 * @throws the listen error, such as EADDRINUSE
 */
export async function listen(
  port: number,
  handler: Handler,
): Promise<{ port: number; close: () => Promise<void> }> {
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    handler(request)
      .catch((): Reply => ({ status: 500, body: 'The shop made a mistake.' }))
      .then(({ status = 200, type = 'text/html; charset=utf-8', body = '', headers }) => {
        response.writeHead(status, { ...HEADERS, 'content-type': type, ...headers }).end(body);
      });
  };
  const first = await open(createServer(handle), port, '127.0.0.1');
  const actual = (first.address() as AddressInfo).port;
  const second = await open(createServer(handle), actual, '::1').catch((error) => {
    // A machine without IPv6 is no reason not to open the shop.
    if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return null;
    first.close();
    throw error;
  });
  return {
    port: actual,
    close: async () => {
      await Promise.all([first, second].map((server) => server && closed(server)));
    },
  };
}

function open(server: Server, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
