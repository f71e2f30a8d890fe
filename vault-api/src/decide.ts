import { daysOf, SECONDS_PER_DAY } from '@zusage/protocol/duration';
import { purposeCovers } from '@zusage/protocol/vocabulary/dpv';
import { type Context, untilSettled } from './context.ts';
import { type GrantState, stateOf } from './grant-state.ts';
import type { BrandRecord, CheckLeaf, GrantTerms, UseLimit } from './store/port.ts';

/** Why not, told to the audience only, in this order (SPEC §12). */
export type Reason =
  | 'brand-frozen'
  | 'withdrawn'
  | 'suspended'
  | 'not-yet'
  | 'expired'
  | 'purpose'
  | 'attribute'
  | 'frequency';

export type Decision<G extends GrantTerms = GrantTerms> =
  | {
      readonly decision: true;
      readonly grant: G;
      /** Seconds for which the answer may be kept. */
      readonly validFor: number;
    }
  /** `reason` is null for whoever is not the audience of a grant of this subject. */
  | { readonly decision: false; readonly reason: Reason | null };

export type Asked<G extends GrantTerms = GrantTerms> = {
  readonly kind: CheckLeaf['kind'];
  readonly brand: BrandRecord;
  /** The caller's own grants that are asked about, the latest first. */
  readonly grants: () => Promise<readonly G[]>;
  readonly purpose: string;
  /** Together one use. */
  readonly attributes: readonly string[];
};

/** Grants of one person that are looked at, the latest: more than anybody agrees to, and a bound on the cost. */
export const MAX_GRANTS = 100;

/** Longest time an answer may be kept, seconds: what "stops within 5 minutes" rests on. */
const MAX_VALID_FOR = 300;

/**
 * The one decision: all conditions hold for the same grant; among several, the latest. It is recorded, and a use
 * counted, before it is returned, and only if the grant is still as it was when the decision was made.
 * @throws StoreError when it could not be recorded: then nothing is allowed
 */
export async function decide<G extends GrantTerms>(
  { store, clock }: Context,
  asked: Asked<G>,
): Promise<Decision<G>> {
  return untilSettled<Decision<G>>(async () => {
    const now = clock();
    const grants = await asked.grants();
    let reason: Reason | null = null;
    for (const [place, grant] of grants.entries()) {
      let refusal = refusalOf(grant, asked, now);
      if (refusal === null) {
        const leaf = leafOf(asked, grant, now, { decision: true, reason: null });
        const outcome = await store.recordCheck(leaf, limitOf(grant, now));
        if (outcome === 'moved') return 'moved';
        if (outcome === 'recorded') {
          return { decision: true, grant, validFor: validFor(grant, now) };
        }
        refusal = 'frequency';
      }
      if (place === 0) reason = refusal;
    }
    const leaf = leafOf(asked, grants[0] ?? null, now, { decision: false, reason });
    if ((await store.recordCheck(leaf)) === 'moved') return 'moved';
    return { decision: false, reason };
  });
}

const STATE_REASONS: Record<GrantState, Reason | null> = {
  ended: 'withdrawn',
  suspended: 'suspended',
  'not-yet': 'not-yet',
  expired: 'expired',
  active: null,
};

/** Every condition but the use limit, in the order of SPEC §12. */
export function refusalOf(
  grant: GrantTerms,
  { brand, purpose, attributes }: Pick<Asked, 'brand' | 'purpose' | 'attributes'>,
  now: number,
): Reason | null {
  if (brand.frozenAt !== null) return 'brand-frozen';
  const byState = STATE_REASONS[stateOf(grant, now)];
  if (byState !== null) return byState;
  // Erased grants have ended, so this one has its details.
  const granted = grant.person?.details;
  if (!granted?.purpose.some((wider) => purposeCovers(wider, purpose))) return 'purpose';
  if (!attributes.every((attribute) => granted.datatypes.includes(attribute))) return 'attribute';
  return null;
}

/** The use limit in force now. Windows of `per` are counted from `nbf`. */
export function limitOf({ nbf, person }: GrantTerms, now: number): UseLimit | undefined {
  const frequency = person?.details.frequency;
  if (frequency === undefined) return undefined;
  const length = daysOf(frequency.per) * SECONDS_PER_DAY;
  return { window: Math.floor((now - nbf) / length), uses: frequency.uses };
}

/** Seconds for which an answer of this grant may be kept. */
export function validFor({ exp, person }: GrantTerms, now: number): number {
  if (person?.details.frequency !== undefined) return 0;
  return Math.max(0, Math.min(MAX_VALID_FOR, exp - now));
}

function leafOf(
  { kind, brand, purpose, attributes }: Omit<Asked, 'grants'>,
  grant: GrantTerms | null,
  at: number,
  outcome: Pick<CheckLeaf, 'decision' | 'reason'>,
): CheckLeaf {
  const about = grant === null ? null : { jti: grant.jti, seq: grant.seq };
  return { kind, brand: brand.did, purpose, attributes, at, grant: about, ...outcome };
}
