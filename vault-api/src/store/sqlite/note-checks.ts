import type { Database } from './database.ts';

/** Checks noted in one transaction, so that others wait for it some milliseconds. */
const MAX_AT_ONCE = 512;

/** Inside `write`: of some checks it is noted which grant they are of. @returns whether more wait */
export function noteChecks(db: Database): boolean {
  const noted = db.get('SELECT id FROM check_noted')?.id as number;
  const some = db.get(
    `SELECT max(id) AS last, count(*) AS n FROM (
       SELECT id FROM check_leaf WHERE id > ? ORDER BY id LIMIT ${MAX_AT_ONCE})`,
    noted,
  );
  if (some?.n === 0) return false;
  const last = some?.last as number;
  db.run(
    `INSERT INTO check_of_grant SELECT grant_id, id FROM check_leaf
     WHERE id > ? AND id <= ? AND grant_id IS NOT NULL ORDER BY grant_id, id`,
    noted,
    last,
  );
  db.run('UPDATE check_noted SET id = ?', last);
  return some?.n === MAX_AT_ONCE;
}
