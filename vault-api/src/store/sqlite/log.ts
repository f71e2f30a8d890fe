import { StoreError } from '../../errors.ts';
import type { Part } from '../../log/opening-keys.ts';
import type { LogHead, Store, StoredOpening } from '../port.ts';
import type { Database, Row } from './database.ts';
import { followLog } from './follow-log.ts';
import { ID_OF } from './grants.ts';
import { unpackJws } from './jws.ts';
import { appendLog, logQueueDepth } from './log-queue.ts';
import { type Sequencer, tileOf } from './sequencer.ts';

type Log = Pick<
  Store,
  | 'sequence'
  | 'noteChecks'
  | 'stopSequencing'
  | 'logHead'
  | 'logTile'
  | 'logEntries'
  | 'provableTile'
  | 'published'
  | 'publish'
  | 'publishedNote'
  | 'lastNote'
  | 'publishedSizes'
  | 'followLog'
  | 'followedAt'
  | 'receipt'
  | 'openings'
  | 'nameKey'
  | 'emptyMonths'
  | 'streamRoot'
  | 'logQueueDepth'
>;

/** @param sequencer null for a command that writes nothing into the log */
export function logTables(db: Database, sequencer: Sequencer | null): Log {
  return {
    sequence: async () => {
      await db.write(() => sequencer?.request());
      if (sequencer?.failure) throw new StoreError('sequence', { cause: sequencer.failure });
      return sequencer !== null && !sequencer.isStopped && sequencer.hasMore;
    },
    noteChecks: () => db.write(() => sequencer?.noteChecks() ?? false),
    stopSequencing: async () => {
      if (sequencer !== null) sequencer.isStopped = true;
    },
    logHead: () => db.read(() => headOf(db.get('SELECT * FROM log_head') as Row)),
    logTile: (log, level, n) => db.read(() => tileOf(db, log, level, n)),
    provableTile: (log, level, n) =>
      db.read(() => {
        const sql = 'SELECT hashes, inner FROM log_tile WHERE log = ? AND level = ? AND n = ?';
        const row = db.get(sql, log, level, n);
        if (row === undefined) return null;
        const { hashes, inner } = row as { hashes: Uint8Array; inner: Uint8Array | null };
        return { hashes, inner };
      }),
    logEntries: (log, from, to) =>
      db.read(() =>
        db
          .all(
            `SELECT entry FROM log_entry WHERE log = ? AND log_index >= ? AND log_index < ?
             ORDER BY log_index`,
            log,
            from,
            to,
          )
          .map(({ entry }) => entry as string),
      ),
    published: () =>
      db.read(() => {
        const row = db.get('SELECT log, size, note FROM log_published WHERE size >= 0');
        if (row === undefined) return null;
        return { log: row.log as number, size: row.size as number, note: row.note as string };
      }),
    publish: ({ log, size, note }) =>
      db.write(() => {
        const sql =
          'UPDATE log_published SET log = ?1, size = ?2, note = ?3 WHERE log < ?1 OR (log = ?1 AND size < ?2)';
        if (db.run(sql, log, size, note) !== 1) return false;
        db.run('INSERT INTO log_note VALUES (?, ?, ?)', log, size, note);
        return true;
      }),
    publishedNote: (log, size) =>
      db.read(() => {
        const row = db.get('SELECT note FROM log_note WHERE log = ? AND size = ?', log, size);
        return row === undefined ? null : (row.note as string);
      }),
    lastNote: (log) =>
      db.read(() => {
        const sql = 'SELECT size, note FROM log_note WHERE log = ? ORDER BY size DESC LIMIT 1';
        const row = db.get(sql, log);
        return row === undefined
          ? null
          : { log, size: row.size as number, note: row.note as string };
      }),
    publishedSizes: (log) =>
      db.read(() =>
        db
          .all('SELECT size FROM log_note WHERE log = ? ORDER BY size', log)
          .map(({ size }) => size as number),
      ),
    followLog: (following) => db.write(() => followLog(db, following)),
    followedAt: () =>
      db.read(() => {
        const sql = 'SELECT at FROM log_follow JOIN log_head ON log_head.log = log_follow.log';
        return (db.get(sql)?.at as number | undefined) ?? null;
      }),
    receipt: (grant, seq) =>
      db.read(() => {
        const recent = sequencer?.receipt(grant, seq) ?? null;
        if (recent !== null) return recent;
        const sql = `SELECT jws FROM receipt JOIN entry ON entry.id = entry_id
          WHERE grant_id = ${ID_OF} AND seq = ?`;
        const row = db.get(sql, grant, seq);
        return row === undefined ? null : unpackJws(row.jws as Uint8Array);
      }),
    openings: (grant) => db.read(() => openingsOf(db, grant)),
    nameKey: (kid, entry) =>
      db.write(() => {
        const sql = 'INSERT OR IGNORE INTO log_named_key VALUES (?, ?)';
        if (db.run(sql, kid, entry.due) === 1) appendLog(db, entry);
      }),
    emptyMonths: (months, { now, until }) =>
      db.write(() => months.filter(({ month, part }) => emptySince(db, month, part, now) <= until)),
    streamRoot: (pseudonym) =>
      db.read(() => {
        const sql = "SELECT root FROM log_stream WHERE kind = 'person' AND name = ?";
        const row = db.get(sql, pseudonym);
        return row === undefined ? null : Buffer.from(row.root as Uint8Array);
      }),
    logQueueDepth: () => db.read(() => logQueueDepth(db)),
  };
}

function headOf(row: Row): LogHead {
  return {
    log: row.log as number,
    size: row.size as number,
    root: Buffer.from(row.root as Uint8Array),
    time: row.time as number,
    note: row.note as string | null,
  };
}

/** In the order of the grant's entries, with what proves the act behind each. */
function openingsOf(db: Database, grant: string): StoredOpening[] {
  return db
    .all(
      `SELECT queue.log, queue.log_index, queue.grant_seq, opening.month, opening.kept, opening.person,
         log_entry.entry, entry.event, entry.evidence, grant_jwt.jwt
       FROM log_queue AS queue
       JOIN log_entry ON log_entry.log = queue.log AND log_entry.log_index = queue.log_index
       JOIN log_opening AS opening ON opening.log = queue.log AND opening.log_index = queue.log_index
       JOIN entry ON entry.grant_id = queue.grant_id AND entry.seq = queue.grant_seq
       LEFT JOIN grant_jwt ON grant_jwt.grant_id = CASE entry.event
         WHEN 'registered' THEN entry.grant_id
         WHEN 'replaced' THEN (SELECT id FROM consent_grant WHERE jti = entry.evidence) END
       WHERE queue.grant_id = ${ID_OF} ORDER BY queue.grant_seq`,
      grant,
    )
    .map((row) => {
      const blob = (name: Part) =>
        row[name] === null ? null : Buffer.from(row[name] as Uint8Array);
      return {
        log: row.log as number,
        index: row.log_index as number,
        seq: row.grant_seq as number,
        event: row.event as StoredOpening['event'],
        entry: row.entry as string,
        month: row.month as string,
        kept: blob('kept'),
        person: blob('person'),
        evidence: row.evidence as string | null,
        jwt: row.jwt === null ? null : unpackJws(row.jwt as Uint8Array),
      };
    });
}

/** Infinity while something is left. A month that is over gets nothing more, so it is looked through until it is empty. */
function emptySince(db: Database, month: string, part: Part, now: number): number {
  const sql = 'SELECT since FROM log_empty_month WHERE month = ? AND part = ?';
  const known = db.get(sql, month, part);
  if (known !== undefined) return known.since as number;
  const left = db.get(
    `SELECT 1 FROM log_month JOIN log_opening AS opening
       ON opening.log = log_month.log AND opening.log_index BETWEEN first AND last
     WHERE log_month.month = ? AND opening.${part} IS NOT NULL LIMIT 1`,
    month,
  );
  if (left !== undefined) return Number.POSITIVE_INFINITY;
  db.run('INSERT INTO log_empty_month VALUES (?, ?, ?)', month, part, now);
  return now;
}
