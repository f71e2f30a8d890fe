import { StoreError } from '../../errors.ts';
import { type AccessBatch, accessBatch, type BrandMinute } from '../../log/access-batch.ts';
import type { Database, Row } from './database.ts';

/** Checks taken up in one transaction, so that others wait for it some milliseconds at most. */
const MAX_AT_ONCE = 512;

const intervalOf = (now: number) => Math.floor(now / 60);

/**
 * Takes up the checks of each minute, in small steps while it lasts, and seals it when it is over. What is in memory is
 * in the database as well: `interval` of every check that was taken up.
 */
export class AccessLog {
  private readonly db: Database;
  /** The minute that is open; null until the database was asked. */
  private interval: number | null = null;
  /** Leaf hashes by brand. */
  private leaves = new Map<string, Buffer[]>();
  /** A minute that is over and waits to be written into the log. */
  private closing: AccessBatch | null = null;
  /** Changes when another process has written anything. */
  private version: unknown = null;

  constructor(db: Database) {
    this.db = db;
  }

  /** Inside `write`. @returns whether more wait */
  takeUp(now: number): boolean {
    const open = this.openAt(now);
    const present = intervalOf(now);
    // What came in the meantime belongs to the next minute, which opens when this one is in the log.
    if (present > open) return false;
    const rows = this.db.all(
      `SELECT id, brand, leaf FROM check_leaf INDEXED BY check_leaf_waiting
       WHERE interval IS NULL AND leaf IS NOT NULL ORDER BY id LIMIT ${MAX_AT_ONCE}`,
    );
    if (rows.length === 0) return false;
    const [first, last] = [rows[0] as Row, rows.at(-1) as Row];
    const taken = this.db.run(
      `UPDATE check_leaf SET interval = ? WHERE id BETWEEN ? AND ? AND interval IS NULL
         AND leaf IS NOT NULL`,
      open,
      first.id as number,
      last.id as number,
    );
    if (taken !== rows.length) throw new StoreError('Checks were taken up by somebody else.');
    for (const row of rows) this.add(row);
    return rows.length === MAX_AT_ONCE;
  }

  /** Inside `write`: the batch of the minute that is over, if one is. */
  due(now: number): AccessBatch | null {
    const open = this.openAt(now);
    if (intervalOf(now) <= open) return null;
    this.closing ??= accessBatch(open, this.minutes(open));
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
    this.interval = Math.max(interval + 1, intervalOf(now));
    this.leaves = new Map();
    this.closing = null;
  }

  /** Forgets what was not committed. */
  reload(): void {
    this.interval = null;
    this.leaves = new Map();
    this.closing = null;
  }

  /** The minute that is open. What another process has taken up meanwhile belongs to it as well. */
  private openAt(now: number): number {
    const version = this.db.get('PRAGMA data_version')?.data_version;
    if (version !== this.version) this.reload();
    this.version = version;
    return this.interval ?? this.load(now);
  }

  private load(now: number): number {
    const sealed = (this.db.get('SELECT max(interval) AS at FROM access_batch')?.at ??
      -1) as number;
    // A check gets a higher id than all that are there, and that of one that was erased again.
    const before = 'SELECT id FROM check_leaf WHERE interval <= ? ORDER BY id DESC LIMIT 1';
    const open = this.db.all(
      `SELECT brand, leaf, interval FROM check_leaf
       WHERE id > ? AND interval IS NOT NULL AND leaf IS NOT NULL ORDER BY id`,
      (this.db.get(before, sealed)?.id ?? 0) as number,
    );
    this.leaves = new Map();
    for (const row of open) this.add(row);
    const last = open.at(-1);
    const interval = Math.max(
      sealed + 1,
      (last?.interval as number | undefined) ?? intervalOf(now),
    );
    this.interval = interval;
    return interval;
  }

  private add(row: Row): void {
    const brand = row.brand as string;
    const leaf = Buffer.from(row.leaf as Uint8Array);
    const own = this.leaves.get(brand);
    if (own === undefined) this.leaves.set(brand, [leaf]);
    else own.push(leaf);
  }

  private minutes(interval: number): BrandMinute[] {
    return [...this.leaves].map(([brand, leaves]) => {
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
