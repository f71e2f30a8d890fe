import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { ApiError } from './errors.ts';

/** What a page token is good for: one brand's one query, on this vault. */
export type PageScope = {
  /** HMAC-SHA-256 key. */
  readonly key: Uint8Array;
  readonly brand: string;
  /** The whole query but its token and limit, as JSON. */
  readonly query: unknown;
};

/** Where the next page starts, and how long pages are. */
const Place = z.strictObject({ after: z.array(z.string()), limit: z.int().nonnegative() });
export type Place = z.infer<typeof Place>;

/**
 * An opaque, authenticated place in a list: base64url of the place, a dot, base64url HMAC-SHA-256 over brand, query and
 * place. It holds nothing but what its brand was just shown.
 */
export function pageToken(scope: PageScope, place: Place): string {
  const payload = Buffer.from(JSON.stringify(place)).toString('base64url');
  return `${payload}.${macOf(scope, payload).toString('base64url')}`;
}

/**
 * Where the page that is asked for starts. Nothing may change between pages (AuthZEN §8.2.1); the limit may be left out,
 * as in that standard's own example.
 * @param max entries of a page for which no limit is given
 * @throws ApiError `http/malformed` for a token of another brand, query or vault, or none of ours, and for another limit
 */
export function placeAsked(
  scope: PageScope,
  { token, limit }: { readonly token: string | undefined; readonly limit: number | undefined },
  max: number,
): Place {
  if (token === undefined) return { after: [], limit: limit ?? max };
  const place = placeOf(scope, token);
  if (limit !== undefined && limit !== place.limit) {
    throw new ApiError('http/malformed', { detail: 'The limit is not that of the first page.' });
  }
  return place;
}

function placeOf(scope: PageScope, token: string): Place {
  const [payload, mac, ...rest] = token.split('.');
  if (payload === undefined || mac === undefined || rest.length > 0) malformed();
  const expected = macOf(scope, payload);
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) malformed();
  return Place.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
}

function macOf({ key, brand, query }: PageScope, payload: string): Buffer {
  const text = JSON.stringify(['zusage/page/v1', brand, sorted(query), payload]);
  return createHmac('sha256', key).update(text).digest();
}

/** The same query with its members in another order is the same query. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return members.sort(([a], [b]) => (a < b ? -1 : 1));
}

function malformed(): never {
  throw new ApiError('http/malformed', { detail: 'The token is not one of this very query.' });
}
