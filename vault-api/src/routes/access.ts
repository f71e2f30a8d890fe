import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { authenticateToken } from '../authenticate-brand.ts';
import {
  ActionSearch,
  batchIn,
  Evaluation,
  Evaluations,
  hasItems,
  questionIn,
  ResourceSearch,
  SubjectSearch,
} from '../authzen.ts';
import { answerOf, FAILED, resultsOf, searchOf } from '../authzen-answer.ts';
import { malformed, shaped } from '../body.ts';
import type { Context } from '../context.ts';
import { decide } from '../decide.ts';
import { decideBatch } from '../decide-batch.ts';
import { ApiError } from '../errors.ts';
import { onceOf } from '../idempotency.ts';
import type { BrandRecord, SearchKind } from '../store/port.ts';

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
const SEARCHES = { subject: SubjectSearch, resource: ResourceSearch, action: ActionSearch };

/** AuthZEN Authorization API 1.0: one question, many at once, and lists of what may be asked. */
export function accessRoutes(app: FastifyInstance, context: Context): void {
  const config = { accepts: 'application/json', authzen: true } as const;
  const onSend = echoRequestId;
  /** Checks are never refused for load by network; lists are. */
  const options = { config: { ...config, rateLimit: false }, onSend } as const;

  app.post('/access/v1/evaluation', options, async ({ headers, body }, reply) => {
    const { brand } = await authenticateToken(context, headers.authorization);
    return unstored(reply).send(await evaluate(context, brand, { headers, body }));
  });

  app.post('/access/v1/evaluations', options, async ({ headers, body }, reply) => {
    const { brand } = await authenticateToken(context, headers.authorization);
    if (!hasItems(body)) {
      return unstored(reply).send(await evaluate(context, brand, { headers, body }));
    }
    const batch = batchIn(body);
    if (batch === null) throw refused(Evaluations, body);
    const { questions, semantic } = batch;
    const once = onceOfRequest(brand, { headers, body }, 'batch');
    const answers = await decideBatch(context, { brand, questions, semantic, once });
    const evaluations = answers.map((answer, place) => {
      const question = questions[place];
      if (answer === null || question === undefined || question === null) return FAILED;
      return answerOf(context, { brand, question }, answer);
    });
    return unstored(reply).send({ evaluations });
  });

  for (const kind of Object.keys(SEARCHES) as SearchKind[]) {
    app.post(`/access/v1/search/${kind}`, { config, onSend }, async ({ headers, body }, reply) => {
      const { brand } = await authenticateToken(context, headers.authorization);
      const search = searchOf(brand, kind, shaped(SEARCHES[kind], body));
      return unstored(reply).send(await resultsOf(context, search));
    });
  }
}

/** The schema says what is wrong; reading without it is faster. */
function refused(schema: z.ZodType, body: unknown): ApiError {
  const { error } = schema.safeParse(body);
  return error === undefined ? new ApiError('http/malformed') : malformed(error);
}

type Sent = Pick<FastifyRequest, 'headers' | 'body'>;

/** Everything in the body counts, in the order in which it stands there; and whether it is one question or many. */
function onceOfRequest(
  { did }: BrandRecord,
  { headers, body }: Sent,
  kind: 'evaluation' | 'batch' = 'evaluation',
) {
  return onceOf(did, { header: headers['idempotency-key'], request: [kind, body] });
}

async function evaluate(
  context: Context,
  brand: BrandRecord,
  { headers, body }: Sent,
): Promise<object> {
  const question = questionIn(body);
  if (question === null) throw refused(Evaluation, body);
  const { subject, purpose, attribute, foreign } = question;
  const verdict = await decide(context, {
    kind: 'evaluation',
    brand,
    grants: { by: 'pseudonym', keys: foreign === null ? [subject] : [] },
    purpose,
    attributes: [attribute],
    once: onceOfRequest(brand, { headers, body }),
  });
  return answerOf(context, { brand, question }, verdict);
}

/** §10.1.3: the caller's own label comes back, with refusals too, and is kept nowhere. */
function echoRequestId(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  _: unknown,
  done: () => void,
): void {
  const id = headers['x-request-id'];
  if (typeof id === 'string' && REQUEST_ID.test(id)) reply.header('x-request-id', id);
  done();
}

function unstored(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
