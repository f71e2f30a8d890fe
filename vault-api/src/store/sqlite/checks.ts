import { areAlike, CHECK_OPENING_SIZE } from '../../log/access-batch.ts';
import type {
  CheckLeaf,
  Decided,
  GrantsAsked,
  ReadCheck,
  SearchLeaf,
  Standing,
  Store,
  UseLimit,
} from '../port.ts';
import { leafOfRow } from './access.ts';
import type { Database } from './database.ts';
import { type TermsCache, termsCache, termsOf } from './grant-terms.ts';
import type { Sequencer } from './sequencer.ts';
import { keepTold, toldBefore } from './told.ts';

type Checks = Pick<Store, 'check' | 'recordSearch' | 'checks'>;

/** @param log null for a command, which records nothing */
export function checkTables(
  db: Database,
  log: Pick<Sequencer, 'committed' | 'uncommit'> | null,
): Checks {
  const kept = termsCache(db);
  return {
    check: async (asked, decide) => {
      const outcome = await db.writeOne(() => check({ db, log, kept }, asked, decide));
      if ('refusal' in outcome) throw outcome.refusal;
      return outcome.answer;
    },
    recordSearch: (leaf) => db.write(() => undoing(log, () => recordSearch({ db, log }, leaf))),
    checks: (grant, after, max) => db.read(() => readChecks(db, grant, after, max)),
  };
}

/** The ids of all checks of a grant, ?1: those that are noted, run by run, and those among the few that are not yet. */
export const CHECKS_OF_GRANT = `
  SELECT check_id AS id FROM check_run CROSS JOIN check_of_grant ON run = check_run.last AND grant_id = ?1
  UNION ALL SELECT id FROM check_leaf WHERE id > (SELECT id FROM check_noted) AND grant_id = ?1`;

/** The n-th of a grant is n-th in the order of their ids, counted on from those that were forgotten. */
function readChecks(db: Database, grant: string, after: number, max: number): ReadCheck[] {
  const known = db.get(
    `SELECT id, coalesce(checks, 0) AS forgotten FROM consent_grant
     LEFT JOIN check_forgotten ON grant_id = id WHERE jti = ?`,
    grant,
  );
  if (known === undefined) return [];
  const forgotten = known.forgotten as number;
  const skipped = Math.max(0, after - forgotten);
  return db
    .all(
      `SELECT kind, at, purpose, attributes, decision FROM check_leaf
       WHERE id IN (${CHECKS_OF_GRANT}) ORDER BY id LIMIT ?2 OFFSET ?3`,
      known.id as number,
      max,
      skipped,
    )
    .map((row, place) => ({
      kind: row.kind as ReadCheck['kind'],
      n: forgotten + skipped + place + 1,
      at: row.at as number,
      purpose: row.purpose as string,
      attributes: JSON.parse(row.attributes as string),
      decision: row.decision === 1,
    }));
}

/** The transaction keeps others out between reading and recording. */
function check<T>(
  { db, log, kept }: Place & { readonly kept: TermsCache },
  asked: GrantsAsked,
  decide: (standing: Standing) => Decided<T>,
): { answer: T } | { refusal: unknown } {
  const grants = termsOf(db, kept, asked);
  const usesOf = (jti: string, window: number) => usesIn(db, jti, window);
  const told = asked.once === undefined ? null : toldBefore(db, asked.aud, asked.once);
  let decided: Decided<T>;
  try {
    decided = decide({ grants, usesOf, told });
  } catch (refusal) {
    return { refusal };
  }
  const numbers = new Map<string, number>();
  for (const found of grants.values()) for (const { jti, id } of found) numbers.set(jti, id);
  const keep = () => {
    const rows: NumberedLeaf[] = [];
    for (const { leaf, limit } of decided.checks) {
      if (leaf.grant !== null && limit !== undefined) countUse(db, leaf.grant, limit);
      rows.push({ leaf, grant: leaf.grant === null ? null : (numbers.get(leaf.grant) ?? null) });
    }
    append({ db, log }, rows);
    if (decided.told !== undefined) keepTold(db, decided.told);
  };
  const [first, ...more] = decided.checks;
  const isOne = more.length === 0 && first?.limit === undefined && decided.told === undefined;
  undoing(log, () => (isOne ? keep() : db.wholly(keep)));
  return { answer: decided.answer };
}

function usesIn(db: Database, grant: string, window: number): number {
  const row = db.get(
    'SELECT uses FROM use_counter WHERE grant_jti = ? AND window = ?',
    grant,
    window,
  );
  return (row?.uses as number | undefined) ?? 0;
}

function recordSearch(
  { db, log }: Place,
  { kind, brand, purpose, attribute, at, grants }: SearchLeaf,
): void {
  const attributes = attribute === null ? [] : [attribute];
  const leaf = {
    kind,
    brand,
    purpose: purpose ?? '',
    attributes,
    at,
    decision: true,
    reason: null,
  };
  const living = grants.flatMap((jti) => {
    const row = db.get('SELECT id FROM consent_grant WHERE jti = ? AND pseudonym IS NOT NULL', jti);
    return row === undefined ? [] : [{ jti, id: row.id as number }];
  });
  if (living.length === 0) append({ db, log }, [{ leaf: { ...leaf, grant: null }, grant: null }]);
  append(
    { db, log },
    living.map(({ jti, id }) => ({ leaf: { ...leaf, grant: jti }, grant: id })),
  );
}

/** Rows that are not kept are no leaves of their minute. */
function undoing(log: Place['log'], work: () => void): void {
  try {
    work();
  } catch (error) {
    log?.uncommit();
    throw error;
  }
}

/** Where it is recorded, and what commits to it. */
type Place = {
  readonly db: Database;
  readonly log: Pick<Sequencer, 'committed' | 'uncommit'> | null;
};

/** Beyond every id that was ever given out. */
const NEXT_ID = `SELECT 1 + max(id, (SELECT coalesce(max(id), 0) FROM check_leaf)) AS id
  FROM check_noted`;

const COLUMNS =
  'id, kind, brand, purpose, attributes, at, decision, reason, interval, opening, grant_id';
const INSERT_ONE = `INSERT INTO check_leaf (${COLUMNS})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
/** Checks one after the other that differ in grant and opening alone: a statement for each takes twice as long. */
const INSERT_ALIKE = `INSERT INTO check_leaf (${COLUMNS})
  SELECT ?1 + key, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
    substr(?10, 1 + ${CHECK_OPENING_SIZE} * key, ${CHECK_OPENING_SIZE}), value FROM json_each(?11)`;

type Leaf = Omit<CheckLeaf, 'kind'> & { readonly kind: ReadCheck['kind'] };
/** With the number of the grant it is about. */
type NumberedLeaf = { readonly leaf: Leaf; readonly grant: number | null };

function append({ db, log }: Place, rows: readonly NumberedLeaf[]): void {
  if (rows.length === 0) return;
  const committed = log?.committed(rows.map(({ leaf }) => leaf));
  const id = committed?.id ?? (db.get(NEXT_ID)?.id as number);
  let to = 0;
  for (let from = 0; from < rows.length; from = to) {
    const { leaf, grant } = rows[from] as NumberedLeaf;
    to = from + 1;
    while (to < rows.length && areOfOneRun(leaf, (rows[to] as NumberedLeaf).leaf)) to++;
    const isOne = to === from + 1;
    db.run(
      isOne ? INSERT_ONE : INSERT_ALIKE,
      id + from,
      leaf.kind,
      leaf.brand,
      leaf.purpose,
      JSON.stringify(leaf.attributes),
      leaf.at,
      leaf.decision ? 1 : 0,
      leaf.reason,
      committed?.interval ?? null,
      committed?.openings.subarray(from * CHECK_OPENING_SIZE, to * CHECK_OPENING_SIZE) ?? null,
      isOne ? grant : JSON.stringify(rows.slice(from, to).map((row) => row.grant)),
    );
  }
}

function areOfOneRun(one: Leaf, other: Leaf): boolean {
  return one.reason === other.reason && areAlike(one, other);
}

/** What leads to a grant's checks, and what they said, goes; in the trees of their minutes they keep their places. */
export function eraseChecks(db: Database, grant: number): void {
  // Those that were recorded before there was a log are leaves of no tree.
  db.run(`DELETE FROM check_leaf WHERE opening IS NULL AND id IN (${CHECKS_OF_GRANT})`, grant);
  const rows = db.all(
    `SELECT check_leaf.*, jti FROM check_leaf JOIN consent_grant ON consent_grant.id = grant_id
     WHERE check_leaf.id IN (${CHECKS_OF_GRANT})`,
    grant,
  );
  for (const row of rows) {
    db.run(
      `UPDATE check_leaf SET kind = 'erased', grant_id = NULL, purpose = '', attributes = '[]', decision = 0,
         at = interval * 60, reason = NULL, opening = NULL, leaf = ? WHERE id = ?`,
      leafOfRow(row),
      row.id as number,
    );
  }
  db.run(
    'DELETE FROM check_of_grant WHERE grant_id = ? AND run IN (SELECT last FROM check_run)',
    grant,
  );
  db.run('DELETE FROM check_forgotten WHERE grant_id = ?', grant);
}

/** The decision has seen that there is one left; should it not have, nothing of the call is kept. */
function countUse(db: Database, grant: string, { window, uses }: UseLimit): void {
  const counted = db.run(
    `INSERT INTO use_counter VALUES (?, ?, 1)
     ON CONFLICT (grant_jti, window) DO UPDATE SET uses = uses + 1 WHERE uses < ?`,
    grant,
    window,
    uses,
  );
  if (counted !== 1) throw new Error('A use beyond its limit was decided.');
}
