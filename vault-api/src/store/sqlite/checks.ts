import type { Check, CheckLeaf, ReadCheck, SearchLeaf, Store, UseLimit } from '../port.ts';
import type { Database } from './database.ts';

type Checks = Pick<Store, 'recordCheck' | 'recordChecks' | 'recordSearch' | 'checks'>;

export function checkTables(db: Database): Checks {
  return {
    recordCheck: (leaf, limit) => db.write(() => record(db, leaf, limit)),
    recordChecks: (checks) => db.write(() => recordAll(db, checks)),
    recordSearch: (leaf) => db.write(() => recordSearch(db, leaf)),
    checks: (grant, after, max) =>
      db.read(() =>
        db
          .all(
            `SELECT kind, grant_n, at, purpose, attributes, decision FROM check_leaf
             WHERE grant_jti = ? AND grant_n > ? ORDER BY grant_n LIMIT ?`,
            grant,
            after,
            max,
          )
          .map((row) => ({
            kind: row.kind as ReadCheck['kind'],
            n: row.grant_n as number,
            at: row.at as number,
            purpose: row.purpose as string,
            attributes: JSON.parse(row.attributes as string),
            decision: row.decision === 1,
          })),
      ),
  };
}

function record(
  db: Database,
  leaf: CheckLeaf,
  limit: UseLimit | undefined,
): 'recorded' | 'limit' | 'moved' {
  const { grant } = leaf;
  if (hasMoved(db, leaf)) return 'moved';
  if (grant !== null && limit !== undefined && !raise(db, grant.jti, limit)) return 'limit';
  append(db, { ...leaf, grant: grant?.jti ?? null });
  return 'recorded';
}

/** Everything is decided before the first change; the transaction keeps others out in between. */
function recordAll(
  db: Database,
  checks: readonly Check[],
): 'recorded' | 'moved' | { limit: number[] } {
  if (checks.some(({ leaf }) => hasMoved(db, leaf))) return 'moved';
  const limit = beyondLimit(db, checks);
  if (limit.length > 0) return { limit };
  for (const { leaf, limit } of checks) {
    if (leaf.grant !== null && limit !== undefined) raise(db, leaf.grant.jti, limit);
    append(db, { ...leaf, grant: leaf.grant?.jti ?? null });
  }
  return 'recorded';
}

function hasMoved(db: Database, { grant }: CheckLeaf): boolean {
  if (grant === null) return false;
  const { jti, seq } = grant;
  return db.get('SELECT 1 FROM consent_grant WHERE jti = ? AND seq = ?', jti, seq) === undefined;
}

/** Uses of one grant in one batch add up. */
function beyondLimit(db: Database, checks: readonly Check[]): number[] {
  const uses = new Map<string, number>();
  return [...checks.entries()].flatMap(
    ([
      place,
      {
        leaf: { grant },
        limit,
      },
    ]) => {
      if (grant === null || limit === undefined) return [];
      const counter = `${grant.jti} ${limit.window}`;
      const used = uses.get(counter) ?? usesOf(db, grant.jti, limit.window);
      if (used >= limit.uses) return [place];
      uses.set(counter, used + 1);
      return [];
    },
  );
}

function usesOf(db: Database, grant: string, window: number): number {
  const row = db.get(
    'SELECT uses FROM use_counter WHERE grant_jti = ? AND window = ?',
    grant,
    window,
  );
  return (row?.uses as number | undefined) ?? 0;
}

function recordSearch(
  db: Database,
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
  const living = grants.filter((jti) =>
    db.get('SELECT 1 FROM consent_grant WHERE jti = ? AND pseudonym IS NOT NULL', jti),
  );
  for (const grant of living.length === 0 ? [null] : living) append(db, { ...leaf, grant });
}

type Row = Omit<CheckLeaf, 'kind' | 'grant'> & {
  readonly kind: ReadCheck['kind'];
  readonly grant: string | null;
};

function append(
  db: Database,
  { kind, brand, grant, purpose, attributes, at, decision, reason }: Row,
): void {
  db.run(
    `INSERT INTO check_leaf (kind, brand, grant_jti, grant_n, purpose, attributes, at, decision, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    kind,
    brand,
    grant,
    grant === null ? null : nextNumber(db, grant),
    purpose,
    JSON.stringify(attributes),
    at,
    decision ? 1 : 0,
    reason,
  );
}

function nextNumber(db: Database, grant: string): number {
  const sql = `SELECT coalesce((SELECT max(grant_n) FROM check_leaf WHERE grant_jti = ?1),
    (SELECT grant_n FROM check_forgotten WHERE grant_jti = ?1), 0) + 1 AS n`;
  return db.get(sql, grant)?.n as number;
}

/** One conditional statement: two checks at the limit cannot both pass. */
function raise(db: Database, grant: string, { window, uses }: UseLimit): boolean {
  return (
    db.run(
      `INSERT INTO use_counter VALUES (?, ?, 1)
       ON CONFLICT (grant_jti, window) DO UPDATE SET uses = uses + 1 WHERE uses < ?`,
      grant,
      window,
      uses,
    ) === 1
  );
}
