import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { authenticateEither } from '../authenticate-brand.ts';
import { shaped } from '../body.ts';
import type { Context } from '../context.ts';
import { ApiError } from '../errors.ts';
import { onceOf } from '../idempotency.ts';
import { INTROSPECTION_TYP, introspect, signedIntrospection } from '../introspect.ts';
import { issueToken } from '../issue-token.ts';
import { Attribute, Purpose } from '../names.ts';
import { returnGrant } from '../return-grant.ts';

// RFC 6749 §3.2: unknown parameters are ignored.
const Form = z.object({
  client_id: z.string().optional(),
  client_assertion_type: z.string().optional(),
  client_assertion: z.string().optional(),
});
export const TokenForm = Form.extend({ grant_type: z.string() });
export const OneTokenForm = Form.extend({ token: z.string().min(1) });
export const IntrospectionForm = OneTokenForm.extend({
  purpose: Purpose.optional(),
  /** Attribute ids, separated by single spaces. */
  datatypes: z
    .string()
    .transform((text) => text.split(' '))
    .pipe(z.array(Attribute).min(1).max(32))
    .optional(),
});

/** RFC 6749 token, RFC 7662 introspection, RFC 7009 revocation. */
export function oauthRoutes(app: FastifyInstance, context: Context): void {
  const config = { accepts: 'application/x-www-form-urlencoded', oauth: true } as const;

  app.post('/token', { config }, async ({ body }, reply) =>
    reply
      .header('cache-control', 'no-store')
      .send(await issueToken(context, shaped(TokenForm, body))),
  );

  app.post(
    '/introspect',
    { config: { ...config, rateLimit: false } },
    async ({ headers, body }, reply) => {
      const form = shaped(IntrospectionForm, body);
      const caller = await authenticateEither(context, headers.authorization, form);
      if (form.datatypes !== undefined && form.purpose === undefined) {
        throw new ApiError('http/malformed', { detail: 'datatypes is for use with purpose only.' });
      }
      const { token, purpose, datatypes } = form;
      // A status query is no use, however often it is made.
      const header = purpose === undefined ? undefined : headers['idempotency-key'];
      const request = ['introspect', token, purpose, datatypes];
      const once = onceOf(caller.brand.did, { header, request });
      const answer = await introspect(context, caller, { ...form, once });
      reply.header('cache-control', 'no-store').header('vary', 'accept');
      const type = `application/${INTROSPECTION_TYP}`;
      if (!headers.accept?.includes(type)) return reply.send(answer);
      return reply.type(type).send(await signedIntrospection(context, caller, answer));
    },
  );

  app.post('/revoke', { config }, async ({ headers, body }, reply) => {
    const form = shaped(OneTokenForm, body);
    const caller = await authenticateEither(context, headers.authorization, form);
    await returnGrant(context, caller, form.token);
    return reply.header('cache-control', 'no-store').send();
  });
}
