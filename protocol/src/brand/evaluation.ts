import type { LoopbackOption } from '../origin.ts';
import { UuidUrn, z } from '../shape.ts';
import { accessToken, dropToken } from './access-token.ts';
import { type Brand, currentTime } from './brand.ts';
import { SdkError } from './errors.ts';
import { ask, isCode, objectOf } from './http.ts';

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

/** May this attribute of this person be used for this purpose? */
export type Question = {
  /** The person's pseudonym. */
  readonly subject: string;
  /** IRI of the purpose of this very use. */
  readonly purpose: string;
  /** Id of the attribute. */
  readonly attribute: string;
};

export type Verdict = {
  allowed: boolean;
  /** Absent when allowed, and when the service knows no grant of this person to this brand. */
  reason?: DenialReason;
  /** Seconds, at most 300, for which the verdict may be kept for the same subject, purpose and attribute. */
  validFor: number;
  /** `jti` of the grant that decided. */
  grant?: string;
  /** The service was not asked: an earlier verdict is still good. */
  cached?: true;
};

export type VaultOptions = {
  /** Origin of the vault service the grant names. */
  vault: string;
  brand: Brand;
  /** NumericDate. */
  now?: number;
  /**
   * The same question under the same key is one use, however often it is asked, for a day (SPEC §12): for asking again
   * after `vault/unreachable`. 1–128 printable ASCII characters without `"` and `\`, never a person's data.
   * With a cache, `checkMany` asks only for what is not known: by the next time that may be another question.
   */
  idempotencyKey?: string;
} & LoopbackOption;

const Evaluation = z.looseObject({
  decision: z.boolean(),
  context: z.optional(
    z.looseObject({
      reason: z.optional(DenialReason),
      valid_for: z.optional(z.int().check(z.minimum(0), z.maximum(300))),
      grant: z.optional(UuidUrn),
      /** Only in batches: the item was not decided (AuthZEN 1.0 §7.2.1). */
      error: z.optional(z.looseObject({ message: z.optional(z.string()) })),
    }),
  ),
});

/** The members of an AuthZEN evaluation. */
export function evaluationOf({ subject, purpose, attribute }: Question): object {
  return {
    subject: { type: 'user', id: subject },
    action: { name: purpose },
    resource: { type: 'attribute', id: attribute },
  };
}

/** @throws SdkError `vault/answer`; `vault/refused` for what the service could not decide */
export function verdictOf(answer: unknown): Verdict {
  const parsed = Evaluation.safeParse(answer);
  if (!parsed.success) throw new SdkError('vault/answer');
  const { decision, context = {} } = parsed.data;
  if (context.error !== undefined) {
    const { message } = context.error;
    throw new SdkError('vault/refused', { refusal: isCode(message) ? message : undefined });
  }
  return {
    allowed: decision,
    validFor: context.valid_for ?? 0,
    ...(!decision && context.reason !== undefined && { reason: context.reason }),
    ...(context.grant !== undefined && { grant: context.grant }),
  };
}

/**
 * One authenticated question. @param path of the AuthZEN endpoint @returns the answer, a JSON object
 * @throws SdkError `vault/*`
 */
export async function evaluate(
  path: '/access/v1/evaluation' | '/access/v1/evaluations',
  body: object,
  { vault, brand, now = currentTime(), idempotencyKey, ...options }: VaultOptions,
): Promise<Record<string, unknown>> {
  const asking = async () => {
    const token = await accessToken(vault, brand, now, options);
    return ask(vault + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...(idempotencyKey !== undefined && { 'idempotency-key': `"${idempotencyKey}"` }),
      },
      body: JSON.stringify(body),
    });
  };
  let answer = await asking();
  if (answer.status === 401) {
    // The token may have gone before its time, with a key or a restart; a fresh one decides.
    dropToken(vault, brand);
    answer = await asking();
  }
  return objectOf(answer);
}
