import * as z from 'zod';
import {
  ActionSearch,
  Evaluation,
  Evaluations,
  ResourceSearch,
  SubjectSearch,
} from '../authzen.ts';
import * as answers from './answers.ts';
import * as examples from './examples.ts';
import type { Operation } from './operation.ts';

const headers = {
  'x-request-id': 'Comes back with the answer, and is kept nowhere',
};
export const onceOnly = {
  'idempotency-key':
    'An RFC 8941 string. The same request under the same key is one use, for 24 hours',
};
const problems: NonNullable<Operation['problems']> = {
  400: ['json/*', 'bytes/*'],
  401: ['auth/required'],
};
/** Of what counts uses. */
const repeated = {
  ...problems,
  409: ['idempotency/outdated'],
  422: ['idempotency/mismatch'],
} as const;
const json = (shape: z.ZodType) => ({ 'application/json': shape });

/** The AuthZEN Authorization API. */
export const accessOperations: Operation[] = [
  {
    method: 'get',
    path: '/.well-known/authzen-configuration',
    tag: 'Metadata',
    summary: 'Where the decision points are (AuthZEN 1.0 §9)',
    answers: {
      200: { says: 'Endpoints', bodies: { 'application/json': answers.AuthzenMetadata } },
    },
  },
  {
    method: 'post',
    path: '/access/v1/evaluation',
    tag: 'Checks',
    summary: 'May this attribute of this person be used for this purpose, now? (AuthZEN 1.0 §6)',
    description:
      'An allowed answer is one use. Recorded before it is answered; if it cannot be, the answer is 503.',
    auth: 'token',
    limited: false,
    headers: { ...headers, ...onceOnly },
    body: { type: 'application/json', shape: Evaluation, example: examples.evaluation },
    authzen: true,
    answers: {
      200: {
        says: 'Allowed or denied. Without a reason, the service knows no grant of this person to the caller',
        bodies: json(answers.Decision),
        examples: examples.decisions,
      },
    },
    problems: repeated,
  },
  {
    method: 'post',
    path: '/access/v1/evaluations',
    tag: 'Checks',
    summary: 'Many questions at once (AuthZEN 1.0 §7)',
    description:
      'At most 1,000 items. What an item leaves out comes from the members beside `evaluations`, each whole. Items with the same subject and purpose are one use; items that `options.evaluations_semantic` leaves out are none. Without items it is a single evaluation.',
    auth: 'token',
    limited: false,
    headers: { ...headers, ...onceOnly },
    body: { type: 'application/json', shape: Evaluations, example: examples.evaluations },
    authzen: true,
    answers: {
      200: {
        says: 'The decisions in the order of the items, up to where the semantic stops; without items a single one',
        bodies: json(
          z.union([z.object({ evaluations: z.array(answers.Decision) }), answers.Decision]),
        ),
        examples: examples.batch,
      },
    },
    problems: repeated,
  },
  searchOperation('subject', SubjectSearch, {
    summary: 'Whose attribute may be used for this purpose? (AuthZEN 1.0 §8.4)',
    entity: z.object({ type: z.literal('user'), id: z.string() }),
  }),
  searchOperation('resource', ResourceSearch, {
    summary: 'Which attributes of this person may be used for this purpose? (AuthZEN 1.0 §8.5)',
    entity: z.object({ type: z.literal('attribute'), id: z.string() }),
  }),
  searchOperation('action', ActionSearch, {
    summary: 'For which purposes may this attribute of this person be used? (AuthZEN 1.0 §8.6)',
    entity: z.object({ name: z.string() }),
  }),
];

function searchOperation(
  kind: keyof typeof examples.searches,
  shape: z.ZodType,
  { summary, entity }: { summary: string; entity: z.ZodType },
): Operation {
  const { body, found } = examples.searches[kind];
  const page = z.object({ next_token: z.string(), count: z.int().min(0) });
  return {
    method: 'post',
    path: `/access/v1/search/${kind}`,
    tag: 'Checks',
    summary,
    description:
      'Candidates, not permission: each use is checked by itself. Only grants to the caller that are active and at least a minute old. Recorded, and shown to each person on the list. At most 1,000 results a page; a page may be short or empty while `next_token` says that there is more.',
    auth: 'token',
    headers,
    body: { type: 'application/json', shape, example: body },
    authzen: true,
    answers: {
      200: {
        says: 'One page',
        bodies: json(z.object({ page, results: z.array(entity) })),
        examples: { 'the last page': { page: { next_token: '', count: 1 }, results: [found] } },
      },
    },
    problems,
  };
}
