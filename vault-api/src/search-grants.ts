import { purposeCovers, purposeIris } from '@zusage/protocol/vocabulary/dpv';
import type { Context } from './context.ts';
import { MAX_GRANTS } from './decide.ts';
import { stateOf } from './grant-state.ts';
import type { BrandRecord, GrantPosition, GrantRecord, SearchKind } from './store/port.ts';

/**
 * Seconds before a grant comes up in a list. A grant that could not be delivered is withdrawn within this time
 * (SPEC §7), and no list shall tell a brand of it.
 */
export const LISTED_AFTER = 60;

/** Grants read at a time, and in all for one page: a page may end early, with a token for the rest. */
const CHUNK = 500;
const MAX_READ = 10_000;

/** Sorts after every `jti`. */
const LAST = '~';

export type Search = {
  readonly kind: SearchKind;
  readonly brand: BrandRecord;
  /** null where it is what is searched for. */
  readonly subject: string | null;
  readonly purpose: string | null;
  readonly attribute: string | null;
  /** Nothing can fit, whoever asks. */
  readonly isForeign: boolean;
};

/** A place in the list as the strings of a page token. */
export type PageOf = { readonly after: readonly string[]; readonly limit: number };
type Found = { readonly id: string; readonly grants: readonly string[] };
type Page = { readonly found: readonly Found[]; readonly next: readonly string[] | null };

/**
 * People, attributes or purposes for which the brand holds a grant that is active now: candidates, not permission, so
 * use limits are not looked at. Recorded, for each grant that put something on the page, before it is answered.
 * @returns the ids in their order, and where the next page starts
 * @throws StoreError when it could not be recorded
 */
export async function searchGrants(
  context: Context,
  search: Search,
  page: PageOf,
): Promise<{ ids: string[]; next: readonly string[] | null }> {
  const { brand, kind, purpose, attribute, isForeign } = search;
  const at = context.clock();
  const isClosed = isForeign || brand.frozenAt !== null;
  const { found, next } = isClosed
    ? { found: [], next: null }
    : await (kind === 'subject' ? subjects : ofSubject)(context, search, { page, now: at });
  const grants = [...new Set(found.flatMap((one) => one.grants))];
  await context.store.recordSearch({ kind, brand: brand.did, purpose, attribute, at, grants });
  return { ids: found.map(({ id }) => id), next };
}

type When = { readonly page: PageOf; readonly now: number };

/** By pseudonym, each once on a page. */
async function subjects({ store }: Context, search: Search, { page, now }: When): Promise<Page> {
  const [pseudonym = '', jti = ''] = page.after;
  let after: GrantPosition = { pseudonym, jti };
  const found: Found[] = [];
  for (let read = 0; read < MAX_READ; read += CHUNK) {
    const registeredBy = now - LISTED_AFTER;
    const range = { after, registeredBy, max: CHUNK };
    const grants = await store.grantsOfAudience(search.brand.did, range);
    for (const grant of grants) {
      const id = grant.person?.pseudonym as string;
      const last = found.at(-1)?.id;
      after = { pseudonym: id, jti: id === last ? LAST : grant.jti };
      if (id === last || !fits(grant, search, now)) continue;
      if (found.length === page.limit) {
        return { found, next: last === undefined ? page.after : [last, LAST] };
      }
      found.push({ id, grants: [grant.jti] });
      after = { pseudonym: id, jti: LAST };
    }
    if (grants.length < CHUNK) return { found, next: null };
  }
  return { found, next: [after.pseudonym, after.jti] };
}

/** The attributes or the purposes of one person's grants, by name. */
async function ofSubject({ store }: Context, search: Search, { page, now }: When): Promise<Page> {
  const grants = (
    await store.grantsOf(search.brand.did, search.subject as string, MAX_GRANTS)
  ).filter((grant) => grant.registeredAt <= now - LISTED_AFTER && fits(grant, search, now));
  const listed = new Map<string, string[]>();
  for (const grant of grants) {
    for (const id of search.kind === 'resource' ? attributesOf(grant) : purposesOf(grant)) {
      listed.set(id, [...(listed.get(id) ?? []), grant.jti]);
    }
  }
  const [after = ''] = page.after;
  const rest = [...listed.keys()].filter((id) => id > after).sort();
  const ids = rest.slice(0, page.limit);
  return {
    found: ids.map((id) => ({ id, grants: listed.get(id) ?? [] })),
    next: ids.length < rest.length ? [ids.at(-1) ?? after] : null,
  };
}

function fits(grant: GrantRecord, { purpose, attribute }: Search, now: number): boolean {
  if (stateOf(grant, now) !== 'active') return false;
  const granted = grant.person?.details;
  const isPurpose =
    purpose === null || granted?.purpose.some((wider) => purposeCovers(wider, purpose)) === true;
  return isPurpose && (attribute === null || granted?.datatypes.includes(attribute) === true);
}

function attributesOf({ person }: GrantRecord): readonly string[] {
  return person?.details.datatypes ?? [];
}

/** What was granted, and everything below it: a check for any of these would be allowed. */
function purposesOf({ person }: GrantRecord): readonly string[] {
  const granted = person?.details.purpose ?? [];
  return purposeIris().filter((asked) => granted.some((wider) => purposeCovers(wider, asked)));
}
