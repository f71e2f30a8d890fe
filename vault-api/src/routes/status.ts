import { STATUS_TTL, STATUS_TYP } from '@zusage/protocol/status-list';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { ApiError } from '../errors.ts';
import { statusListPublisher } from '../status-lists.ts';

/** Token status lists: public, the same for everyone, made to be kept by whatever lies between. */
export function statusRoutes(app: FastifyInstance, context: Context): void {
  const publish = statusListPublisher(context);
  app.get<{ Params: { n: string } }>('/status/:n', async ({ params, headers }, reply) => {
    if (!/^(?:0|[1-9][0-9]{0,8})$/.test(params.n)) throw new ApiError('http/not-found');
    const { token, compressed, tag } = await publish(Number(params.n));
    const isGzip = acceptsGzip(headers['accept-encoding']);
    // RFC 9110 §8.8.3.3: each content coding is a representation with an entity tag of its own.
    const etag = isGzip ? `"${tag}-gzip"` : `"${tag}"`;
    reply
      .header('etag', etag)
      .header('vary', 'accept-encoding')
      .header('cache-control', `public, max-age=${STATUS_TTL}`);
    if (matches(headers['if-none-match'], etag)) return reply.code(304).send();
    reply.type(`application/${STATUS_TYP}`);
    return isGzip ? reply.header('content-encoding', 'gzip').send(compressed) : reply.send(token);
  });
}

/** RFC 9110 §12.5.3: gzip by name or by `*`, the name first; refused by a weight of zero. */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = new Map(
    String(header ?? '')
      .toLowerCase()
      .split(',')
      .map((part) => {
        const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
        return [coding, !parameters.some((text) => /^q=0(?:\.0{0,3})?$/.test(text))] as const;
      }),
  );
  return codings.get('gzip') ?? codings.get('*') ?? false;
}

/** RFC 9110 §13.1.2: any of a list, compared weakly, or `*`. */
function matches(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
