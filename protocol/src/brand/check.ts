import type { LoopbackOption } from '../origin.ts';
import { UuidUrn, z } from '../shape.ts';
import { accessToken, dropToken } from './access-token.ts';
import { type Brand, currentTime } from './brand.ts';
import { SdkError } from './errors.ts';
import { type Answer, ask, objectOf } from './http.ts';

const EVALUATION_PATH = '/access/v1/evaluation';

/** Why not, in the order in which the service looks (SPEC §12). */
export const DenialReason = z.enum([
  'brand-frozen',
  'withdrawn',
  'suspended',
  'not-yet',
  'expired',
  'purpose',
  'attribute',
  'frequency',
]);
export type DenialReason = z.infer<typeof DenialReason>;

export type Verdict = {
  allowed: boolean;
  /** Absent when allowed, and when the service knows no grant of this person to this brand. */
  reason?: DenialReason;
  /** Seconds, at most 300, for which the verdict may be kept for the same subject, purpose and attribute. */
  validFor: number;
  /** `jti` of the grant that decided. */
  grant?: string;
};

export type CheckOptions = {
  /** Origin of the vault service the grant names. */
  vault: string;
  brand: Brand;
  /** The person's pseudonym. */
  subject: string;
  /** IRI of the purpose of this very use. */
  purpose: string;
  /** Id of the attribute. */
  attribute: string;
  /** NumericDate. */
  now?: number;
} & LoopbackOption;

const Evaluation = z.looseObject({
  decision: z.boolean(),
  context: z.optional(
    z.looseObject({
      reason: z.optional(DenialReason),
      valid_for: z.optional(z.int().check(z.minimum(0), z.maximum(300))),
      grant: z.optional(UuidUrn),
    }),
  ),
});

/**
 * May this attribute of this person be used for this purpose, now? Asks the service each time (AuthZEN 1.0); an allowed
 * answer is one use. Whatever goes wrong is thrown: without a verdict there is no use.
 * @throws SdkError `vault/*`
 */
export async function check(options: CheckOptions): Promise<Verdict> {
  const { vault, brand, now = currentTime() } = options;
  let answer = await evaluate(options, await accessToken(vault, brand, now, options));
  if (answer.status === 401) {
    // The token may have gone before its time, with a key or a restart; a fresh one decides.
    dropToken(vault, brand);
    answer = await evaluate(options, await accessToken(vault, brand, now, options));
  }
  const parsed = Evaluation.safeParse(objectOf(answer));
  if (!parsed.success) throw new SdkError('vault/answer');
  const { decision, context = {} } = parsed.data;
  return {
    allowed: decision,
    validFor: context.valid_for ?? 0,
    ...(!decision && context.reason !== undefined && { reason: context.reason }),
    ...(context.grant !== undefined && { grant: context.grant }),
  };
}

function evaluate(
  { vault, subject, purpose, attribute }: CheckOptions,
  token: string,
): Promise<Answer> {
  return ask(vault + EVALUATION_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      subject: { type: 'user', id: subject },
      action: { name: purpose },
      resource: { type: 'attribute', id: attribute },
    }),
  });
}
