import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SECONDS_PER_DAY } from '@zusage/protocol/duration';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { buildApp } from './app.ts';
import { assertIssuer, type Config, loopbackOption } from './config.ts';
import type { Context } from './context.ts';
import { destroyKeys } from './destroy-keys.ts';
import { expireGrants } from './expire-grants.ts';
import { loadKeys } from './keys.ts';
import { headFile } from './log/head-file.ts';
import { keepLog, type LogKeeper, type Rest } from './log/keep-log.ts';
import { openingKeys } from './log/opening-keys.ts';
import { LogDamage, startLog } from './log/publish.ts';
import { signingKeyEntry } from './log-entry.ts';
import { checkpointSigner, logWriter } from './log-writer.ts';
import { newLogger } from './logger.ts';
import { type Metrics, type MetricsServer, newMetrics, serveMetrics } from './metrics.ts';
import { brandResolver } from './resolve-brand.ts';
import { retiredKeys } from './retired-keys.ts';
import type { Store } from './store/port.ts';
import { openSqliteStore } from './store/sqlite.ts';

export type VaultApi = {
  /** The issuer: where brands and people find this vault. */
  readonly url: string;
  /** Where metrics are, if anywhere. */
  readonly metricsUrl?: string;
  /** Stops accepting, answers what is under way, closes the store. */
  close(): Promise<void>;
};

export type StartOptions = {
  readonly logger?: Logger;
  /** NumericDate; the machine's clock by default. */
  readonly clock?: () => number;
  /** Called when a commit left open whether it happened; the process ends by default. */
  readonly onUnknownOutcome?: () => void;
  /** What the log waits for between two looks at what is to be published. */
  readonly rest?: Rest;
};

/** Milliseconds between two clean-ups of what is past its time. */
const SWEEP_INTERVAL = 600_000;
/** Milliseconds that requests under way get when the service stops. */
export const DRAIN_TIME = 10_000;

/** Connections at once unless set; one more is closed unread. */
const MAX_CONNECTIONS = 4096;

/** Days for which checks are kept unless set: time for a person to read them. */
const CHECK_RETENTION_DAYS = 30;

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
  {
    logger = newLogger(config),
    clock = machineClock,
    onUnknownOutcome = endProcess(logger),
    rest,
  }: StartOptions = {},
): Promise<VaultApi> {
  const server = await listen(config);
  const opened: {
    store?: Store;
    app?: FastifyInstance;
    metrics?: MetricsServer;
    keeper?: LogKeeper;
  } = {};
  try {
    const { port } = server.address() as AddressInfo;
    const issuer = config.issuer ?? `http://${config.host}:${port}`;
    assertIssuer(issuer, config);
    const keys = await loadKeys(config.data);
    const metrics = newMetrics();
    const openings = openingKeys(config.data);
    const writer = logWriter(issuer, keys, { openings, clock });
    const store = metrics.watchStore(openSqliteStore(config.data, writer, onUnknownOutcome));
    opened.store = store;
    const { log } = await store.logHead();
    const signer = checkpointSigner(issuer, keys, log);
    const file = headFile(headFilePath(config));
    const comparison = await startLog(store, signer, file);
    const isQuarantined = comparison !== 'same';
    if (isQuarantined) {
      await store.stopSequencing();
      logger.error({ code: 'service/quarantine', head: comparison });
    }
    const loopback = loopbackOption(config);
    const resolveBrand = brandResolver(loopback);
    const { rateLimit, trustProxy, brandRateLimit, brandSlots } = config;
    const context: Context = {
      issuer,
      loopback,
      store,
      keys,
      retiredKeys: retiredKeys(config.data, clock()),
      clock,
      resolveBrand,
      log: { number: log, openings, isQuarantined, since: await store.followedAt() },
      ...(brandSlots !== undefined && { brandSlots }),
    };
    const sweep = async () => {
      await store.sweep(clock(), clock() - checkRetention(config));
      // An older database does not know what else there is.
      if (!isQuarantined) await destroyKeys(store, openings, clock());
    };
    await sweep();
    const app = await buildApp({
      context,
      logger,
      rateLimit,
      ...(brandRateLimit !== undefined && { brandRateLimit }),
      trustProxy,
      metrics,
    });
    opened.app = app;
    if (config.metricsPort !== undefined) {
      opened.metrics = await metricsOn(metrics, config.metricsPort);
    }
    if (!isQuarantined) {
      const { kid } = keys.signing;
      await store.nameKey(kid, signingKeyEntry(kid, clock()));
      opened.keeper = keepLog({
        store,
        signer,
        file,
        everySecond: () => expireGrants(context),
        rest,
        onFailure: (error) => {
          const isDamage = error instanceof LogDamage;
          if (isDamage) void store.stopSequencing();
          logger.error({ code: isDamage ? 'log/damaged' : 'service/unavailable', task: 'log' });
        },
      });
    }
    server.on('request', (request, response) => app.routing(request, response));
    const sweeping = sweepRegularly(sweep, logger);
    return {
      url: issuer,
      ...(opened.metrics !== undefined && { metricsUrl: opened.metrics.url }),
      close: async () => {
        clearInterval(sweeping);
        await drain(server);
        await app.close();
        await opened.keeper?.close();
        await opened.metrics?.close();
        await store.close();
      },
    };
  } catch (error) {
    await drain(server);
    await opened.app?.close();
    await opened.keeper?.close();
    await opened.metrics?.close();
    await opened.store?.close();
    throw error;
  }
}

/** Whether it was written, the next start sees on the disk; this process never will. */
function endProcess(logger: Logger): () => void {
  return () => {
    logger.fatal({ code: 'service/unavailable', task: 'commit' });
    process.exit(1);
  };
}

/** In the data folder, unless it is set elsewhere. */
export function headFilePath({ headFile: path, data }: Config): string {
  return path ?? join(data, 'published-head');
}

/** Seconds. */
function checkRetention({ checkRetentionDays = CHECK_RETENTION_DAYS }: Config): number {
  return checkRetentionDays * SECONDS_PER_DAY;
}

function machineClock(): number {
  return Math.floor(Date.now() / 1000);
}

/** @throws ListenError */
async function metricsOn(metrics: Metrics, port: number): Promise<MetricsServer> {
  try {
    return await serveMetrics(metrics, port);
  } catch (cause) {
    throw new ListenError(`Port ${port} on 127.0.0.1 cannot be used for metrics.`, { cause });
  }
}

/** What goes wrong before there is a request, by Node's code. */
const CLIENT_ERRORS: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** @throws ListenError */
function listen({ host, port, maxConnections = MAX_CONNECTIONS }: Config): Promise<Server> {
  const server = createServer({
    requestTimeout: 15_000,
    headersTimeout: 10_000,
    // Node looks whether a time is over every 30 s unless told otherwise.
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: 5_000,
    maxHeaderSize: 16_384,
  });
  server.maxConnections = maxConnections;
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    // Ended alone, it would stay open for as long as the other side likes.
    const destroy = () => socket.destroy();
    const status = CLIENT_ERRORS[code ?? ''] ?? '400 Bad Request';
    if (!socket.writable) destroy();
    else socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, destroy);
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

/**
 * Callers that keep a connection are told with their next answer to open another one elsewhere, instead of going on
 * until they are cut off. A closing server no longer times requests out, so a caller that never ends its own would
 * keep the process.
 */
function drain(server: Server): Promise<void> {
  server.prependListener('request', (_, response) => {
    response.shouldKeepAlive = false;
  });
  return new Promise((resolve) => {
    const impatience = setTimeout(() => server.closeAllConnections(), DRAIN_TIME);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function sweepRegularly(sweep: () => Promise<void>, logger: Logger): NodeJS.Timeout {
  const timer = setInterval(() => {
    sweep().catch(() => logger.error({ code: 'service/unavailable', task: 'sweep' }));
  }, SWEEP_INTERVAL);
  return timer.unref();
}
