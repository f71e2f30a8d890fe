import type { Question, Semantic } from './authzen.ts';
import { type Context, untilSettled } from './context.ts';
import { type Decision, limitOf, MAX_GRANTS, refusalOf, validFor } from './decide.ts';
import type { BrandRecord, Check, GrantTerms } from './store/port.ts';

/** What a grant holds at most, so an allowed check never fills more than one record. */
const MAX_ATTRIBUTES = 32;

/** An answer for each item up to where the semantic stops; null for an item that was no question. */
export type BatchAnswers = readonly (Decision | null)[];

type Batch = {
  readonly brand: BrandRecord;
  readonly questions: readonly (Question | null)[];
  readonly semantic: Semantic;
};

/** A check that is to be recorded, with the attributes of all items that share it. */
type Draft = { readonly key: string; readonly check: Check; readonly attributes: string[] };
type Plan = { readonly answers: (Decision | null)[]; readonly drafts: Draft[] };

/**
 * A batch of questions, each decided as `decide` would: about one grant, the latest that allows it. Items with the same
 * subject and purpose are one use (SPEC §12), and items that the semantic leaves out are none. Everything is recorded
 * in one transaction before anything is answered; when a use limit turns out to be reached, all is decided anew
 * without it.
 * @throws StoreError when it could not be recorded
 */
export async function decideBatch(context: Context, batch: Batch): Promise<BatchAnswers> {
  const { store, clock } = context;
  return untilSettled<BatchAnswers>(async () => {
    const now = clock();
    const grants = await grantsOfAll(context, batch);
    // Grows each time round, and holds at most what the batch could use.
    const exhausted = new Set<string>();
    for (;;) {
      const { answers, drafts } = planned(batch, { grants, exhausted, now });
      const outcome = await store.recordChecks(drafts.map(({ check }) => check));
      if (outcome === 'moved') return 'moved';
      if (outcome === 'recorded') return answers;
      for (const place of outcome.limit) exhausted.add((drafts[place] as Draft).key);
    }
  });
}

function grantsOfAll(
  { store }: Context,
  { brand, questions }: Batch,
): Promise<ReadonlyMap<string, readonly GrantTerms[]>> {
  const subjects = questions.flatMap((question) =>
    question?.foreign === null ? [question.subject] : [],
  );
  return store.termsOf(brand.did, [...new Set(subjects)], MAX_GRANTS);
}

function planned(
  { brand, questions, semantic }: Batch,
  state: {
    readonly grants: ReadonlyMap<string, readonly GrantTerms[]>;
    readonly exhausted: ReadonlySet<string>;
    readonly now: number;
  },
): Plan {
  const answers: (Decision | null)[] = [];
  const drafts = new Map<string, Draft>();
  for (const question of questions) {
    const answer = question === null ? null : answered(question);
    answers.push(answer);
    const isPermit = answer?.decision === true;
    if (semantic === 'deny_on_first_deny' && !isPermit) break;
    if (semantic === 'permit_on_first_permit' && isPermit) break;
  }
  return { answers, drafts: [...drafts.values()] };

  function answered(question: Question): Decision {
    const { now, exhausted } = state;
    const { subject, purpose, attribute } = question;
    const asked = { brand, purpose, attributes: [attribute] };
    const grants = question.foreign === null ? (state.grants.get(subject) ?? []) : [];
    let answer: Decision = { decision: false, reason: null };
    for (const [place, grant] of grants.entries()) {
      const isExhausted = exhausted.has(keyOf(question, grant, { decision: true, reason: null }));
      const reason = refusalOf(grant, asked, now) ?? (isExhausted ? 'frequency' : null);
      if (reason === null) {
        answer = { decision: true, grant, validFor: validFor(grant, now) };
        break;
      }
      if (place === 0) answer = { decision: false, reason };
    }
    draft(question, answer.decision ? answer.grant : (grants[0] ?? null), answer);
    return answer;
  }

  function draft(question: Question, grant: GrantTerms | null, answer: Decision): void {
    const { purpose, attribute } = question;
    const outcome = answer.decision
      ? { decision: true, reason: null }
      : { decision: false, reason: answer.reason };
    let key = keyOf(question, grant, outcome);
    let known = drafts.get(key);
    while (known !== undefined && isFull(known, attribute)) {
      key += '+';
      known = drafts.get(key);
    }
    if (known !== undefined) {
      if (!known.attributes.includes(attribute)) known.attributes.push(attribute);
      return;
    }
    const attributes = [attribute];
    const about = grant === null ? null : { jti: grant.jti, seq: grant.seq };
    const leaf = { kind: 'evaluation' as const, brand: brand.did, purpose, attributes };
    drafts.set(key, {
      key,
      attributes,
      check: {
        leaf: { ...leaf, at: state.now, grant: about, ...outcome },
        limit: answer.decision ? limitOf(answer.grant, state.now) : undefined,
      },
    });
  }
}

function isFull({ attributes }: Draft, attribute: string): boolean {
  return attributes.length >= MAX_ATTRIBUTES && !attributes.includes(attribute);
}

/** What makes items of one batch share a record, and, when they are allowed, a use. */
function keyOf(
  { subject, purpose }: Question,
  grant: GrantTerms | null,
  { decision, reason }: { decision: boolean; reason: string | null },
): string {
  return JSON.stringify([subject, purpose, grant?.jti ?? null, decision, reason]);
}
