import * as z from 'zod';
import * as answers from './answers.ts';
import type { Operation } from './operation.ts';

/** AuthZEN 1.0 §5: members that are not named here may come along and decide nothing. */
const Subject = z.looseObject({ type: z.literal('user'), id: z.string().min(1).max(128) });
const Action = z.looseObject({ name: z.string().min(1).max(200) });
const Resource = z.looseObject({ type: z.literal('attribute'), id: z.string().min(1).max(64) });
const Evaluation = z.looseObject({
  subject: Subject,
  action: Action,
  resource: Resource,
  context: z.record(z.string(), z.unknown()).optional(),
});

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
    headers: { 'x-request-id': 'Comes back with the answer, and is kept nowhere' },
    body: { type: 'application/json', shape: Evaluation },
    answers: {
      200: {
        says: 'Allowed or denied. Without a reason, the service knows no grant of this person to the caller',
        bodies: { 'application/json': answers.Decision },
      },
    },
    problems: { 400: ['json/*', 'bytes/*'], 401: ['auth/required'] },
  },
];
