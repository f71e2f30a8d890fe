import type { AuthorizationDetails } from '@zusage/protocol/grant';
import type { GrantsAsked, GrantTerms } from '../port.ts';
import type { Cache, Database, Row } from './database.ts';
import { keepParsed } from './parsed.ts';
import { conditionOf } from './slots.ts';

/** With the store's own number of the grant. */
export type KnownTerms = GrantTerms & { readonly id: number };

const TERMS =
  'id, jti, nbf, exp, seq, paused, ended_by, ended_at, undo_until, returned, pseudonym, details';
// The limit is written out: as a parameter it makes SQLite plan the statement anew each time, three times as long.
const ofOne = (max: number) => `SELECT ${TERMS} FROM consent_grant
  WHERE aud = ? AND pseudonym = ? ORDER BY registered_at DESC, id DESC LIMIT ${max}`;
const ofMany = (max: number) => `SELECT ${TERMS.replace('id,', 'consent_grant.id,')}
  FROM json_each(?2) AS asked CROSS JOIN consent_grant ON consent_grant.id IN (
    SELECT id FROM consent_grant WHERE aud = ?1 AND pseudonym = asked.value
    ORDER BY registered_at DESC, id DESC LIMIT ${max})
  ORDER BY asked.key, registered_at DESC, consent_grant.id DESC`;
const OF_JTI = `SELECT ${TERMS} FROM consent_grant WHERE aud = ? AND jti = ?
  AND pseudonym IS NOT NULL`;

/** People whose grants are kept parsed: a person who is at a shop is asked about again and again. */
const MAX_KEPT = 10_000;

/** What is kept of one audience, by person: with both in one key, that would be hashed anew for each question. */
type OfAudience = Map<string, KnownTerms[]>;
type Kept = { people: number; readonly of: Map<string, OfAudience> };
export type TermsCache = Cache<Kept>;

const ALL = 'all';
export const termsCache = (db: Database): TermsCache => db.cache('consent_grant', 1);

function keptOf(cache: TermsCache, audience: string): { kept: Kept; own: OfAudience } {
  let kept = cache.get(ALL);
  if (kept === undefined || kept.people >= MAX_KEPT) {
    kept = { people: 0, of: new Map() };
    cache.set(ALL, kept);
  }
  const own = kept.of.get(audience) ?? new Map();
  kept.of.set(audience, own);
  return { kept, own };
}

/** What a decision looks at and nothing else, in one statement for as many people as are asked about. */
export function termsOf(
  db: Database,
  cache: TermsCache,
  { aud, by, keys, max }: GrantsAsked,
): Map<string, KnownTerms[]> {
  const terms = new Map<string, KnownTerms[]>();
  const add = (key: string, row: Row) => {
    const known = terms.get(key);
    if (known === undefined) terms.set(key, [termsOfRow(row)]);
    else known.push(termsOfRow(row));
  };
  if (by === 'jti') {
    for (const jti of keys) for (const row of db.all(OF_JTI, aud, jti)) add(jti, row);
    return terms;
  }
  const { kept, own } = keptOf(cache, `${max} ${aud}`);
  const unknown = keys.filter((key) => {
    const known = own.get(key);
    if (known !== undefined) terms.set(key, known);
    return known === undefined;
  });
  const [first, ...more] = unknown;
  if (first === undefined) return terms;
  const rows =
    more.length === 0
      ? db.all(ofOne(max), aud, first)
      : db.all(ofMany(max), aud, JSON.stringify(unknown));
  for (const row of rows) add(row.pseudonym as string, row);
  // By the row's own text: the caller's may be a part of a whole request, which would be kept with it.
  for (const { pseudonym } of rows) {
    const key = pseudonym as string;
    if (own.has(key)) continue;
    own.set(key, terms.get(key) as KnownTerms[]);
    kept.people++;
  }
  return terms;
}

function termsOfRow(row: Row): KnownTerms {
  return {
    id: row.id as number,
    jti: row.jti as string,
    nbf: row.nbf as number,
    exp: row.exp as number,
    seq: row.seq as number,
    ...conditionOf(row),
    person: { details: detailsOf(row.details as string) },
  };
}

/** People who accept the same offer have the same details. */
export const detailsOf = keepParsed<AuthorizationDetails>(1000);
