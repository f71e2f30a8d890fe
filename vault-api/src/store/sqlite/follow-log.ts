import { rootOf } from '../../log/hash.ts';
import type { Store } from '../port.ts';
import type { Database } from './database.ts';
import { FULL, RECOVERING } from './slots.ts';

/** Lists that nobody gets a place in: as many as may have been begun after the backup was made, and more. */
const CLOSED_LISTS = 64;

type Following = Parameters<Store['followLog']>[0];

export function followLog(db: Database, { from, log, first, now }: Following): boolean {
  const moved = db.run(
    `UPDATE log_head SET log = ?, size = 0, root = ?, note = NULL, first = ?
     WHERE log = ? AND size = ? AND root = ?`,
    log,
    rootOf([]),
    JSON.stringify(first),
    from.log,
    from.size,
    from.root,
  );
  if (moved !== 1) return false;
  db.run('INSERT INTO log_follow VALUES (?, ?)', log, now);
  // Tags of the lost part would be given again.
  db.run('DELETE FROM log_stream');
  db.run(
    `UPDATE consent_grant SET paused = paused | ${RECOVERING}
     WHERE pseudonym IS NOT NULL AND (ended_by IS NULL OR undo_until > ?)`,
    now,
  );
  db.run('UPDATE slot SET expires = ? WHERE used = 0 AND expires > ?', now, now);
  db.run(`UPDATE status_list SET handed_out = ${FULL}`);
  // A brand may have been frozen since, or have lost a key: its document is read again before one of its keys counts.
  db.run('UPDATE brand SET read_at = 0');
  db.run('DELETE FROM token');
  const lists = db.get('SELECT count(*) AS n FROM status_list')?.n as number;
  for (let list = lists; list < lists + CLOSED_LISTS; list++) {
    db.run(`INSERT INTO status_list VALUES (?, ${FULL})`, list);
  }
  return true;
}
