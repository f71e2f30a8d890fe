import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { StoreError } from '../errors.ts';
import { isClockBehind } from '../log/batch.ts';

/**
 * `/livez`: the process answers. `/readyz`: the store does, too, and the clock is not behind the log; 503 otherwise.
 * In quarantine it says so, and is ready for what it still does.
 */
export function healthRoutes(app: FastifyInstance, { store, clock, log }: Context): void {
  const config = { rateLimit: false, inQuarantine: true } as const;
  app.get('/livez', { config }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config }, async () => {
    await store.ready();
    // Nothing gets an index until the clock is right.
    if (isClockBehind(await store.logHead(), clock())) throw new StoreError('clock');
    return { status: log?.isQuarantined ? 'quarantine' : 'ok' };
  });
}
