import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { authenticateToken } from '../authenticate-brand.ts';
import { shaped } from '../body.ts';
import type { Context } from '../context.ts';
import { type Decision, decide } from '../decide.ts';

/** AuthZEN Authorization API 1.0 §5: properties may come along, and decide nothing here. */
const Properties = z.record(z.string(), z.unknown()).optional();
export const Purpose = z.string().regex(/^[\x21-\x7e]{1,200}$/);
export const Attribute = z.string().regex(/^[\x21-\x7e]{1,64}$/);

/** Grants of one person that a check looks at, the latest: more than anybody agrees to, and a bound on its cost. */
const MAX_GRANTS = 100;

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

const Evaluation = z.strictObject({
  subject: z.strictObject({
    type: z.literal('user'),
    id: z.string().min(1).max(128),
    properties: Properties,
  }),
  action: z.strictObject({ name: Purpose, properties: Properties }),
  resource: z.strictObject({
    type: z.literal('attribute'),
    id: Attribute,
    properties: Properties,
  }),
  context: Properties,
});

/** May I use this attribute of this person for this purpose? */
export function accessRoutes(app: FastifyInstance, context: Context): void {
  app.post(
    '/access/v1/evaluation',
    { config: { accepts: 'application/json', rateLimit: false } },
    async ({ headers, body }, reply) => {
      const id = headers['x-request-id'];
      // AuthZEN §10: the caller's own label comes back, and is kept nowhere.
      if (typeof id === 'string' && REQUEST_ID.test(id)) reply.header('x-request-id', id);
      const { brand } = await authenticateToken(context, headers.authorization);
      const { subject, action, resource } = shaped(Evaluation, body);
      const verdict = await decide(context, {
        kind: 'evaluation',
        brand,
        grants: () => context.store.grantsOf(brand.did, subject.id, MAX_GRANTS),
        purpose: action.name,
        attributes: [resource.id],
      });
      return reply.header('cache-control', 'no-store').send(answerOf(verdict));
    },
  );
}

function answerOf(verdict: Decision) {
  if (verdict.decision) {
    return {
      decision: true,
      context: { grant: verdict.grant.jti, valid_for: verdict.validFor },
    };
  }
  if (verdict.reason === null) return { decision: false };
  return { decision: false, context: { reason: verdict.reason } };
}
