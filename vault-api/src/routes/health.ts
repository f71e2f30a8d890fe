import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';

/** `/livez`: the process answers. `/readyz`: the store does, too; 503 otherwise. */
export function healthRoutes(app: FastifyInstance, { store }: Context): void {
  const config = { rateLimit: false } as const;
  app.get('/livez', { config }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config }, async () => {
    await store.ready();
    return { status: 'ok' };
  });
}
