import type { Question, Semantic } from './authzen.ts';
import type { Context } from './context.ts';
import { checkOf, type Decision, decisionOf, type Item, MAX_GRANTS, type Once } from './decide.ts';
import type { BrandRecord, Check, GrantTerms, Standing } from './store/port.ts';

/** What a grant holds at most, so an allowed check never fills more than one record. */
const MAX_ATTRIBUTES = 32;

/** An answer for each item up to where the semantic stops; null for an item that was no question. */
export type BatchAnswers = readonly (Decision | null)[];

type Batch = {
  readonly brand: BrandRecord;
  readonly questions: readonly (Question | null)[];
  readonly semantic: Semantic;
  readonly once?: Once | undefined;
};

/**
 * A batch of questions, each decided as `decide` would. Items with the same subject and purpose are one use (SPEC §12),
 * and items that the semantic leaves out are none. Everything is recorded in one transaction before anything is
 * answered.
 * @throws StoreError when it could not be recorded; ApiError `idempotency/*`
 */
export async function decideBatch({ store, clock }: Context, batch: Batch): Promise<BatchAnswers> {
  const { brand, questions, semantic, once } = batch;
  const subjects = questions.flatMap((question) =>
    question?.foreign === null ? [question.subject] : [],
  );
  const keys = [...new Set(subjects)];
  const asked = { aud: brand.did, by: 'pseudonym', keys, max: MAX_GRANTS } as const;
  return store.check<BatchAnswers>({ ...asked, once: once?.key }, (standing) => {
    const now = clock();
    const records = new Records(brand, now, standing);
    const items = once && questions.map((question) => question && records.item(question));
    const earlier = items && once.earlier(standing.told, now, items);
    if (earlier) return { answer: earlier, checks: [] };
    const answers: (Decision | null)[] = [];
    for (const question of questions) {
      const answer = question === null ? null : records.answer(question);
      answers.push(answer);
      const isPermit = answer?.decision === true;
      if (semantic === 'deny_on_first_deny' && !isPermit) break;
      if (semantic === 'permit_on_first_permit' && isPermit) break;
    }
    return { answer: answers, checks: records.checks, told: once?.told(now, answers) };
  });
}

const NONE: readonly GrantTerms[] = [];

/** A check that is to be recorded, with the attributes of all items that share it. */
type Draft = { readonly check: Check; readonly attributes: string[] };

/** What a batch records, one check for all items with the same subject, purpose and outcome. */
class Records {
  private readonly drafts = new Map<string, Draft>();
  /** Uses of this batch by grant and window. */
  private readonly uses = new Map<string, number>();
  private readonly brand: BrandRecord;
  private readonly now: number;
  private readonly standing: Standing;

  constructor(brand: BrandRecord, now: number, standing: Standing) {
    this.brand = brand;
    this.now = now;
    this.standing = standing;
  }

  get checks(): Check[] {
    return [...this.drafts.values()].map(({ check }) => check);
  }

  item({ subject, purpose, attribute, foreign }: Question): Item {
    const grants = foreign === null ? (this.standing.grants.get(subject) ?? NONE) : NONE;
    return { asked: { brand: this.brand, purpose, attributes: [attribute] }, grants };
  }

  answer(question: Question): Decision {
    const { asked, grants } = this.item(question);
    const answer = decisionOf(grants, asked, {
      now: this.now,
      usesOf: (jti, window) => this.usesFor(question, jti, window),
    });
    this.record(question, grants, answer);
    return answer;
  }

  /** A use that this batch has recorded already is not a further one for an item that shares it. */
  private usesFor({ subject, purpose }: Question, jti: string, window: number): number {
    const sharesOne = this.drafts.has(keyOf(subject, purpose, { jti, reason: null }));
    const ofBatch = this.uses.get(`${jti} ${window}`) ?? 0;
    return this.standing.usesOf(jti, window) + ofBatch - (sharesOne ? 1 : 0);
  }

  private record(
    { subject, purpose, attribute }: Question,
    grants: readonly GrantTerms[],
    answer: Decision,
  ): void {
    const attributes = [attribute];
    const asked = { kind: 'evaluation', brand: this.brand, purpose, attributes } as const;
    const check = checkOf(asked, grants, { answer, now: this.now });
    const { grant, reason } = check.leaf;
    let key = keyOf(subject, purpose, {
      jti: grant,
      reason: answer.decision ? null : (reason ?? ''),
    });
    let known = this.drafts.get(key);
    while (known !== undefined && isFull(known, attribute)) {
      key += '+';
      known = this.drafts.get(key);
    }
    if (known !== undefined) {
      if (!known.attributes.includes(attribute)) known.attributes.push(attribute);
      return;
    }
    this.drafts.set(key, { check, attributes });
    if (check.limit === undefined) return;
    const counter = `${grant} ${check.limit.window}`;
    this.uses.set(counter, (this.uses.get(counter) ?? 0) + 1);
  }
}

function isFull({ attributes }: Draft, attribute: string): boolean {
  return attributes.length >= MAX_ATTRIBUTES && !attributes.includes(attribute);
}

/** What makes items of one batch share a record, and, when they are allowed, a use. @param reason null for a permit */
function keyOf(
  subject: string,
  purpose: string,
  { jti, reason }: { jti: string | null; reason: string | null },
): string {
  return `${subject}\n${purpose}\n${jti}\n${reason}`;
}
