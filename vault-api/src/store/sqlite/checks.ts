import type { CheckLeaf, Store, UseLimit } from '../port.ts';
import type { Database } from './database.ts';

type Checks = Pick<Store, 'recordCheck' | 'checks'>;

export function checkTables(db: Database): Checks {
  return {
    recordCheck: (leaf, limit) => db.write(() => record(db, leaf, limit)),
    checks: (grant, after, max) =>
      db.read(() =>
        db
          .all(
            `SELECT grant_n, at, purpose, attributes, decision FROM check_leaf
             WHERE grant_jti = ? AND grant_n > ? ORDER BY grant_n LIMIT ?`,
            grant,
            after,
            max,
          )
          .map((row) => ({
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
  { kind, brand, grant, purpose, attributes, at, decision, reason }: CheckLeaf,
  limit: UseLimit | undefined,
): 'recorded' | 'limit' | 'moved' {
  if (grant !== null) {
    const { jti, seq } = grant;
    if (!db.get('SELECT 1 FROM consent_grant WHERE jti = ? AND seq = ?', jti, seq)) return 'moved';
    if (limit !== undefined && !raise(db, jti, limit)) return 'limit';
  }
  const n =
    grant === null
      ? null
      : ((db.get(
          'SELECT coalesce(max(grant_n), 0) + 1 AS n FROM check_leaf WHERE grant_jti = ?',
          grant.jti,
        )?.n as number) ?? 1);
  db.run(
    `INSERT INTO check_leaf (kind, brand, grant_jti, grant_n, purpose, attributes, at, decision, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    kind,
    brand,
    grant?.jti ?? null,
    n,
    purpose,
    JSON.stringify(attributes),
    at,
    decision ? 1 : 0,
    reason,
  );
  return 'recorded';
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
