import { SECONDS_PER_DAY } from '@zusage/protocol/duration';
import type { Database } from './database.ts';
import { noteChecks } from './note-checks.ts';

/** Days after its end in which a grant's issuer-signed JWT is kept; then its hash stands for it. */
const JWT_DAYS = 30;

export function sweep(db: Database, now: number): void {
  db.run('DELETE FROM single_use WHERE until <= ?', now);
  db.run('DELETE FROM token WHERE expires <= ?', now);
  db.run('DELETE FROM answered_request WHERE until <= ?', now);
  db.run('DELETE FROM told WHERE at <= ?', now - SECONDS_PER_DAY);
  db.run(
    `UPDATE slot SET client_id = NULL, nonce = NULL, request_hash = NULL, pseudonym = NULL
     WHERE client_id IS NOT NULL AND expires <= ?`,
    now,
  );
  const isOld = 'has_jwt = 1 AND coalesce(ended_at, exp) <= ?';
  const since = now - JWT_DAYS * SECONDS_PER_DAY;
  const old = `SELECT id FROM consent_grant WHERE ${isOld}`;
  if (db.run(`DELETE FROM grant_jwt WHERE grant_id IN (${old})`, since) === 0) return;
  db.run(`UPDATE consent_grant SET has_jwt = 0 WHERE ${isOld}`, since);
}

/** Checks looked at in one transaction, so that others get in between. */
const CHECKS_AT_ONCE = 5_000;

/** Checks have their ids in the order in which they came, so the old ones are the first. */
export async function sweepChecks(db: Database, until: number): Promise<void> {
  while (await db.write(() => noteChecks(db, 1))) {
    // Only what is noted can be forgotten: no id is given out again up to there.
  }
  for (let deleted = CHECKS_AT_ONCE; deleted === CHECKS_AT_ONCE; ) {
    deleted = await db.write(() => forgetChecks(db, until));
  }
}

function forgetChecks(db: Database, until: number): number {
  const old = `at <= ? AND id IN (
    SELECT id FROM check_leaf WHERE id <= (SELECT id FROM check_noted) ORDER BY id LIMIT ${CHECKS_AT_ONCE})`;
  db.run(
    `INSERT INTO check_forgotten
     SELECT grant_id, count(*) FROM check_leaf WHERE grant_id IS NOT NULL AND ${old}
     GROUP BY grant_id
     ON CONFLICT (grant_id) DO UPDATE SET checks = checks + excluded.checks`,
    until,
  );
  // The runs of the old checks are the first, the last of these perhaps only in part.
  db.run(
    `DELETE FROM check_of_grant
     WHERE check_id IN (SELECT id FROM check_leaf WHERE ${old}) AND run IN (
       SELECT last FROM check_run WHERE last <= (
         SELECT min(last) FROM check_run WHERE last >= (SELECT max(id) FROM check_leaf WHERE ${old})))`,
    until,
    until,
  );
  const deleted = db.run(`DELETE FROM check_leaf WHERE ${old}`, until);
  db.run('DELETE FROM check_run WHERE last < coalesce((SELECT min(id) FROM check_leaf), last + 1)');
  return deleted;
}
