import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { problemOf, StoreError } from '../errors.ts';
import { isClockBehind } from '../log/batch.ts';

/**
 * `/livez`: the process answers. `/readyz`: the store can be read and written, too, and the clock is not behind the
 * log; 503 otherwise. In quarantine it says so, and is ready for what it still does.
 */
export function healthRoutes(app: FastifyInstance, { store, clock, log }: Context): void {
  const config = { rateLimit: false, inQuarantine: true } as const;
  let wasReady = true;
  app.get('/livez', { config }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config }, async (_, reply) => {
    reply.header('cache-control', 'no-store');
    try {
      await store.ready();
      // Nothing gets an index until the clock is right.
      if (isClockBehind(await store.logHead(), clock())) throw new StoreError('clock');
      wasReady = true;
      return { status: log?.isQuarantined ? 'quarantine' : 'ok' };
    } catch (error) {
      reply.header('retry-after', '1');
      // What is thrown is logged as a failure; while it lasts, once is enough.
      if (wasReady) {
        wasReady = false;
        throw error;
      }
      const problem = problemOf(error);
      reply.code(problem.status).type('application/problem+json');
      return JSON.stringify(problem);
    }
  });
}
