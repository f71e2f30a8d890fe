import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { buildApp } from './app.ts';
import { assertIssuer, type Config, loopbackOption } from './config.ts';
import type { Context } from './context.ts';
import { loadKeys } from './keys.ts';
import { newLogger } from './logger.ts';
import { brandResolver } from './resolve-brand.ts';
import type { Store } from './store/port.ts';
import { openSqliteStore } from './store/sqlite.ts';

export type VaultApi = {
  /** The issuer: where brands and people find this vault. */
  readonly url: string;
  /** Stops accepting, answers what is under way, closes the store. */
  close(): Promise<void>;
};

export type StartOptions = {
  readonly logger?: Logger;
  /** NumericDate; the machine's clock by default. */
  readonly clock?: () => number;
};

/** Milliseconds between two clean-ups of what is past its time. */
const SWEEP_INTERVAL = 600_000;
/** Milliseconds that requests under way get when the service stops. */
export const DRAIN_TIME = 10_000;

/** The address cannot be listened on. The message is a sentence for the operator. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Starts the service: port, then store and keys, then routes.
 * @throws ConfigError, ListenError, PrivateFileError, StoreError
 */
export async function startVaultApi(
  config: Config,
  { logger = newLogger(config), clock = machineClock }: StartOptions = {},
): Promise<VaultApi> {
  const server = await listen(config);
  const opened: { store?: Store; app?: FastifyInstance } = {};
  try {
    const { port } = server.address() as AddressInfo;
    const issuer = config.issuer ?? `http://${config.host}:${port}`;
    assertIssuer(issuer, config);
    const keys = await loadKeys(config.data);
    const store = openSqliteStore(config.data);
    opened.store = store;
    const loopback = loopbackOption(config);
    const resolveBrand = brandResolver(loopback);
    const context: Context = { issuer, loopback, store, keys, clock, resolveBrand };
    await store.sweep(clock());
    const { rateLimit, trustProxy } = config;
    const app = await buildApp({ context, logger, rateLimit, trustProxy });
    opened.app = app;
    server.on('request', (request, response) => app.routing(request, response));
    const sweeping = sweepRegularly(context, logger);
    return {
      url: issuer,
      close: async () => {
        clearInterval(sweeping);
        await drain(server);
        await app.close();
        await store.close();
      },
    };
  } catch (error) {
    await drain(server);
    await opened.app?.close();
    await opened.store?.close();
    throw error;
  }
}

function machineClock(): number {
  return Math.floor(Date.now() / 1000);
}

/** @throws ListenError */
function listen({ host, port }: Config): Promise<Server> {
  const server = createServer({
    requestTimeout: 15_000,
    headersTimeout: 10_000,
    keepAliveTimeout: 5_000,
    maxHeaderSize: 16_384,
  });
  server.on('clientError', (_, socket) => {
    // Ended alone, it would stay open for as long as the other side likes.
    const destroy = () => socket.destroy();
    if (!socket.writable) destroy();
    else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', destroy);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const sentence = taken
        ? `Port ${port} on ${host} is already in use; stop what uses it or set ZUSAGE_PORT.`
        : `Cannot listen on ${host}, port ${port}.`;
      reject(new ListenError(sentence, { cause }));
    });
    server.listen(port, host, () => resolve(server));
  });
}

/** A closing server no longer times requests out, so a caller that never ends its own would keep the process. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatience = setTimeout(() => server.closeAllConnections(), DRAIN_TIME);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function sweepRegularly({ store, clock }: Context, logger: Logger): NodeJS.Timeout {
  const timer = setInterval(() => {
    store.sweep(clock()).catch(() => logger.error({ code: 'service/unavailable', task: 'sweep' }));
  }, SWEEP_INTERVAL);
  return timer.unref();
}
