import type { LifecycleFields, LogEntry } from '../../log-entry.ts';
import type { Database } from './database.ts';

/** Inside the transaction of the change it is about. */
export function appendLog(db: Database, entry: LogEntry): void {
  const [grant, seq] = entry.kind === 'e' ? [entry.grant, entry.grantSeq] : [null, null];
  db.run(
    'INSERT INTO log_queue (kind, grant_jti, grant_seq, fields, due) VALUES (?, ?, ?, ?, ?)',
    entry.kind,
    grant,
    seq,
    JSON.stringify(entry.fields),
    entry.due,
  );
}

/** Counted to a limit, so that asking costs the same however long the queue has grown. */
export function logQueueDepth(db: Database): number {
  const row = db.get(
    'SELECT count(*) AS n FROM (SELECT 1 FROM log_queue WHERE log_index IS NULL LIMIT 10000)',
  );
  return row?.n as number;
}

/** Takes the person's fields out of the rows of an erased grant. */
export function eraseLogFields(db: Database, grant: string): void {
  for (const { qid, fields } of db.all(
    'SELECT qid, fields FROM log_queue WHERE grant_jti = ?',
    grant,
  )) {
    const kept: LifecycleFields = {
      ...(JSON.parse(fields as string) as LifecycleFields),
      subject: null,
      scope: null,
      actor_sig: null,
    };
    db.run('UPDATE log_queue SET fields = ? WHERE qid = ?', JSON.stringify(kept), qid as number);
  }
}
