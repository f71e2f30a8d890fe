/**
 * One server of the benchmark in a process of its own, so that its CPU time is nobody else's. It tells its address, then
 * answers each message with its CPU time and memory, and ends with whoever started it.
 */
import { hash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Evaluation } from '@zusage/vault-api/authzen';
import { parseConfig } from '@zusage/vault-api/config';
import { newLogger } from '@zusage/vault-api/logger';
import { startVaultApi } from '@zusage/vault-api/service';
import { Sequencer } from '@zusage/vault-api/store/sqlite/sequencer';
import Fastify, { type FastifyInstance } from 'fastify';
import { Provider } from 'oidc-provider';
import * as z from 'zod';
import { CLIENTS } from './bench-client.ts';

const PARTS = { vault, unlogged, floor, durable, needed, peer };

/** The service as it is operated, its log included; only what would refuse the load is raised. */
async function vault(): Promise<string> {
  const { url } = await startVaultApi(
    parseConfig({
      ZUSAGE_PORT: '0',
      ZUSAGE_DEVELOPMENT: 'true',
      ZUSAGE_DATA: process.env['ZUSAGE_DATA'],
      ZUSAGE_RATE_LIMIT: '999999999',
      ZUSAGE_BRAND_RATE_LIMIT: '999999999',
    }),
  );
  return url;
}

/** The same, but for the log: no check is committed to. */
async function unlogged(): Promise<string> {
  let last = 0;
  Sequencer.prototype.committed = ({ length }) => {
    last += length;
    return { id: last - length + 1, openings: Buffer.alloc(0), interval: null as never };
  };
  return vault();
}

/** The least that Fastify does for a question and an answer of this shape. */
async function floor(): Promise<string> {
  return listenOn(bareRoute(async () => {}));
}

/** The same, and one row that is on the disk before the answer; all that came within 3 ms share a commit. */
async function durable(): Promise<string> {
  return listenOn(bareRoute(rowKeeper()));
}

/** The same again, with the caller's token hashed and looked up before and a line logged after it. */
async function needed(): Promise<string> {
  const app = bareRoute(rowKeeper());
  const tokens = new Set<string>();
  app.addHook('onRequest', ({ headers }, _, done) => {
    tokens.add(hash('sha256', headers.authorization ?? '', 'base64url'));
    done();
  });
  const logger = newLogger({ logLevel: 'info' });
  app.addHook('onResponse', ({ method }, { statusCode: status, elapsedTime }, done) => {
    logger.info({ route: '/', method, status, ms: Math.round(elapsedTime) });
    done();
  });
  return listenOn(app);
}

type Keep = (body: Evaluation) => Promise<void>;

function rowKeeper(): Keep {
  const db = new DatabaseSync(
    join(process.env['ZUSAGE_DATA'] as string, `${process.argv[2]}.sqlite`),
  );
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE asked (id INTEGER PRIMARY KEY, subject, purpose, attribute, at)`);
  const insert = db.prepare('INSERT INTO asked VALUES (NULL, ?, ?, ?, ?)');
  let commit: Promise<void> | null = null;
  return (body) => {
    commit ??= new Promise((resolve) => {
      db.exec('BEGIN IMMEDIATE');
      setTimeout(() => {
        commit = null;
        db.exec('COMMIT');
        resolve();
      }, 3);
    });
    insert.run(body.subject.id, body.action.name, body.resource.id, Date.now());
    return commit;
  };
}

function bareRoute(keep: Keep): FastifyInstance {
  const { $schema: _, ...body } = z.toJSONSchema(Evaluation, { io: 'input' });
  const answer = {
    type: 'object',
    properties: {
      decision: { type: 'boolean' },
      context: {
        type: 'object',
        properties: { valid_for: { type: 'integer' }, grant: { type: 'string' } },
      },
    },
  };
  const app = Fastify();
  app.post<{ Body: Evaluation }>(
    '/',
    { schema: { body, response: { 200: answer } } },
    async (request) => {
      await keep(request.body);
      return {
        decision: true,
        context: { valid_for: 300, grant: 'urn:uuid:00000000-0000-4000-8000-000000000000' },
      };
    },
  );
  return app;
}

function listenOn(app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 });
}

/** Introspection (RFC 7662) of oidc-provider with its own in-memory adapter and authenticated clients. */
async function peer(): Promise<string> {
  const server = createServer();
  const url = await listen(server);
  const { secret, key } = CLIENTS;
  const client = {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  };
  const provider = new Provider(url, {
    clients: [
      { client_id: secret.id, client_secret: secret.secret, ...client },
      {
        client_id: key.id,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [{ ...JSON.parse(process.env['BENCH_KEY'] as string), kid: key.kid }] },
        ...client,
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      devInteractions: { enabled: false },
    },
    ttl: { ClientCredentials: 3600 },
  });
  server.on('request', provider.callback());
  return url;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const url = await PARTS[process.argv[2] as keyof typeof PARTS]();
process.on('message', () =>
  process.send?.({ ...process.cpuUsage(), memory: process.memoryUsage.rss() }),
);
process.on('disconnect', () => process.exit());
process.send?.(url);
