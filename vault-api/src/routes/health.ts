import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';

/** `/livez`: the process answers. `/readyz`: the store does, too; 503 otherwise. */
export function healthRoutes(app: FastifyInstance, { store }: Context): void {
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    await store.ready();
    return { status: 'ok' };
  });
}
