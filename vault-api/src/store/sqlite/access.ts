import { type AccessBatch, accessBatch, type BrandMinute } from '../../log/access-batch.ts';
import type { Database, Row } from './database.ts';

/** Checks put in order in one transaction, so that others wait for it some milliseconds. */
const MAX_AT_ONCE = 512;

const intervalOf = (now: number) => Math.floor(now / 60);

/** Leaf hashes of one minute, by brand. */
type Leaves = Map<string, Buffer[]>;

/**
 * The checks of each minute until it is over and its batch is in the log. What is in memory is in the database as well:
 * `interval` and `leaf` of every check.
 */
export class AccessLog {
  private readonly db: Database;
  /** The first minute that is not in the log; null until the database was asked. */
  private open: number | null = null;
  /** The latest minute a check belongs to: clocks may go back, minutes do not. */
  private latest = 0;
  /** From the open minute on. */
  private minutes = new Map<number, Leaves>();
  /** A minute that is over and waits to be written into the log. */
  private closing: AccessBatch | null = null;
  /** Changes when another process has written anything. */
  private version: unknown = null;
  /** Asked for in this transaction; nobody else writes until its end. */
  private isCurrent = false;

  constructor(db: Database) {
    this.db = db;
  }

  /** Inside `write`, with the row itself. @returns the minute the check belongs to */
  record(brand: string, leaf: Buffer, now: number): number {
    const open = this.openAt(now);
    this.latest = Math.max(this.latest, open, intervalOf(now));
    this.add(this.latest, brand, leaf);
    return this.latest;
  }

  /** Inside `write`: some checks get their place among those of their grant. @returns whether more wait */
  order(): boolean {
    const some = this.db.get(
      `SELECT max(id) AS last, count(*) AS n FROM (
         SELECT id FROM check_leaf INDEXED BY check_leaf_waiting WHERE ordered = 0
         ORDER BY id LIMIT ${MAX_AT_ONCE})`,
    );
    if (some?.n === 0) return false;
    const sql = `UPDATE check_leaf INDEXED BY check_leaf_waiting SET ordered = 1
      WHERE ordered = 0 AND id <= ?`;
    return this.db.run(sql, some?.last as number) === MAX_AT_ONCE;
  }

  /** Inside `write`: the batch of the minute that is over, if one is. */
  due(now: number): AccessBatch | null {
    const open = this.openAt(now);
    if (Math.max(intervalOf(now), this.latest) <= open) return null;
    this.closing ??= accessBatch(open, this.ofBrands(open));
    return this.closing;
  }

  /** Inside the transaction that writes its entry. */
  write(log: number, index: number, { interval, records, leaves, root }: AccessBatch): void {
    this.db.run(
      'INSERT INTO access_batch VALUES (?, ?, ?, ?, ?)',
      interval,
      log,
      index,
      root,
      Buffer.concat(leaves),
    );
    for (const { brand, leaves: own, root, headSeq, prev, opening, commitment } of records) {
      this.db.run(
        'INSERT INTO access_brand VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        brand,
        interval,
        own.length,
        root,
        headSeq,
        prev,
        opening,
        commitment,
        Buffer.concat(own),
      );
    }
  }

  /** After the commit of `write`. */
  written({ interval }: AccessBatch, now: number): void {
    this.minutes.delete(interval);
    this.open = this.first() ?? Math.max(interval + 1, intervalOf(now));
    this.closing = null;
  }

  /** Forgets what was not committed. */
  reload(): void {
    this.open = null;
    this.minutes = new Map();
    this.closing = null;
  }

  /** A transaction is over: others may write. */
  settled(): void {
    this.isCurrent = false;
  }

  /** The first minute that is not in the log. What another process has recorded meanwhile is known from here on. */
  private openAt(now: number): number {
    if (!this.isCurrent) {
      const version = this.db.get('PRAGMA data_version')?.data_version;
      if (version !== this.version) this.reload();
      this.version = version;
      this.isCurrent = true;
    }
    this.open ??= this.load(now);
    return this.open;
  }

  private load(now: number): number {
    const sealed = (this.db.get('SELECT max(interval) AS at FROM access_batch')?.at ??
      -1) as number;
    // A check gets a higher id than all that are there, and that of one that was erased again.
    const before = 'SELECT id FROM check_leaf WHERE interval <= ? ORDER BY id DESC LIMIT 1';
    const rows = this.db.all(
      `SELECT brand, leaf, interval FROM check_leaf
       WHERE id > ? AND interval IS NOT NULL AND leaf IS NOT NULL ORDER BY id`,
      (this.db.get(before, sealed)?.id ?? 0) as number,
    );
    for (const { brand, leaf, interval } of rows as Row[]) {
      this.latest = Math.max(this.latest, interval as number);
      this.add(interval as number, brand as string, Buffer.from(leaf as Uint8Array));
    }
    return this.first() ?? Math.max(sealed + 1, intervalOf(now));
  }

  private first(): number | null {
    return this.minutes.size === 0 ? null : Math.min(...this.minutes.keys());
  }

  private add(interval: number, brand: string, leaf: Buffer): void {
    const minute = this.minutes.get(interval) ?? new Map<string, Buffer[]>();
    this.minutes.set(interval, minute);
    const own = minute.get(brand);
    if (own === undefined) minute.set(brand, [leaf]);
    else own.push(leaf);
  }

  private ofBrands(interval: number): BrandMinute[] {
    return [...(this.minutes.get(interval) ?? [])].map(([brand, leaves]) => {
      const stream = this.db.get(
        "SELECT seq FROM log_stream WHERE kind = 'brand' AND name = ?",
        brand,
      );
      const before = this.db.get(
        'SELECT commitment FROM access_brand WHERE brand = ? ORDER BY interval DESC LIMIT 1',
        brand,
      );
      const prev = before?.commitment as Uint8Array | undefined;
      return {
        brand,
        interval,
        leaves,
        headSeq: (stream?.seq as number | undefined) ?? 0,
        prev: prev === undefined ? null : Buffer.from(prev).toString('base64url'),
      };
    });
  }
}
