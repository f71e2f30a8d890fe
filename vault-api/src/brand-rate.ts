import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ApiError } from './errors.ts';

/** Seconds of the window in which a brand's requests are counted. */
const WINDOW = 60;

/** Lets one more request of an authenticated brand in. @throws ApiError `http/brand-rate` */
export type Admit = (did: string) => void;

/**
 * Requests a minute of one brand, counted once it has proved itself, so that nobody can use up another's. In memory:
 * each process counts for itself. Every answer to the brand says in `RateLimit-*` what is left
 * (draft-ietf-httpapi-ratelimit-headers-07).
 * @param clock NumericDate
 */
export function limitBrands(app: FastifyInstance, max: number, clock: () => number): Admit {
  const answering = new AsyncLocalStorage<FastifyReply>();
  app.addHook('preHandler', (_, reply, done) => answering.run(reply, done));
  let window = 0;
  let counts = new Map<string, number>();
  return (did) => {
    const now = clock();
    const current = Math.floor(now / WINDOW);
    if (current !== window) {
      window = current;
      counts = new Map();
    }
    const count = (counts.get(did) ?? 0) + 1;
    counts.set(did, count);
    const reset = (current + 1) * WINDOW - now;
    const reply = answering.getStore();
    reply?.header('ratelimit-limit', max);
    reply?.header('ratelimit-remaining', Math.max(0, max - count));
    reply?.header('ratelimit-reset', reset);
    if (count <= max) return;
    reply?.header('retry-after', reset);
    throw new ApiError('http/brand-rate');
  };
}
