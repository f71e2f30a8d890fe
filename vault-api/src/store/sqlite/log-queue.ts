import type { LifecycleFields, LogEntry } from '../../log-entry.ts';
import type { Database } from './database.ts';

/** What a row of the queue waits with. */
export type QueueRow = {
  readonly qid: number;
  readonly fields: LogEntry['fields'];
  readonly receipt: object | null;
};

/**
 * Inside the transaction of the change it is about, at whose end it may get its index already.
 * @param grant the store's own number of the grant it is about, if it is about one
 * @param receipt claims of the receipt that is signed then
 */
export function appendLog(
  db: Database,
  entry: LogEntry,
  { grant = null, receipt = null }: { grant?: number | null; receipt?: object | null } = {},
): void {
  const qid = db.insert(
    'INSERT INTO log_queue (kind, grant_id, grant_seq, due) VALUES (?, ?, ?, ?)',
    entry.kind,
    grant,
    entry.kind === 'e' ? entry.grantSeq : null,
    entry.due,
  );
  const row = { qid, fields: entry.fields, receipt };
  if (db.ending === null) keepQueueRow(db, row);
  else db.ending.hold(row);
}

/** Unless it has its index, or is kept or taken back already. */
export function keepQueueRow(db: Database, { qid, fields, receipt }: QueueRow): void {
  db.run(
    `INSERT OR IGNORE INTO log_waiting
     SELECT qid, ?, ? FROM log_queue WHERE qid = ? AND log_index IS NULL`,
    JSON.stringify(fields),
    receipt === null ? null : JSON.stringify(receipt),
    qid,
  );
}

/** Counted to a limit, so that asking costs the same however long the queue has grown. */
export function logQueueDepth(db: Database): number {
  const row = db.get(
    'SELECT count(*) AS n FROM (SELECT 1 FROM log_queue WHERE log_index IS NULL LIMIT 10000)',
  );
  return row?.n as number;
}

/**
 * Takes what is the person's out of the openings of an erased grant, and out of its rows that wait. The claims of the
 * erasure's own receipt stay until it is signed.
 * @param grant the store's own number
 * @param seq number of the erasure
 */
export function eraseLogFields(db: Database, grant: number, seq: number): void {
  db.ending?.keepHeld();
  for (const { qid, fields } of db.all(
    'SELECT qid, fields FROM log_waiting JOIN log_queue USING (qid) WHERE grant_id = ?',
    grant,
  )) {
    const kept: LifecycleFields = {
      ...(JSON.parse(fields as string) as LifecycleFields),
      subject: null,
      scope: null,
      actor_sig: null,
    };
    db.run('UPDATE log_waiting SET fields = ? WHERE qid = ?', JSON.stringify(kept), qid as number);
  }
  db.run(
    `UPDATE log_waiting SET receipt = NULL
     WHERE qid IN (SELECT qid FROM log_queue WHERE grant_id = ? AND grant_seq < ?)`,
    grant,
    seq,
  );
  db.run(
    `UPDATE log_opening SET person = NULL WHERE (log, log_index) IN
       (SELECT log, log_index FROM log_queue WHERE grant_id = ? AND log_index IS NOT NULL)`,
    grant,
  );
}
