import type { Database } from './database.ts';

/**
 * Checks of one run. A run lies in one place, whomever its checks are of: noted one by one beside the older ones of
 * their grants, each would touch a page of its own. Larger, others would wait for it more than some milliseconds.
 */
const RUN = 2048;

/**
 * Inside `write`: of a run of checks it is noted which grant they are of.
 * @param least a shorter run than this is left until there are more
 * @returns whether more wait
 */
export function noteChecks(db: Database, least: number = RUN): boolean {
  const noted = db.get('SELECT id FROM check_noted')?.id as number;
  const run = db.get(
    `SELECT max(id) AS last, count(*) AS n FROM (
       SELECT id FROM check_leaf WHERE id > ? ORDER BY id LIMIT ${RUN})`,
    noted,
  ) as { last: number | null; n: number };
  if (run.last === null || run.n < least) return false;
  db.run('INSERT INTO check_run VALUES (?)', run.last);
  db.run(
    `INSERT INTO check_of_grant SELECT ?2, grant_id, id FROM check_leaf
     WHERE id > ?1 AND id <= ?2 AND grant_id IS NOT NULL ORDER BY grant_id, id`,
    noted,
    run.last,
  );
  db.run('UPDATE check_noted SET id = ?', run.last);
  return run.n === RUN;
}
