import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticateToken } from '../authenticate-brand.ts';
import {
  ActionSearch,
  Evaluation,
  Evaluations,
  hasItems,
  itemsOf,
  questionOf,
  ResourceSearch,
  SubjectSearch,
} from '../authzen.ts';
import { answerOf, FAILED, resultsOf, searchOf } from '../authzen-answer.ts';
import { shaped } from '../body.ts';
import type { Context } from '../context.ts';
import { decide, MAX_GRANTS } from '../decide.ts';
import { decideBatch } from '../decide-batch.ts';
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
    return unstored(reply).send(await evaluate(context, brand, body));
  });

  app.post('/access/v1/evaluations', options, async ({ headers, body }, reply) => {
    const { brand } = await authenticateToken(context, headers.authorization);
    if (!hasItems(body)) return unstored(reply).send(await evaluate(context, brand, body));
    const batch = shaped(Evaluations, body);
    const questions = itemsOf(batch);
    const semantic = batch.options?.evaluations_semantic ?? 'execute_all';
    const answers = await decideBatch(context, { brand, questions, semantic });
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

async function evaluate(context: Context, brand: BrandRecord, body: unknown): Promise<object> {
  const question = questionOf(shaped(Evaluation, body));
  const { subject, purpose, attribute, foreign } = question;
  const verdict = await decide(context, {
    kind: 'evaluation',
    brand,
    grants: async () => {
      if (foreign !== null) return [];
      return (await context.store.termsOf(brand.did, [subject], MAX_GRANTS)).get(subject) ?? [];
    },
    purpose,
    attributes: [attribute],
  });
  return answerOf(context, { brand, question }, verdict);
}

/** §10.1.3: the caller's own label comes back, with refusals too, and is kept nowhere. */
async function echoRequestId({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
  const id = headers['x-request-id'];
  if (typeof id === 'string' && REQUEST_ID.test(id)) reply.header('x-request-id', id);
}

function unstored(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
