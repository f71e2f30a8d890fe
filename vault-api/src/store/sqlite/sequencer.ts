import { StoreError } from '../../errors.ts';
import type { AccessBatch, CheckFields } from '../../log/access-batch.ts';
import {
  type Batch,
  type BatchSigner,
  batchTime,
  isClockBehind,
  type KeyEvent,
  planBatch,
  type Stream,
  type Waiting,
} from '../../log/batch.ts';
import type { LifecycleValues } from '../../log/lifecycle.ts';
import type { OpeningKeys } from '../../log/opening-keys.ts';
import { RightEdge } from '../../log/right-edge.ts';
import { AccessLog, type Committed } from './access.ts';
import type { Database, Ending, Row } from './database.ts';
import { packJws } from './jws.ts';
import { keepQueueRow, type QueueRow } from './log-queue.ts';
import { noteChecks } from './note-checks.ts';

/** What the log is written with. */
export type LogWriter = {
  /** The signer of a log, by its number. */
  readonly signerOf: (log: number) => BatchSigner;
  readonly openings: OpeningKeys;
  /** NumericDate. */
  readonly clock: () => number;
};

/** Most rows of the queue in one batch. */
const MAX_BATCH = 256;
/** Most batches in one transaction. */
const MAX_BATCHES = 8;

/** The head as this process last knew it; what the database says about it is asked with every batch. */
type Head = {
  readonly log: number;
  readonly edge: RightEdge;
  readonly root: Buffer;
  readonly time: number;
  readonly first: KeyEvent | null;
};

/**
 * Gives waiting rows their index, at the end of the transaction that brought them, or of one of its own. Several
 * processes may do so at once: whose batch does not follow the head in the database has changed nothing.
 */
export class Sequencer implements Ending {
  private readonly db: Database;
  private readonly writer: LogWriter;
  private head: Head | null = null;
  private written: Head | null = null;
  private readonly access: AccessLog;
  private sealed: AccessBatch | null = null;
  private receipts = new Map<string, string>();
  private isDue = false;
  /** What rows of this very transaction wait with. Most get their index at its end, so it is not written down before. */
  private held = new Map<number, QueueRow>();
  /** Those of them that got it, and those that were written down after all. */
  private placed = new Set<number>();
  private kept = new Set<number>();
  /** Nothing is written any more, for as long as the process runs. */
  isStopped = false;
  /** More rows wait than were taken. */
  hasMore = false;
  /** Why the last batch was not written. */
  failure: unknown = null;

  constructor(db: Database, writer: LogWriter) {
    this.db = db;
    this.writer = writer;
    this.access = new AccessLog(db);
  }

  begun(): void {
    this.held = new Map();
    this.placed = new Set();
    this.kept = new Set();
  }

  request(): void {
    this.isDue = true;
  }

  hold(row: QueueRow): void {
    this.held.set(row.qid, row);
    this.request();
  }

  keepHeld(): void {
    for (const row of this.held.values()) {
      if (this.placed.has(row.qid)) continue;
      keepQueueRow(this.db, row);
      this.kept.add(row.qid);
    }
  }

  isRequested(): boolean {
    return this.isDue && !this.isStopped;
  }

  run(): void {
    this.isDue = false;
    this.failure = null;
    this.receipts = new Map();
    const known = this.head;
    const head = known ?? this.load();
    try {
      this.written = this.sequenceAll(head);
    } catch (error) {
      // Somebody else may have come first. What is loaded now stays true until the end of this transaction.
      if (known === null || this.isCurrent(known)) throw error;
      this.db.run('ROLLBACK TO ending');
      this.receipts = new Map();
      this.placed = new Set();
      this.sealed = null;
      this.written = this.sequenceAll(this.load());
    }
  }

  settled(isCommitted: boolean, failure: unknown = null): void {
    if (!isCommitted) {
      this.failure = failure;
      this.placed = new Set();
      this.access.reload();
      this.sealed = null;
      this.head = null;
      this.written = null;
      this.receipts = new Map();
    } else if (this.written !== null) {
      this.head = this.written;
      this.written = null;
      if (this.sealed !== null) this.access.written(this.sealed, this.writer.clock());
      this.sealed = null;
    }
  }

  /** Notes of which grants some checks are, and sees to a minute that is over. @returns whether more wait */
  noteChecks(): boolean {
    const hasMore = noteChecks(this.db);
    if (!this.isStopped && this.access.due(this.writer.clock()) !== null) this.request();
    return hasMore;
  }

  /** The ids of checks that are being recorded, what they are committed to with, and of which minute they are leaves. */
  committed(checks: readonly CheckFields[]): Committed {
    return this.access.record(checks, this.writer.clock());
  }

  /** What was committed to is not kept after all. */
  uncommit(): void {
    this.access.reload();
  }

  /** A receipt signed with the last batch: also one that is addressed to somebody who is forgotten by now. */
  receipt(grant: string, seq: number): string | null {
    return this.receipts.get(`${grant} ${seq}`) ?? null;
  }

  private load(): Head {
    const row = this.db.get('SELECT * FROM log_head') as Row;
    const log = row.log as number;
    const edge = RightEdge.read(row.size as number, (level, n) => tileOf(this.db, log, level, n));
    const root = Buffer.from(row.root as Uint8Array);
    if (edge === null || !edge.root().equals(root)) {
      throw new StoreError('The tiles of the log do not lead to its root.');
    }
    const first = row.first === null ? null : (JSON.parse(row.first as string) as KeyEvent);
    return { log, edge, root, time: row.time as number, first };
  }

  private isCurrent({ log, edge, root }: Head): boolean {
    const sql = 'SELECT 1 FROM log_head WHERE log = ? AND size = ? AND root = ?';
    return this.db.get(sql, log, edge.size, root) !== undefined;
  }

  /** One batch after the other, so that whoever waits for this transaction finds its index. */
  private sequenceAll(head: Head): Head {
    let written = this.sequence(head);
    for (let more = 1; more < MAX_BATCHES && this.hasMore; more++) written = this.sequence(written);
    return written;
  }

  private sequence(head: Head): Head {
    const now = this.writer.clock();
    this.hasMore = false;
    if (isClockBehind(head, now)) return head;
    const { rows, isFull } = waitingRows(this.db, now, this.held);
    this.hasMore = isFull;
    const access = this.sealed === null ? this.access.due(now) : null;
    if (rows.length === 0 && head.first === null && access === null) return head;
    const batch = planBatch(
      {
        edge: head.edge,
        rows,
        streams: streamsOf(this.db, rows),
        access: access?.root ?? null,
        first: head.first,
        time: batchTime(head.time, now),
      },
      this.writer.signerOf(head.log),
    );
    this.write(head, batch);
    if (access !== null) {
      this.access.write(head.log, batch.accessIndex as number, access);
      this.sealed = access;
    }
    const { edge, root, time } = batch;
    return { log: head.log, edge, root, time, first: null };
  }

  private write(head: Head, batch: Batch): void {
    this.insert(head.log, batch);
    // In the order of the queue: what is kept of each lies one after the other.
    const placed = [...batch.placed].sort((one, other) => one.row.qid - other.row.qid);
    for (const { row, index, receipt } of placed) {
      const count = this.db.run(
        'UPDATE log_queue SET log = ?, log_index = ? WHERE qid = ? AND log_index IS NULL',
        head.log,
        index,
        row.qid,
      );
      if (count !== 1) throw new StoreError('A row was given its index by somebody else.');
      if (!this.held.has(row.qid) || this.kept.has(row.qid)) {
        this.db.run('DELETE FROM log_waiting WHERE qid = ?', row.qid);
      }
      this.placed.add(row.qid);
      if (receipt !== null && row.kind === 'e') this.keepReceipt(row, receipt);
    }
    const moved = this.db.run(
      `UPDATE log_head SET size = ?, root = ?, time = ?, note = ?, first = NULL
       WHERE log = ? AND size = ? AND root = ?`,
      batch.edge.size,
      batch.root,
      batch.time,
      batch.note,
      head.log,
      head.edge.size,
      head.root,
    );
    if (moved !== 1) throw new StoreError('The log was continued by somebody else.');
  }

  private insert(log: number, { entries, tiles, streams, month }: Batch): void {
    const { db } = this;
    const { openings } = this.writer;
    for (const { index, text, opening } of entries) {
      db.run('INSERT INTO log_entry VALUES (?, ?, ?)', log, index, text);
      if (opening === null) continue;
      const { kept, person } = opening;
      db.run(
        'INSERT INTO log_opening VALUES (?, ?, ?, ?, ?)',
        log,
        index,
        month,
        openings.seal({ log, index, month, part: 'kept' }, kept),
        person && openings.seal({ log, index, month, part: 'person' }, person),
      );
    }
    const [first, last] = [entries[0]?.index as number, entries.at(-1)?.index as number];
    db.run(
      `INSERT INTO log_month VALUES (?, ?, ?, ?)
       ON CONFLICT (month, log) DO UPDATE SET last = excluded.last`,
      month,
      log,
      first,
      last,
    );
    for (const { level, n, hashes, inner } of tiles) {
      const sql = 'INSERT OR REPLACE INTO log_tile VALUES (?, ?, ?, ?, ?)';
      db.run(sql, log, level, n, hashes, inner);
    }
    for (const { kind, name, root, seq, prev, month } of streams) {
      const sql = 'INSERT OR REPLACE INTO log_stream VALUES (?, ?, ?, ?, ?, ?)';
      db.run(sql, kind, name, root, month, seq, prev);
    }
  }

  /**
   * What is addressed to somebody who is forgotten by now is handed over and not kept. Every grant has the receipt of its
   * registration, so that one is kept small; of a change, of which most have none, it is kept fast.
   */
  private keepReceipt(row: Extract<Waiting, { kind: 'e' }>, receipt: string): void {
    const { qid, grant, grantSeq, fields } = row;
    this.receipts.set(`${grant} ${grantSeq}`, receipt);
    if (fields.subject === null) return;
    this.db.run(
      `INSERT INTO receipt SELECT entry.id, ? FROM log_queue
       JOIN entry ON entry.grant_id = log_queue.grant_id AND entry.seq = grant_seq WHERE qid = ?`,
      packJws(receipt, { isDeflated: fields.type === 'registered' }),
      qid,
    );
  }
}

export function tileOf(db: Database, log: number, level: number, n: number): Buffer | null {
  const sql = 'SELECT hashes FROM log_tile WHERE log = ? AND level = ? AND n = ?';
  const row = db.get(sql, log, level, n);
  return row === undefined ? null : Buffer.from(row.hashes as Uint8Array);
}

/**
 * The rows that are due, without those that a lower entry of the same grant keeps waiting. Never "above the last":
 * numbers of the queue are given before a commit, and commits come in another order.
 */
function waitingRows(
  db: Database,
  now: number,
  held: ReadonlyMap<number, QueueRow>,
): { rows: Waiting[]; isFull: boolean } {
  const rows = db.all(
    `SELECT one.qid, kind, grant_id, grant_seq, fields, receipt,
       (SELECT min(grant_seq) FROM log_queue AS own
        WHERE own.grant_id = one.grant_id AND own.log_index IS NULL) AS lowest
     FROM log_queue AS one LEFT JOIN log_waiting ON log_waiting.qid = one.qid
     WHERE log_index IS NULL AND due <= ?1 AND NOT EXISTS (
       SELECT 1 FROM log_queue AS lower WHERE lower.grant_id = one.grant_id
         AND lower.grant_seq < one.grant_seq AND lower.log_index IS NULL AND lower.due > ?1)
     ORDER BY one.qid LIMIT ${MAX_BATCH}`,
    now,
  );
  const ofGrants = new Map<number, Row[]>();
  for (const row of rows) {
    const grant = row.grant_id as number | null;
    if (grant !== null) ofGrants.set(grant, [...(ofGrants.get(grant) ?? []), row]);
  }
  for (const [grant, own] of ofGrants) {
    own.sort((one, other) => (one.grant_seq as number) - (other.grant_seq as number));
    ofGrants.set(
      grant,
      own.filter((row, place) => row.grant_seq === (row.lowest as number) + place),
    );
  }
  const ready = rows.flatMap((row) => {
    const next = row.grant_id === null ? row : ofGrants.get(row.grant_id as number)?.shift();
    return next === undefined ? [] : [waitingOf(next, held)];
  });
  return { rows: ready, isFull: rows.length === MAX_BATCH && ready.length > 0 };
}

function waitingOf(row: Row, held: ReadonlyMap<number, QueueRow>): Waiting {
  const qid = row.qid as number;
  const { fields, receipt } = row.fields === null ? (held.get(qid) as QueueRow) : parsedRow(row);
  if (row.kind === 'k') return { qid, kind: 'k', fields: fields as KeyEvent };
  const values = fields as LifecycleValues;
  return {
    qid,
    kind: 'e',
    grant: values.grant as string,
    grantSeq: row.grant_seq as number,
    fields: values,
    receipt,
  };
}

function parsedRow({ fields, receipt }: Row): Pick<QueueRow, 'fields' | 'receipt'> {
  return {
    fields: JSON.parse(fields as string),
    receipt: receipt === null ? null : JSON.parse(receipt as string),
  };
}

/** The streams the rows name, as far as they exist. */
function streamsOf(db: Database, rows: readonly Waiting[]): Stream[] {
  const names = new Set<string>();
  for (const row of rows) {
    if (row.kind !== 'e') continue;
    const { brand, subject } = row.fields;
    names.add(JSON.stringify(['brand', brand]));
    if (subject !== null) names.add(JSON.stringify(['person', subject]));
  }
  return [...names].flatMap((key) => {
    const [kind, name] = JSON.parse(key) as [string, string];
    const row = db.get('SELECT * FROM log_stream WHERE kind = ? AND name = ?', kind, name);
    if (row === undefined) return [];
    return [{ ...row, root: Buffer.from(row.root as Uint8Array) } as unknown as Stream];
  });
}
