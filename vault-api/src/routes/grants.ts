import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { authenticateToken } from '../authenticate-brand.ts';
import { CompactBody, shaped } from '../body.ts';
import { changeGrant } from '../change-grant.ts';
import type { Context } from '../context.ts';
import { proofsForBrand, proofsForPerson } from '../grant-proofs.ts';
import { GrantQuery, listGrants, showGrant } from '../list-grants.ts';
import { readGrant } from '../read-grant.ts';
import { registerGrant } from '../register-grant.ts';
import { reserveSlot } from '../reserve-slot.ts';
import { stopGrant } from '../stop-grant.ts';

export const SlotBody = z.strictObject({
  request: z.string(),
  pseudonym: z.string(),
  proof: z.string(),
});
export const GrantBody = z.strictObject({ grant: z.string(), request: z.string() });
export const StopBody = z.strictObject({ stop: z.string() });

type OneGrant = { Params: { jti: string } };

/**
 * What the person's extension does: register, change, read; what a printed sheet does: stop; and what the audience may
 * see of its grants.
 */
export function grantRoutes(app: FastifyInstance, context: Context): void {
  const json = { accepts: 'application/json' } as const;
  const jwt = { accepts: 'application/jwt' } as const;
  /** An end is never refused, neither for load nor in quarantine. */
  const unlimited = { rateLimit: false, inQuarantine: true } as const;

  app.post('/grants/slots', { config: json }, ({ body }) =>
    reserveSlot(context, shaped(SlotBody, body)),
  );

  app.post('/grants', { config: json }, async ({ body }, reply) => {
    const { receipt, isPending } = await registerGrant(context, shaped(GrantBody, body));
    return reply.code(isPending ? 202 : 201).send({ receipt });
  });

  app.post<OneGrant>(
    '/grants/:jti/events',
    { config: { ...jwt, ...unlimited } },
    async ({ params, body }, reply) => {
      const { answer, isPending } = await changeGrant(
        context,
        params.jti,
        shaped(CompactBody, body),
      );
      return reply.code(isPending ? 202 : 200).send(answer);
    },
  );

  app.post<OneGrant>('/grants/:jti/read', { config: jwt }, ({ params, body }) =>
    readGrant(context, params.jti, shaped(CompactBody, body)),
  );

  app.post<OneGrant>('/grants/:jti/proofs', { config: jwt }, ({ params, body }) =>
    proofsForPerson(context, params.jti, shaped(CompactBody, body)),
  );

  app.get<OneGrant>('/grants/:jti/proofs', async ({ headers, params }, reply) => {
    const caller = await authenticateToken(context, headers.authorization);
    const proofs = await proofsForBrand(context, caller, params.jti);
    return reply.header('cache-control', 'no-store').send(proofs);
  });

  app.post('/stop', { config: { ...json, ...unlimited } }, ({ body }) =>
    stopGrant(context, shaped(StopBody, body).stop),
  );

  app.get('/grants', async ({ headers, query }, reply) => {
    const { brand } = await authenticateToken(context, headers.authorization);
    const page = await listGrants(context, brand, shaped(GrantQuery, query));
    return reply.header('cache-control', 'no-store').send(page);
  });

  app.get<OneGrant>('/grants/:jti', async ({ headers, params }, reply) => {
    const { brand } = await authenticateToken(context, headers.authorization);
    const view = await showGrant(context, brand, params.jti);
    return reply.header('cache-control', 'no-store').send(view);
  });
}
