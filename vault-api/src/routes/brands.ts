import type { FastifyInstance } from 'fastify';
import { CompactBody, shaped } from '../body.ts';
import type { Context } from '../context.ts';
import { enrolBrand } from '../enrol-brand.ts';
import { ApiError } from '../errors.ts';
import type { BrandRecord } from '../store/port.ts';

/** Enrolment, and the public list of who is enrolled: names and bounds. */
export function brandRoutes(app: FastifyInstance, context: Context): void {
  app.post('/brands', { config: { accepts: 'application/jwt' } }, async (request, reply) => {
    const brand = await enrolBrand(context, shaped(CompactBody, request.body));
    return reply.code(201).send(described(brand));
  });

  app.get('/brands', async () => ({ brands: (await context.store.brands()).map(described) }));

  app.get<{ Params: { did: string } }>('/brands/:did', async ({ params }) => {
    const brand = await context.store.brand(params.did);
    if (brand === null) throw new ApiError('http/not-found');
    return described(brand);
  });
}

function described({ did, document, enrolledAt, frozenAt }: BrandRecord) {
  return { did, manifest: document.manifest, enrolled_at: enrolledAt, frozen: frozenAt !== null };
}
