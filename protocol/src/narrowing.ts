import { daysOf, SECONDS_PER_DAY } from './duration.ts';
import { type PolicyCode, PolicyError } from './errors.ts';
import type { Grant } from './grant.ts';
import { MAX_PERIOD_DAYS, type ParsedRequest } from './request.ts';
import { categoriesOf } from './vocabulary/category.ts';

/**
 * SPEC §4, "Narrower": a grant may be narrower than what was asked, never wider. The one function for it, called
 * by the extension before it signs, by the API when it registers, and by the brand when it verifies.
 *
 * @param origin the origin of use; absent where the API registers, which cannot know it
 * @throws PolicyError `narrow/*`, the first line that does not hold
 */
export function assertNarrower(
  grant: Grant,
  request: ParsedRequest,
  { origin }: { origin?: string } = {},
): void {
  const { claims, details } = grant;
  const { terms } = request;
  const { datatypes } = details;

  require('narrow/request-hash', claims.request_hash === request.requestHash);
  require('narrow/terms-hash', claims.terms_hash === request.termsHash);
  require('narrow/datatypes', isSubset(datatypes, request.attributes));
  require('narrow/mandatory', isSubset(request.mandatory, datatypes));
  require('narrow/choice', request.choices.some((choice) => isSameSet(choice, datatypes)));
  require('narrow/purpose', isSubset(details.purpose, terms.purpose));
  require('narrow/legal-basis', details.legal_basis === terms.legal_basis);
  require('narrow/notice', details.notice.uri === terms.notice.uri &&
    details.notice['hash#sha-256'] === terms.notice['hash#sha-256']);
  require('narrow/actions', isSameSet(details.actions, ['read']));
  require('narrow/recipients', isSubset(details.recipients, terms.recipients));
  require('narrow/locations', isSubset(details.locations, request.payload.expected_origins));
  require('narrow/origin', origin === undefined || details.locations.includes(origin));
  require('narrow/from', claims.nbf >= terms.period.from);
  require('narrow/until', claims.exp <= terms.period.until);
  require('narrow/period', claims.exp - claims.nbf <= MAX_PERIOD_DAYS * SECONDS_PER_DAY);
  require('narrow/retention', daysOf(details.retention) <= daysOf(terms.retention));
  require('narrow/frequency', isFrequencyWithin(details.frequency, terms.frequency));
  const categories = categoriesOf(datatypes);
  require('narrow/personal-data', categories !== null &&
    isSameSet(details.personal_data, categories));
}

function require(code: PolicyCode, holds: boolean): void {
  if (!holds) throw new PolicyError(code);
}

function isSubset(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((item) => whole.includes(item));
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && isSubset(left, right) && isSubset(right, left);
}

type Limit = Grant['details']['frequency'];

/** A limit may be added or lowered; once the terms state one it may not be dropped, nor its window changed. */
function isFrequencyWithin(granted: Limit, asked: Limit): boolean {
  if (asked === undefined) return true;
  return granted !== undefined && granted.per === asked.per && granted.uses <= asked.uses;
}
