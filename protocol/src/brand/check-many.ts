import { SdkError } from './errors.ts';
import {
  evaluate,
  evaluationOf,
  type Question,
  type VaultOptions,
  type Verdict,
  verdictOf,
} from './evaluation.ts';
import type { VerdictCache } from './verdict-cache.ts';

/** Most items of one request (SPEC §12). */
const MAX_ITEMS = 1000;

/** AuthZEN 1.0 §7.1.2: decide all, or stop after the first denial or the first permit. */
export type Semantic = 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit';

export type CheckManyOptions = VaultOptions & {
  questions: readonly Question[];
  /** `execute_all` by default. */
  semantic?: Semantic;
  /** Keeps what may be kept. Without it the service is asked each time. */
  cache?: VerdictCache;
};

/**
 * Many checks at once, as AuthZEN's evaluations: up to 1,000 in a request, more in several, one after another. Questions
 * of one request about the same person and purpose are together one use. If one fails, all do; what was allowed until
 * then has been counted.
 * @returns verdicts in the order of the questions; up to and with the one at which the semantic stops
 * @throws SdkError `vault/*`
 */
export async function checkMany({
  questions,
  semantic = 'execute_all',
  cache,
  ...options
}: CheckManyOptions): Promise<Verdict[]> {
  const known = questions.map((question) => cache?.find(options, question));
  // What stands behind a permit that is known is not asked for.
  const end = known.findIndex((verdict) => verdict !== undefined && stopsAt(semantic, verdict));
  const unknown = questions
    .slice(0, end < 0 ? undefined : end)
    .filter((_, place) => known[place] === undefined);
  const answers = await askAll(unknown, { ...options, semantic, ...(cache && { cache }) });
  const verdicts: Verdict[] = [];
  for (const verdict of known) {
    const next = verdict ?? answers.shift();
    if (next === undefined) break;
    verdicts.push(next);
    if (stopsAt(semantic, next)) break;
  }
  return verdicts;
}

type Asking = VaultOptions & { semantic: Semantic; cache?: VerdictCache };

async function askAll(questions: readonly Question[], asking: Asking): Promise<Verdict[]> {
  const answers: Verdict[] = [];
  for (let from = 0; from < questions.length; from += MAX_ITEMS) {
    const key = asking.idempotencyKey;
    // Each request is another one, so each has its own key.
    const own = key === undefined || from === 0 ? {} : { idempotencyKey: `${key}.${from}` };
    const verdicts = await askSome(questions.slice(from, from + MAX_ITEMS), { ...asking, ...own });
    answers.push(...verdicts);
    if (verdicts.some((verdict) => stopsAt(asking.semantic, verdict))) break;
  }
  return answers;
}

async function askSome(
  questions: readonly Question[],
  { semantic, cache, ...options }: Asking,
): Promise<Verdict[]> {
  const keep = cache?.keeper(options);
  const body = {
    evaluations: questions.map(evaluationOf),
    options: { evaluations_semantic: semantic },
  };
  const { evaluations } = await evaluate('/access/v1/evaluations', body, options);
  if (!Array.isArray(evaluations)) throw new SdkError('vault/answer');
  const verdicts = evaluations.map(verdictOf);
  const stop = verdicts.findIndex((verdict) => stopsAt(semantic, verdict));
  // One more or one less, and a verdict would stand for another question.
  if (verdicts.length !== (stop < 0 ? questions.length : stop + 1)) {
    throw new SdkError('vault/answer');
  }
  for (const [place, verdict] of verdicts.entries()) keep?.(questions[place] as Question, verdict);
  return verdicts;
}

function stopsAt(semantic: Semantic, { allowed }: Verdict): boolean {
  return semantic !== 'execute_all' && allowed === (semantic === 'permit_on_first_permit');
}
