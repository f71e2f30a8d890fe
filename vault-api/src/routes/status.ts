import { STATUS_TTL, STATUS_TYP } from '@zusage/protocol/status-list';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { ApiError } from '../errors.ts';
import { statusListPublisher } from '../status-lists.ts';

/** Token status lists: public, the same for everyone. */
export function statusRoutes(app: FastifyInstance, context: Context): void {
  const publish = statusListPublisher(context);
  app.get<{ Params: { n: string } }>('/status/:n', async ({ params, headers }, reply) => {
    if (!/^(?:0|[1-9][0-9]{0,8})$/.test(params.n)) throw new ApiError('http/not-found');
    const { token, etag } = await publish(Number(params.n));
    reply.header('etag', etag).header('cache-control', `public, max-age=${STATUS_TTL}`);
    if (headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type(`application/${STATUS_TYP}`).send(token);
  });
}
