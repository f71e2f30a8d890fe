import type { AuthorizationDetails } from '@zusage/protocol/grant';
import * as z from 'zod';
import type { Context } from './context.ts';
import { MAX_GRANTS } from './decide.ts';
import { type GrantState, stateOf } from './grant-state.ts';
import { grantOfAudience } from './known-grant.ts';
import { type PageScope, pageToken, placeAsked } from './page-token.ts';
import { LISTED_AFTER } from './search-grants.ts';
import { statusUri } from './status-uri.ts';
import type { BrandRecord, GrantPosition, GrantRecord } from './store/port.ts';

/** Most grants of one page; without a limit, as many. */
const MAX_PAGE = 100;

/** Strict, so that a misspelt filter never means everybody. */
export const GrantQuery = z.strictObject({
  /** A pseudonym. */
  subject: z.string().min(1).max(128).optional(),
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/)
    .transform(Number)
    .pipe(z.int().max(MAX_PAGE))
    .optional(),
  /** `next_token` of the page before; everything else stays as it was. */
  token: z.string().max(2048).optional(),
});
export type GrantQuery = z.infer<typeof GrantQuery>;

/** What the audience sees of a grant: what it was given, and whether it counts. Never how or by what it ended. */
export type GrantView = {
  jti: string;
  /** The pseudonym; null once erased. */
  subject: string | null;
  state: GrantState;
  nbf: number;
  exp: number;
  registered_at: number;
  /** The caller has handed it back. */
  returned: boolean;
  grant_hash: string;
  status: { uri: string; idx: number };
  /** None once erased. */
  authorization_details: AuthorizationDetails[];
};

/**
 * GET /grants/{jti}: a status query, no use and no record.
 * @throws ApiError `grant/unknown`
 */
export async function showGrant(
  context: Context,
  brand: BrandRecord,
  jti: string,
): Promise<GrantView> {
  return viewOf(context, await grantOfAudience(context, brand, jti));
}

/**
 * GET /grants: the caller's grants that are not erased and at least a minute old, in any state.
 * @throws ApiError `http/malformed` for a page token of another brand or query
 */
export async function listGrants(
  context: Context,
  brand: BrandRecord,
  { subject, limit, token }: GrantQuery,
): Promise<{ page: { next_token: string; count: number }; grants: GrantView[] }> {
  const scope: PageScope = {
    key: context.keys.paging,
    brand: brand.did,
    query: ['grants', subject ?? null],
  };
  const place = placeAsked(scope, { token, limit }, MAX_PAGE);
  const [pseudonym = '', jti = ''] = place.after;
  const found = await read(context, brand, {
    subject,
    after: { pseudonym, jti },
    max: place.limit + 1,
  });
  const shown = found.slice(0, place.limit);
  const last = shown.at(-1);
  const next =
    found.length > shown.length && last !== undefined
      ? pageToken(scope, { after: [last.person?.pseudonym ?? '', last.jti], limit: place.limit })
      : '';
  return {
    page: { next_token: next, count: shown.length },
    grants: shown.map((grant) => viewOf(context, grant)),
  };
}

/** A frozen brand may have changed hands: it sees nothing. */
async function read(
  { store, clock }: Context,
  { did, frozenAt }: BrandRecord,
  { subject, after, max }: { subject: string | undefined; after: GrantPosition; max: number },
): Promise<GrantRecord[]> {
  if (frozenAt !== null) return [];
  const registeredBy = clock() - LISTED_AFTER;
  if (subject === undefined) return store.grantsOfAudience(did, { after, registeredBy, max });
  return (await store.grantsOf(did, subject, MAX_GRANTS))
    .filter(({ jti, registeredAt }) => jti > after.jti && registeredAt <= registeredBy)
    .sort((a, b) => (a.jti < b.jti ? -1 : 1))
    .slice(0, max);
}

function viewOf({ issuer, clock }: Context, grant: GrantRecord): GrantView {
  const { jti, nbf, exp, registeredAt, returned, hash, list, idx, person } = grant;
  return {
    jti,
    subject: person?.pseudonym ?? null,
    state: stateOf(grant, clock()),
    nbf,
    exp,
    registered_at: registeredAt,
    returned,
    grant_hash: hash,
    status: { uri: statusUri(issuer, list), idx },
    authorization_details: person === null ? [] : [person.details],
  };
}
