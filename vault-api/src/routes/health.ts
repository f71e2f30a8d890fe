import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { problemOf } from '../errors.ts';

/** `/livez`: the process answers. `/readyz`: the store can be read and written, too; 503 otherwise. */
export function healthRoutes(app: FastifyInstance, { store }: Context): void {
  const config = { rateLimit: false } as const;
  let wasReady = true;
  app.get('/livez', { config }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config }, async (_, reply) => {
    reply.header('cache-control', 'no-store');
    try {
      await store.ready();
      wasReady = true;
      return { status: 'ok' };
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
