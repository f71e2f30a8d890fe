import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { batchIn, Evaluation, Evaluations, MAX_EVALUATIONS, questionIn } from './authzen.ts';

const evaluation = {
  subject: { type: 'user', id: 'p' },
  action: { name: 'a:b' },
  resource: { type: 'attribute', id: 'size.shoe' },
};

/** What stands where something else should, and what is almost right. */
const value = fc.oneof(
  fc.constantFrom(null, 0, '', [], {}, 'x'.repeat(200), 'x'.repeat(201), ['type'], {
    type: 'user',
  }),
  fc.jsonValue(),
);
const member = fc.constantFrom(
  'subject',
  'action',
  'resource',
  'context',
  'properties',
  'type',
  'id',
  'name',
  'else',
);
/** `Evaluation` itself with up to three members put in, replaced or left out, at the top or one below. */
const nearly = fc
  .array(fc.tuple(member, fc.option(member), fc.option(value, { nil: undefined })), {
    maxLength: 3,
  })
  .map((changes) => {
    const changed: Record<string, unknown> = structuredClone(evaluation);
    for (const [outer, inner, to] of changes) {
      const below = changed[outer];
      const isBelow = inner !== null && typeof below === 'object' && below !== null;
      const place = (isBelow ? below : changed) as Record<string, unknown>;
      const name = isBelow ? inner : outer;
      if (to === undefined) delete place[name];
      // A copy: the next change may be one of this very value.
      else place[name] = structuredClone(to);
    }
    return JSON.parse(JSON.stringify(changed)) as unknown;
  });

test.prop([fc.oneof({ weight: 9, arbitrary: nearly }, { weight: 1, arbitrary: value })], {
  numRuns: 3000,
})('an evaluation is what its schema says', (sent) => {
  expect(questionIn(sent) !== null).toBe(Evaluation.safeParse(sent).success);
});

test.prop(
  [
    fc.oneof(nearly, fc.constant({}), value),
    fc.oneof(fc.array(fc.oneof(nearly, value), { maxLength: 3 }), value),
    fc.option(value, { nil: undefined }),
  ],
  { numRuns: 3000 },
)(
  'a batch is what its schema says, and each item an evaluation with what stands beside it',
  (defaults, evaluations, options) => {
    const body = JSON.parse(
      JSON.stringify(
        typeof defaults === 'object' && !Array.isArray(defaults)
          ? { ...defaults, evaluations, options }
          : defaults,
      ),
    );
    const batch = batchIn(body);
    const parsed = Evaluations.safeParse(body);
    expect(batch !== null).toBe(parsed.success);
    if (batch === null || !parsed.success) return;
    const { evaluations: items, ...beside } = parsed.data;
    expect(batch.questions.map((question) => question !== null)).toEqual(
      items.map((item) => Evaluation.safeParse({ ...beside, ...item }).success),
    );
  },
);

test('a batch has a thousand items at most', () => {
  const of = (length: number) => ({ evaluations: Array.from({ length }, () => evaluation) });
  expect(batchIn(of(MAX_EVALUATIONS))?.questions).toHaveLength(MAX_EVALUATIONS);
  expect(batchIn(of(MAX_EVALUATIONS + 1))).toBeNull();
});
