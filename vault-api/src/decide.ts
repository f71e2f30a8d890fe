import { daysOf, SECONDS_PER_DAY } from '@zusage/protocol/duration';
import { purposeCovers } from '@zusage/protocol/vocabulary/dpv';
import type { Context } from './context.ts';
import { type GrantState, stateOf } from './grant-state.ts';
import type {
  BrandRecord,
  Check,
  CheckLeaf,
  GrantsAsked,
  GrantTerms,
  Standing,
  Told,
  UseLimit,
} from './store/port.ts';

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

export type Decision =
  | {
      readonly decision: true;
      readonly grant: GrantTerms;
      /** Seconds for which the answer may be kept. */
      readonly validFor: number;
    }
  /** `reason` is null for whoever is not the audience of a grant of this subject. */
  | { readonly decision: false; readonly reason: Reason | null };

export type Asked = {
  readonly kind: CheckLeaf['kind'];
  readonly brand: BrandRecord;
  /** Which of the caller's own grants are asked about. */
  readonly grants: Pick<GrantsAsked, 'by' | 'keys'>;
  readonly purpose: string;
  /** Together one use. */
  readonly attributes: readonly string[];
  /** Set when the caller may repeat itself. */
  readonly once?: Once | undefined;
};

/** A question with the grants it is decided on. */
export type Item = {
  readonly asked: Pick<Asked, 'brand' | 'purpose' | 'attributes'>;
  readonly grants: readonly GrantTerms[];
};

/** How a repeated request is recognised and answered (idempotency.ts). */
export type Once = {
  /** Hash of the caller's key. */
  readonly key: string;
  /** The answers to these items that were given before; null when none were. @throws ApiError `idempotency/*` */
  readonly earlier: (
    told: Told | null,
    now: number,
    items: readonly (Item | null)[],
  ) => (Decision | null)[] | null;
  readonly told: (at: number, answers: readonly (Decision | null)[]) => Told;
};

/** Grants of one person that are looked at, the latest: more than anybody agrees to, and a bound on the cost. */
export const MAX_GRANTS = 100;

/** Longest time an answer may be kept, seconds: what "stops within 5 minutes" rests on. */
const MAX_VALID_FOR = 300;

/**
 * One question, decided and recorded, and a use counted, before it is answered.
 * @throws StoreError when it could not be recorded: then nothing is allowed; ApiError `idempotency/*`
 */
export async function decide({ store, clock }: Context, asked: Asked): Promise<Decision> {
  const { brand, grants: own, once } = asked;
  const query = { aud: brand.did, ...own, max: MAX_GRANTS, once: once?.key };
  return store.check(query, ({ grants, usesOf, told }) => {
    const now = clock();
    const found = own.keys.flatMap((key) => grants.get(key) ?? []);
    const [earlier] = once?.earlier(told, now, [{ asked, grants: found }]) ?? [];
    if (earlier) return { answer: earlier, checks: [] };
    const answer = decisionOf(found, asked, { now, usesOf });
    const checks = [checkOf(asked, found, { answer, now })];
    return { answer, checks, told: once?.told(now, [answer]) };
  });
}

/** The one decision: all conditions hold for the same grant; among several, the latest. */
export function decisionOf(
  grants: readonly GrantTerms[],
  asked: Pick<Asked, 'brand' | 'purpose' | 'attributes'>,
  { now, usesOf }: { now: number } & Pick<Standing, 'usesOf'>,
): Decision {
  let reason: Reason | null = null;
  for (const [place, grant] of grants.entries()) {
    const refusal = refusalOf(grant, asked, now) ?? beyondLimit(grant, { now, usesOf });
    if (refusal === null) return { decision: true, grant, validFor: validFor(grant, now) };
    if (place === 0) reason = refusal;
  }
  return { decision: false, reason };
}

function beyondLimit(
  grant: GrantTerms,
  { now, usesOf }: { now: number } & Pick<Standing, 'usesOf'>,
): Reason | null {
  const limit = limitOf(grant, now);
  if (limit === undefined || usesOf(grant.jti, limit.window) < limit.uses) return null;
  return 'frequency';
}

/** What is recorded: with the grant that allows it, or else the latest. */
export function checkOf(
  { kind, brand, purpose, attributes }: Omit<Asked, 'grants' | 'once'>,
  grants: readonly GrantTerms[],
  { answer, now }: { answer: Decision; now: number },
): Check {
  const grant = answer.decision ? answer.grant : (grants[0] ?? null);
  return {
    leaf: {
      kind,
      brand: brand.did,
      purpose,
      attributes,
      at: now,
      decision: answer.decision,
      reason: answer.decision ? null : answer.reason,
      grant: grant?.jti ?? null,
    },
    limit: answer.decision ? limitOf(answer.grant, now) : undefined,
  };
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
