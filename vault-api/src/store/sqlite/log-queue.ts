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
