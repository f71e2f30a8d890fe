import cors from '@fastify/cors';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { acceptBodies, MAX_BODY } from './body.ts';
import { limitBrands } from './brand-rate.ts';
import type { Context } from './context.ts';
import { ApiError, oauthError, type Problem, problemOf } from './errors.ts';
import { isOwnMachine } from './explain-denial.ts';
import type { Metrics } from './metrics.ts';
import { serveDocumentation } from './openapi/serve.ts';
import { limitRate } from './rate-limit.ts';
import { accessRoutes } from './routes/access.ts';
import { brandRoutes } from './routes/brands.ts';
import { grantRoutes } from './routes/grants.ts';
import { healthRoutes } from './routes/health.ts';
import { logRoutes } from './routes/log.ts';
import { metadataRoutes } from './routes/metadata.ts';
import { oauthRoutes } from './routes/oauth.ts';
import { statusRoutes } from './routes/status.ts';
import { stopPageRoutes } from './routes/stop-page.ts';

/** Requests a minute of one brand unless set: a thousand checks a second. */
const BRAND_RATE_LIMIT = 60_000;

/** Everything that is served, but for the description of it. */
export const ROUTES = [
  healthRoutes,
  metadataRoutes,
  brandRoutes,
  grantRoutes,
  stopPageRoutes,
  oauthRoutes,
  accessRoutes,
  statusRoutes,
  logRoutes,
];

/** How the HTTP side behaves; everything else is the context. */
export type AppOptions = {
  readonly context: Context;
  readonly logger: Logger;
  /** Requests a minute of one network. */
  readonly rateLimit: number;
  /** Requests a minute of one brand. */
  readonly brandRateLimit?: number;
  readonly trustProxy: boolean;
  readonly metrics?: Metrics;
};

/** The service without a socket: whoever calls it lets a server route to it, or injects requests. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { logger, rateLimit, trustProxy } = options;
  const app = Fastify({
    bodyLimit: MAX_BODY,
    // The one proxy in front appends whom it talks to; what stands before that in the header, anybody can write.
    trustProxy: trustProxy && ((_: string, hop: number) => hop === 0),
    routerOptions: { maxParamLength: 320 },
    // Fastify would log addresses and URLs; `logRequests` logs neither.
    logger: false,
    // Addresses the router cannot read never reach the hooks, nor the error handler below.
    frameworkErrors: (error, _, reply) => {
      reply.header('access-control-allow-origin', '*');
      sendProblem(reply, problemOf(error), false);
    },
  });
  acceptBodies(app);
  logRequests(app, logger);
  options.metrics?.watchRequests(app);
  const isExplained = isOwnMachine(options.context);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOf(error);
    if (isExplained && error instanceof ApiError && error.detail !== undefined) {
      problem.detail = error.detail;
    }
    if (problem.status >= 500) logger.error({ code: problem.code, ...causeOf(error) });
    return sendProblem(reply, problem, request.routeOptions.config.oauth === true);
  });
  app.setNotFoundHandler(() => {
    throw new ApiError('http/not-found');
  });
  await app.register(cors, {
    origin: '*',
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'accept', 'cache-control', 'if-none-match'],
    exposedHeaders: [
      'etag',
      'www-authenticate',
      'retry-after',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
    ],
    maxAge: 86_400,
    strictPreflight: false,
  });
  if (options.context.log?.isQuarantined) refuseInQuarantine(app);
  await limitRate(app, rateLimit);
  const admit = limitBrands(app, options.brandRateLimit ?? BRAND_RATE_LIMIT, options.context.clock);
  const context: Context = { ...options.context, admit };
  await serveDocumentation(app);
  const paths = new Map<string, string[]>();
  app.addHook('onRoute', ({ url, method }) => {
    paths.set(url, [...(paths.get(url) ?? []), ...[method].flat()]);
  });
  for (const routes of ROUTES) routes(app, context);
  refuseOtherMethods(app, new Map(paths));
  await app.ready();
  return app;
}

/** What is neither a decision nor a promise goes on: what is published, and what ends something. */
function refuseInQuarantine(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ routeOptions: { config } }) => {
    if (config.inQuarantine !== true && config.url !== undefined) {
      throw new ApiError('service/quarantine');
    }
  });
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** A known path with another method is 405 with `Allow`, whatever the body. */
function refuseOtherMethods(app: FastifyInstance, paths: ReadonlyMap<string, readonly string[]>) {
  for (const [url, allowed] of paths) {
    const refuse = async (_: unknown, reply: FastifyReply) => {
      reply.header('allow', allowed.join(', '));
      throw new ApiError('http/method');
    };
    app.route({
      url,
      method: METHODS.filter((method) => !allowed.includes(method)),
      onRequest: refuse,
      handler: refuse,
    });
  }
}

/** Route pattern, method, status, time: no URL, address, header or body ever. */
function logRequests(app: FastifyInstance, logger: Logger): void {
  app.addHook('onResponse', ({ method, routeOptions }, reply, done) => {
    const { statusCode: status, elapsedTime } = reply;
    logger.info({ route: routeOptions.url ?? null, method, status, ms: Math.round(elapsedTime) });
    done();
  });
}

/** What the operator needs of an unexpected failure: its kind and place. Messages may quote values and stay out. */
function causeOf(error: unknown): { kind?: string; at?: string | undefined } {
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(root instanceof Error)) return {};
  const frame = root.stack?.split('\n').find((line) => /^\s+at /.test(line));
  const code = 'code' in root && typeof root.code === 'string' ? root.code : root.name;
  return { kind: code, at: frame?.trim() };
}

/** Seconds. */
const RETRY_AFTER: Partial<Record<Problem['code'], string>> = {
  'service/unavailable': '1',
  'service/busy': '5',
  'service/quarantine': '600',
};

/** RFC 9457; at OAuth endpoints also the member of RFC 6749 §5.2, in the media type that one demands. */
function sendProblem(reply: FastifyReply, problem: Problem, isOauth: boolean): FastifyReply {
  const { code, status } = problem;
  if (code === 'auth/required') reply.header('www-authenticate', challengeOf(reply));
  if (code in RETRY_AFTER) reply.header('retry-after', RETRY_AFTER[code] as string);
  reply.code(status).header('cache-control', 'no-store');
  if (!isOauth) return reply.type('application/problem+json').send(JSON.stringify(problem));
  return reply
    .type('application/json')
    .send(JSON.stringify({ error: oauthError(problem), ...problem }));
}

/** RFC 6750 §3.1: whoever showed a token learns that another one is needed. */
function challengeOf({ request }: FastifyReply): string {
  const isToken = /^Bearer /i.test(request.headers.authorization ?? '');
  return `Bearer realm="zusage"${isToken ? ', error="invalid_token"' : ''}`;
}
