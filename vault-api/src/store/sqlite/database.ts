import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';
import { StoreError } from '../../errors.ts';
import { touchPrivate } from '../../private-file.ts';
import type { QueueRow } from './log-queue.ts';
import { MIGRATIONS } from './migrations.ts';

export type Row = Record<string, SQLOutputValue>;
type Waiting = { run: () => void; settle: (error?: unknown) => void };

/**
 * Milliseconds between two commits: a lone write waits for none, and under load each commit, the dearest part of a
 * small write, is shared by all that came meanwhile.
 */
const FLUSH_PAUSE = 3;

/** Extended result codes (sqlite.org/rescode.html): SQLITE_FULL, SQLITE_READONLY, SQLITE_IOERR_WRITE. */
const REFUSED = [13, 8, 778];

/** The table that a statement changes. */
const CHANGED = /^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+(\w+)/;

type Statement = { readonly prepared: StatementSync; readonly changes: string | undefined };

/** Rows of one table that are kept parsed. */
export type Cache<T> = {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
};

/** What ends a batch of writes, in its transaction and in a savepoint of its own: when it fails, the batch stands. */
export type Ending = {
  /** At the start of the transaction, before anything is held. */
  begun(): void;
  /** Asks for a run at the end of the batch that is being written, or of the next one. */
  request(): void;
  /** Asks for a run, which finds the row of the queue in memory. */
  hold(row: QueueRow): void;
  isRequested(): boolean;
  run(): void;
  /** Writes down what is held and `run` has not done; after it, and before whatever changes rows of the queue. */
  keepHeld(): void;
  /** After the commit, when all of it is durable; or when nothing of what `run` did is. */
  settled(isCommitted: boolean, failure?: unknown): void;
};

/**
 * One connection. Reads answer at once; writes that arrive in the same turn of the event loop share one
 * `BEGIN IMMEDIATE … COMMIT` and are answered after it: one fsync for the batch. When one of them fails half done, all
 * are taken back and run again, each in its own savepoint. The batch runs without yielding, so no read sees a change
 * before it is durable.
 */
export class Database {
  private readonly db: DatabaseSync;
  private readonly statements = new Map<string, Statement>();
  private readonly caches = new Map<string, Map<string, unknown>>();
  private dataVersion = 0;
  private hasLooked = false;
  private waiting: Waiting[] = [];
  private flushedAt = -FLUSH_PAUSE;
  private flushing: Promise<void> | null = null;
  /** Statements that were to change something. */
  private attempted = 0;
  private hasSavepoints = false;
  private readonly onUnknownOutcome: () => void;
  ending: Ending | null = null;

  /**
   * @param onUnknownOutcome a commit failed in a way that leaves open whether it happened: what is in memory may be
   * wrong, so the process ends by default, and starts from what is on the disk
   * @throws StoreError when the file was written by a newer version
   */
  constructor(path: string, onUnknownOutcome: () => void = () => process.exit(1)) {
    this.onUnknownOutcome = onUnknownOutcome;
    touchPrivate(path);
    this.db = new DatabaseSync(path);
    // A page of 4 KB: most of what a change writes is a few bytes in each of a dozen places. FULL: a commit is on the
    // disk before it is answered. secure_delete: what is erased is overwritten.
    this.db.exec(
      `PRAGMA busy_timeout = 5000; PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;
       PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 8000`,
    );
    this.migrate();
    // What a savepoint could take back lies in memory, not in a file in the system's folder for such. Only now: a
    // migration may need much.
    this.db.exec('PRAGMA temp_store = MEMORY');
  }

  private migrate(): void {
    const taken = Number(this.db.prepare('PRAGMA user_version').get()?.user_version);
    if (taken > MIGRATIONS.length) throw new StoreError('The database is of a newer version.');
    for (let step = taken; step < MIGRATIONS.length; step++) {
      this.db.exec(
        `BEGIN IMMEDIATE; ${MIGRATIONS[step]}; PRAGMA user_version = ${step + 1}; COMMIT`,
      );
    }
  }

  /** Inside `read` or `write` only. */
  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.statement(sql).prepared.get(...values);
  }

  /** Inside `read` or `write` only. */
  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.statement(sql).prepared.all(...values);
  }

  /** Inside `write` only. @returns how many rows changed */
  run(sql: string, ...values: SQLInputValue[]): number {
    const { prepared, changes } = this.statement(sql);
    this.attempted++;
    if (changes !== undefined) this.caches.get(changes)?.clear();
    return Number(prepared.run(...values).changes);
  }

  /** Inside `write` only. @returns the number of the row that was inserted */
  insert(sql: string, ...values: SQLInputValue[]): number {
    const { prepared, changes } = this.statement(sql);
    this.attempted++;
    if (changes !== undefined) this.caches.get(changes)?.clear();
    return Number(prepared.run(...values).lastInsertRowid);
  }

  private statement(sql: string): Statement {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const statement = { prepared: this.db.prepare(sql), changes: CHANGED.exec(sql)?.[1] };
    this.statements.set(sql, statement);
    return statement;
  }

  /**
   * Rows of `table` that are read again and again, kept parsed, at most `max`. All of them are forgotten with each
   * statement that changes the table, with what is rolled back, and when another process has written anything: asked
   * once in each turn of the event loop and at the start of each transaction.
   */
  cache<T>(table: string, max: number): Cache<T> {
    const kept = new Map<string, T>();
    this.caches.set(table, kept);
    return {
      get: (key) => {
        if (!this.hasLooked) this.lookForOthers();
        return kept.get(key);
      },
      set: (key, value) => {
        if (kept.size >= max) kept.clear();
        kept.set(key, value);
      },
    };
  }

  /** Another one when another process has written anything since. */
  version(): number {
    if (!this.hasLooked) this.lookForOthers();
    return this.dataVersion;
  }

  private forget(): void {
    for (const kept of this.caches.values()) kept.clear();
  }

  /** `data_version` changes when another connection has committed. */
  private lookForOthers(): void {
    const version = Number(this.get('PRAGMA data_version')?.data_version);
    if (version !== this.dataVersion) this.forget();
    this.dataVersion = version;
    this.hasLooked = true;
    setImmediate(() => {
      this.hasLooked = false;
    });
  }

  async read<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (cause) {
      throw new StoreError('The database cannot be read.', { cause });
    }
  }

  /** @param work makes its decisions before its first change: what it returns is committed. It may be called again. */
  write<T>(work: () => T): Promise<T> {
    return this.writeOne(() => this.wholly(work));
  }

  /** As `write`, for work whose last statement is its only change, or that calls `wholly` for more. */
  writeOne<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.waiting.push({
        run: () => {
          result = work();
        },
        settle: (error) =>
          error === undefined
            ? resolve(result)
            : reject(new StoreError('The database cannot be written.', { cause: error })),
      });
      this.flushing ??= new Promise((flushed) => {
        const flush = () => {
          this.flushing = null;
          this.flush();
          this.flushedAt = performance.now();
          flushed();
        };
        const pause = this.flushedAt + FLUSH_PAUSE - performance.now();
        if (pause > 0) setTimeout(flush, pause);
        else setImmediate(flush);
      });
    });
  }

  /** Inside `writeOne` only: all of it, or nothing when it throws. */
  wholly<T>(work: () => T): T {
    if (!this.hasSavepoints) return work();
    this.run('SAVEPOINT item');
    try {
      const result = work();
      this.run('RELEASE item');
      return result;
    } catch (error) {
      this.forget();
      if (this.db.isTransaction) this.db.exec('ROLLBACK TO item; RELEASE item');
      throw error;
    }
  }

  private flush(): void {
    const batch = this.waiting;
    this.waiting = [];
    let failures: ReadonlyMap<Waiting, unknown>;
    try {
      this.begin();
      failures = this.runAll(batch) ?? this.runApart(batch);
      this.end();
      this.commit();
    } catch (error) {
      this.forget();
      if (this.db.isOpen && this.db.isTransaction) this.db.exec('ROLLBACK');
      this.ending?.settled(false, error);
      for (const item of batch) item.settle(error);
      return;
    }
    this.ending?.settled(true);
    for (const item of batch) item.settle(failures.get(item));
  }

  private begin(): void {
    this.run('BEGIN IMMEDIATE');
    this.hasLooked = false;
    this.ending?.begun();
  }

  /**
   * Without savepoints: for each one SQLite would write down every page as it was before, and most pages are changed by
   * one item after the other.
   * @returns those that failed before they changed anything; null when one failed later
   */
  private runAll(batch: readonly Waiting[]): Map<Waiting, unknown> | null {
    const failures = new Map<Waiting, unknown>();
    for (const item of batch) {
      const { attempted } = this;
      try {
        item.run();
      } catch (error) {
        // A full disk, for one, takes back the whole transaction; what came next would be committed by itself.
        if (!this.db.isTransaction) throw error;
        if (this.attempted > attempted && !this.hasSavepoints) return null;
        failures.set(item, error);
      }
    }
    return failures;
  }

  /** From the start, each in a savepoint of its own. */
  private runApart(batch: readonly Waiting[]): Map<Waiting, unknown> {
    this.forget();
    this.db.exec('ROLLBACK');
    this.ending?.settled(false);
    this.begin();
    this.hasSavepoints = true;
    try {
      return this.runAll(batch) as Map<Waiting, unknown>;
    } finally {
      this.hasSavepoints = false;
    }
  }

  private end(): void {
    const { ending } = this;
    if (ending === null) return;
    if (ending.isRequested()) this.runEnding(ending);
    ending.keepHeld();
  }

  private runEnding(ending: Ending): void {
    this.run('SAVEPOINT ending');
    try {
      ending.run();
      this.run('RELEASE ending');
    } catch (error) {
      if (!this.db.isTransaction) throw error;
      this.forget();
      this.db.exec('ROLLBACK TO ending; RELEASE ending');
      ending.settled(false, error);
    }
  }

  private commit(): void {
    try {
      this.run('COMMIT');
    } catch (error) {
      // Still open, or refused before the record of the commit was written: then it has not happened.
      const isRefused = REFUSED.includes((error as { errcode?: number }).errcode ?? 0);
      if (!this.db.isTransaction && !isRefused) this.onUnknownOutcome();
      throw error;
    }
  }

  /** Moves the write-ahead log into the file and empties it, so that it keeps nothing that was erased. */
  checkpoint(): Promise<void> {
    return this.read(() => this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  }

  /** Waits for what was written. */
  async close(): Promise<void> {
    await this.flushing;
    if (this.db.isOpen) this.db.close();
  }
}
