import type { Check, CheckLeaf, ReadCheck, SearchLeaf, Store, UseLimit } from '../port.ts';
import type { Database } from './database.ts';

type Checks = Pick<Store, 'recordCheck' | 'recordChecks' | 'recordSearch' | 'checks'>;

export function checkTables(db: Database): Checks {
  return {
    recordCheck: (leaf, limit) =>
      limit === undefined
        ? db.writeOne(() => record(db, leaf, limit))
        : db.write(() => record(db, leaf, limit)),
    recordChecks: (checks) => db.write(() => recordAll(db, checks)),
    recordSearch: (leaf) => db.write(() => recordSearch(db, leaf)),
    checks: (grant, after, max) => db.read(() => readChecks(db, grant, after, max)),
  };
}

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
       WHERE grant_id = ? ORDER BY id LIMIT ? OFFSET ?`,
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

function record(
  db: Database,
  leaf: CheckLeaf,
  limit: UseLimit | undefined,
): 'recorded' | 'limit' | 'moved' {
  const grant = unmoved(db, leaf);
  if (grant === 'moved') return 'moved';
  if (leaf.grant !== null && limit !== undefined && !raise(db, leaf.grant.jti, limit))
    return 'limit';
  append(db, { ...leaf, grant });
  return 'recorded';
}

/** Everything is decided before the first change; the transaction keeps others out in between. */
function recordAll(
  db: Database,
  checks: readonly Check[],
): 'recorded' | 'moved' | { limit: number[] } {
  const grants = checks.map(({ leaf }) => unmoved(db, leaf));
  if (grants.includes('moved')) return 'moved';
  const limit = beyondLimit(db, checks);
  if (limit.length > 0) return { limit };
  for (const [place, { leaf, limit }] of checks.entries()) {
    if (leaf.grant !== null && limit !== undefined) raise(db, leaf.grant.jti, limit);
    append(db, { ...leaf, grant: grants[place] as number | null });
  }
  return 'recorded';
}

/** The number of the grant that the check is about, unless it has changed since the decision. */
function unmoved(db: Database, { grant }: CheckLeaf): number | null | 'moved' {
  if (grant === null) return null;
  const { jti, seq } = grant;
  const row = db.get('SELECT id FROM consent_grant WHERE jti = ? AND seq = ?', jti, seq);
  return row === undefined ? 'moved' : (row.id as number);
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
  const living = grants.flatMap((jti) => {
    const row = db.get('SELECT id FROM consent_grant WHERE jti = ? AND pseudonym IS NOT NULL', jti);
    return row === undefined ? [] : [row.id as number];
  });
  for (const grant of living.length === 0 ? [null] : living) append(db, { ...leaf, grant });
}

type Row = Omit<CheckLeaf, 'kind' | 'grant'> & {
  readonly kind: ReadCheck['kind'];
  /** Its number. */
  readonly grant: number | null;
};

function append(
  db: Database,
  { kind, brand, grant, purpose, attributes, at, decision, reason }: Row,
): void {
  db.run(
    `INSERT INTO check_leaf (kind, brand, grant_id, purpose, attributes, at, decision, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    kind,
    brand,
    grant,
    purpose,
    JSON.stringify(attributes),
    at,
    decision ? 1 : 0,
    reason,
  );
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
