import {
  type ActionSearch,
  foreignIn,
  MAX_PAGE,
  type Question,
  RESOURCE_TYPE,
  type ResourceSearch,
  SUBJECT_TYPE,
  type SubjectSearch,
} from './authzen.ts';
import type { Context } from './context.ts';
import type { Decision } from './decide.ts';
import { debugOf } from './explain-denial.ts';
import { type PageScope, pageToken, placeAsked } from './page-token.ts';
import { type Search, searchGrants } from './search-grants.ts';
import type { BrandRecord, SearchKind } from './store/port.ts';

/** §7.2.1: an item that was no evaluation. The status is the one it would have had by itself. */
export const FAILED = {
  decision: false,
  context: { error: { status: 400, message: 'http/malformed' } },
} as const;

/** §5.5. A bare denial has no context, except where `debugOf` may say more. */
export function answerOf(
  context: Context,
  asked: { readonly brand: BrandRecord; readonly question: Question },
  verdict: Decision,
): object {
  if (verdict.decision) {
    return { decision: true, context: { grant: verdict.grant.jti, valid_for: verdict.validFor } };
  }
  if (verdict.reason !== null) return { decision: false, context: { reason: verdict.reason } };
  const debug = debugOf(context, asked);
  return debug === null ? { decision: false } : { decision: false, context: { debug } };
}

type Body = SubjectSearch | ResourceSearch | ActionSearch;
type AskedSearch = { readonly search: Search; readonly body: Body };

/** What is searched for has no id that counts (§8.4–8.6); everything else is as in an evaluation. */
export function searchOf(brand: BrandRecord, kind: SearchKind, body: Body): AskedSearch {
  const idOf = (entity: object) => ('id' in entity ? (entity.id as string) : null);
  const subject = kind === 'subject' ? null : idOf(body.subject);
  const purpose = 'action' in body ? body.action.name : null;
  const attribute = kind === 'resource' ? null : idOf(body.resource);
  const isForeign =
    foreignIn({
      subjectType: body.subject.type,
      resourceType: body.resource.type,
      purpose,
      attribute,
    }) !== null;
  return { search: { kind, brand, subject, purpose, attribute, isForeign }, body };
}

/**
 * §8.3, with `page` always there.
 * @throws ApiError `http/malformed` for a page token of another brand or query, or with another limit
 */
export async function resultsOf(
  context: Context,
  { search, body: { page, ...query } }: AskedSearch,
): Promise<object> {
  const { kind, brand } = search;
  const properties = page?.properties ?? null;
  const scope: PageScope = {
    key: context.keys.paging,
    brand: brand.did,
    query: ['search', kind, query, properties],
  };
  const limit = page?.limit === undefined ? undefined : Math.min(page.limit, MAX_PAGE);
  const place = placeAsked(scope, { token: page?.token, limit }, MAX_PAGE);
  const { ids, next } = await searchGrants(context, search, place);
  const token = next === null ? '' : pageToken(scope, { after: [...next], limit: place.limit });
  return {
    page: { next_token: token, count: ids.length },
    results: ids.map((id) => entityOf(kind, id)),
  };
}

function entityOf(kind: SearchKind, id: string): object {
  if (kind === 'action') return { name: id };
  return { type: kind === 'subject' ? SUBJECT_TYPE : RESOURCE_TYPE, id };
}
