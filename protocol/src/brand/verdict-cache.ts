import type { Brand } from './brand.ts';
import type { Question, Verdict } from './evaluation.ts';

/** Most verdicts that are kept unless set. */
const MAX_VERDICTS = 10_000;

/** Whose verdict it is: that of one brand at one vault service. */
type Asked = { readonly vault: string; readonly brand: Pick<Brand, 'did'> };
type Instant = { readonly wall: number; readonly steady: number };
type Kept = { readonly verdict: Verdict; readonly asked: Instant };

/**
 * Verdicts that may still be relied on (SPEC §12): permits, for as long as the service said and no longer, counted from
 * before it was asked. Denials are never kept, nor is what a use limit counts: its `valid_for` is 0. In memory; give
 * the same one to every `check` and `checkMany`.
 */
export class VerdictCache {
  private readonly max: number;
  private readonly maxAge: number;
  /** The least recently used first. */
  private readonly kept = new Map<string, Kept>();
  private readonly asking = new Map<string, Promise<Verdict>>();
  /** Grows with each `forget`: what was asked before it is not kept. */
  private forgotten = 0;

  /**
   * @param options.max most verdicts that are kept, 10,000 by default; the least recently used goes first
   * @param options.maxAge seconds after which a verdict is not relied on, whatever the service allows
   */
  constructor({ max = MAX_VERDICTS, maxAge = 300 }: { max?: number; maxAge?: number } = {}) {
    this.max = max;
    this.maxAge = maxAge;
  }

  /**
   * The kept verdict or that of `ask`; equal questions at the same time share one request, but never one use.
   * @throws what `ask` throws
   */
  async verdict(from: Asked, question: Question, ask: () => Promise<Verdict>): Promise<Verdict> {
    const found = this.find(from, question);
    if (found !== undefined) return found;
    const key = keyOf(from, question);
    const shared = this.asking.get(key);
    if (shared !== undefined) {
      const verdict = await shared;
      if (!verdict.allowed) return verdict;
      // An allowed answer that may not be kept is the use of whoever asked.
      return this.find(from, question) ?? ask();
    }
    const keep = this.keeper(from);
    const own = ask();
    this.asking.set(key, own);
    try {
      const verdict = await own;
      keep(question, verdict);
      return verdict;
    } finally {
      if (this.asking.get(key) === own) this.asking.delete(key);
    }
  }

  /** A verdict that is still good; `validFor` is what is left of it. */
  find(from: Asked, question: Question): Verdict | undefined {
    const key = keyOf(from, question);
    const entry = this.kept.get(key);
    if (entry === undefined) return undefined;
    this.kept.delete(key);
    const left = this.secondsLeft(entry);
    if (left <= 0) return undefined;
    this.kept.set(key, entry);
    return { ...entry.verdict, validFor: Math.floor(left), cached: true };
  }

  /** To be called before asking. @returns what keeps an answer, if it may be kept and nothing was forgotten meanwhile */
  keeper(from: Asked): (question: Question, verdict: Verdict) => void {
    const asked = instant();
    const before = this.forgotten;
    return (question, verdict) => {
      const entry = { verdict, asked };
      if (!verdict.allowed || before !== this.forgotten || this.secondsLeft(entry) <= 0) return;
      const key = keyOf(from, question);
      this.kept.delete(key);
      this.kept.set(key, entry);
      const [oldest] = this.kept.keys();
      if (this.kept.size > this.max && oldest !== undefined) this.kept.delete(oldest);
    };
  }

  /**
   * Forgets what was allowed about one person – all of it, or for one purpose or attribute – such as when a status list
   * says that the grant is suspended. Answers under way are not kept.
   */
  forget(about: Partial<Question> & Pick<Question, 'subject'>): void {
    this.forgotten++;
    this.asking.clear();
    for (const key of this.kept.keys()) {
      const [, , subject, purpose, attribute] = JSON.parse(key);
      const isMeant =
        subject === about.subject &&
        (about.purpose ?? purpose) === purpose &&
        (about.attribute ?? attribute) === attribute;
      if (isMeant) this.kept.delete(key);
    }
  }

  private secondsLeft({ verdict, asked }: Kept): number {
    const now = instant();
    // The wall clock may be set back, and the other stands still while the machine sleeps.
    const age = Math.max(now.wall - asked.wall, now.steady - asked.steady) / 1000;
    return Math.min(verdict.validFor, this.maxAge) - age;
  }
}

/** Milliseconds. */
function instant(): Instant {
  return { wall: Date.now(), steady: performance.now() };
}

function keyOf({ vault, brand }: Asked, { subject, purpose, attribute }: Question): string {
  return JSON.stringify([vault, brand.did, subject, purpose, attribute]);
}
