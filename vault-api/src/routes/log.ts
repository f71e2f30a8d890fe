import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Context } from '../context.ts';
import { ApiError } from '../errors.ts';
import { logName, logVkey } from '../keys.ts';
import { HASH_SIZE } from '../log/hash.ts';
import { bundleOf, parseTileNumber, TILE_WIDTH, widthAt } from '../log/tile.ts';
import { acceptsGzip } from './status.ts';

const compress = promisify(gzip);

/** A published byte never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Seconds for which a checkpoint may be kept. */
const CHECKPOINT_AGE = 2;
const BYTES = 'application/octet-stream';
const TEXT = 'text/plain; charset=utf-8';

/**
 * C2SP tlog-tiles: the grant log, as far as it is published. Anybody may mirror it. Logs that another one has followed
 * stay where they were: what lies between keeps their files for good, and they must never be taken for the other's.
 */
export function logRoutes(app: FastifyInstance, context: Context): void {
  for (let log = 1; log <= (context.log?.number ?? 1); log++) routesOfLog(app, context, log);
}

function routesOfLog(app: FastifyInstance, context: Context, log: number): void {
  const { store, issuer, keys } = context;
  const root = `/${logName(log)}`;
  /** Auditors read all of it; what lies between keeps it. */
  const config = { rateLimit: false, inQuarantine: true } as const;
  const latest = async () => {
    const note = await store.lastNote(log);
    if (note === null) throw new ApiError('http/not-found');
    return note;
  };

  app.get(`${root}/checkpoint`, { config }, async (_, reply) => {
    const { note } = await latest();
    return reply.header('cache-control', `public, max-age=${CHECKPOINT_AGE}`).type(TEXT).send(note);
  });

  app.get(`${root}/key`, { config }, async (_, reply) =>
    reply
      .header('cache-control', `public, max-age=${CHECKPOINT_AGE}`)
      .type(TEXT)
      .send(`${logVkey(issuer, keys, log)}\n`),
  );

  app.get<{ Params: { size: string } }>(
    `${root}/note/:size`,
    { config },
    async ({ params: { size } }, reply) => {
      if (!/^(?:0|[1-9][0-9]{0,15})$/.test(size)) throw new ApiError('http/not-found');
      const note = await store.publishedNote(log, Number(size));
      if (note === null) throw new ApiError('http/not-found');
      return reply.header('cache-control', FOR_EVER).type(TEXT).send(note);
    },
  );

  app.get<{ Params: { level: string; '*': string } }>(
    `${root}/tile/:level/*`,
    { config },
    async ({ params, headers }, reply) => {
      const place = parseTileNumber(params['*']);
      if (place === null) throw new ApiError('http/not-found');
      const { size } = await latest();
      if (params.level === 'entries') {
        const bundle = await bundleAt(place, size);
        return zipped(reply, bundle, headers['accept-encoding']);
      }
      const tile = await tileAt(params.level, place, size);
      return reply.header('cache-control', FOR_EVER).type(BYTES).send(tile);
    },
  );

  type Place = { n: number; width: number };

  async function tileAt(name: string, { n, width }: Place, size: number) {
    if (!/^(?:[0-9]|[1-5][0-9]|6[0-3])$/.test(name)) throw new ApiError('http/not-found');
    const level = Number(name);
    if (width > widthAt(level, n, size)) throw new ApiError('http/not-found');
    const tile = await store.logTile(log, level, n);
    if (tile === null) throw new ApiError('http/not-found');
    return tile.subarray(0, width * HASH_SIZE);
  }

  async function bundleAt({ n, width }: Place, size: number): Promise<Buffer> {
    if (width > widthAt(0, n, size)) throw new ApiError('http/not-found');
    const first = n * TILE_WIDTH;
    const entries = await store.logEntries(log, first, first + width);
    return bundleOf(entries.map((entry) => Buffer.from(entry)));
  }
}

async function zipped(
  reply: FastifyReply,
  bytes: Buffer,
  accepted: string | string[] | undefined,
): Promise<FastifyReply> {
  reply.header('cache-control', FOR_EVER).header('vary', 'accept-encoding').type(BYTES);
  if (!acceptsGzip(accepted)) return reply.send(bytes);
  return reply.header('content-encoding', 'gzip').send(await compress(bytes));
}
