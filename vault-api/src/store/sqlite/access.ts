import {
  type AccessBatch,
  accessBatch,
  type BrandMinute,
  type CheckFields,
  checkLeaf,
  checkOpeningAt,
  newCheckOpenings,
} from '../../log/access-batch.ts';
import { GrowingRoot } from '../../log/growing-root.ts';
import type { Database, Row } from './database.ts';

const intervalOf = (now: number) => Math.floor(now / 60);

/** The tree of each brand's checks in one minute, and the last check of it. */
type Minute = { readonly trees: Map<string, GrowingRoot>; last: number };

/** Checks that are recorded, one after the other, and are no leaves of their trees yet. */
type Recorded = {
  readonly interval: number;
  readonly checks: readonly CheckFields[];
  /** What opens each of them, in their order. */
  readonly openings: Buffer;
};

/** What is kept of checks beside themselves. */
export type Committed = {
  readonly id: number;
  readonly openings: Buffer;
  readonly interval: number;
};

/** Checks whose leaves are hashed one after the other, which costs a third of hashing each between two requests. */
const HASHED_AT_ONCE = 512;

/** The last minute that is in the log, and the last check before its end. */
type Sealed = { readonly interval: number; readonly check: number };

/** What a check becomes in the tree of its minute; of one that was erased only that is left. @param row with the grant's `jti` */
export function leafOfRow(row: Row): Buffer {
  const bytes = (name: string) => Buffer.from(row[name] as Uint8Array);
  if (row.leaf !== null) return bytes('leaf');
  const check: CheckFields = {
    kind: row.kind as string,
    brand: row.brand as string,
    grant: row.jti as string | null,
    purpose: row.purpose as string,
    attributes: JSON.parse(row.attributes as string),
    at: row.at as number,
    decision: row.decision === 1,
  };
  return checkLeaf(check, bytes('opening'));
}

/**
 * The checks of each minute until it is over and its batch is in the log. What is in memory follows from what is in the
 * database: `interval` and `opening` of every check.
 */
export class AccessLog {
  private readonly db: Database;
  /** null until the database was asked. */
  private sealed: Sealed | null = null;
  /** The first minute that is not in the log. */
  private open = 0;
  /** The latest minute a check belongs to: clocks may go back, minutes do not. */
  private latest = 0;
  /** The highest id that was given out. */
  private lastId = 0;
  /** From the open minute on. */
  private minutes = new Map<number, Minute>();
  private recorded: Recorded[] = [];
  /** How many those are. */
  private unhashed = 0;
  /** A minute that is over and waits to be written into the log. */
  private closing: AccessBatch | null = null;
  /** Changes when another process has written anything. */
  private version: number | null = null;

  constructor(db: Database) {
    this.db = db;
  }

  /**
   * Inside `write`, before the rows themselves.
   * @returns the id of the first, those after it follow; what opens them, one after the other; the minute they belong to
   */
  record(checks: readonly CheckFields[], now: number): Committed {
    this.latest = Math.max(this.latest, this.openAt(now), intervalOf(now));
    const openings = newCheckOpenings(checks.length);
    const id = this.lastId + 1;
    this.lastId += checks.length;
    this.minuteOf(this.latest).last = this.lastId;
    this.recorded.push({ interval: this.latest, checks, openings });
    this.unhashed += checks.length;
    if (this.unhashed >= HASHED_AT_ONCE) this.hashRecorded();
    return { id, openings, interval: this.latest };
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
      'INSERT INTO access_batch VALUES (?, ?, ?, ?, ?, ?)',
      interval,
      log,
      index,
      root,
      Buffer.concat(leaves),
      this.lastOf(interval),
    );
    for (const { brand, n, root, headSeq, prev, opening, commitment } of records) {
      this.db.run(
        'INSERT INTO access_brand VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        brand,
        interval,
        n,
        root,
        headSeq,
        prev,
        opening,
        commitment,
      );
    }
  }

  /** After the commit of `write`. */
  written({ interval }: AccessBatch, now: number): void {
    this.sealed = { interval, check: this.lastOf(interval) };
    this.minutes.delete(interval);
    this.open = this.first() ?? Math.max(interval + 1, intervalOf(now));
    this.closing = null;
  }

  /** Forgets what was not committed. */
  reload(): void {
    this.sealed = null;
    this.minutes = new Map();
    this.recorded = [];
    this.unhashed = 0;
    this.closing = null;
  }

  /** The first minute that is not in the log. What another process has recorded meanwhile is known from here on. */
  private openAt(now: number): number {
    const version = this.db.version();
    if (this.sealed === null || version !== this.version) this.catchUp(now);
    this.version = version;
    return this.open;
  }

  private catchUp(now: number): void {
    this.hashRecorded();
    const sealed = this.lastSealed();
    if (this.sealed === null) {
      // A minute that was to be written when a commit failed is written still, also without any checks.
      this.open ||= intervalOf(now);
      this.lastId = sealed.check;
    }
    this.sealed = sealed;
    this.closing = null;
    for (const interval of this.minutes.keys()) {
      if (interval <= sealed.interval) this.minutes.delete(interval);
    }
    const rows = this.db.all(
      `SELECT check_leaf.*, jti FROM check_leaf LEFT JOIN consent_grant ON consent_grant.id = grant_id
       WHERE check_leaf.id > ? AND interval > ? AND coalesce(opening, leaf) IS NOT NULL
       ORDER BY check_leaf.id`,
      this.lastId,
      sealed.interval,
    );
    for (const row of rows) {
      const interval = row.interval as number;
      this.latest = Math.max(this.latest, interval);
      this.add(interval, row.brand as string, leafOfRow(row));
      this.minuteOf(interval).last = row.id as number;
      this.lastId = row.id as number;
    }
    const known = this.db.get('SELECT max(id) AS id FROM check_leaf')?.id ?? 0;
    const noted = this.db.get('SELECT id FROM check_noted')?.id;
    this.lastId = Math.max(this.lastId, known as number, noted as number);
    this.open = this.first() ?? Math.max(sealed.interval + 1, this.open);
  }

  private lastSealed(): Sealed {
    const row = this.db.get(
      'SELECT interval, last_check FROM access_batch ORDER BY interval DESC LIMIT 1',
    );
    if (row === undefined) return { interval: -1, check: 0 };
    return { interval: row.interval as number, check: row.last_check as number };
  }

  private first(): number | null {
    return this.minutes.size === 0 ? null : Math.min(...this.minutes.keys());
  }

  /** The last check up to the end of the minute. */
  private lastOf(interval: number): number {
    return this.minutes.get(interval)?.last ?? this.sealed?.check ?? 0;
  }

  private minuteOf(interval: number): Minute {
    const minute = this.minutes.get(interval) ?? { trees: new Map(), last: 0 };
    this.minutes.set(interval, minute);
    return minute;
  }

  private add(interval: number, brand: string, leaf: Buffer): void {
    const { trees } = this.minuteOf(interval);
    const tree = trees.get(brand) ?? new GrowingRoot();
    trees.set(brand, tree);
    tree.add(leaf);
  }

  private hashRecorded(): void {
    for (const { interval, checks, openings } of this.recorded) {
      for (const [place, check] of checks.entries()) {
        this.add(interval, check.brand, checkLeaf(check, checkOpeningAt(openings, place)));
      }
    }
    this.recorded = [];
    this.unhashed = 0;
  }

  private ofBrands(interval: number): BrandMinute[] {
    this.hashRecorded();
    return [...(this.minutes.get(interval)?.trees ?? [])].map(([brand, tree]) => {
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
        n: tree.size,
        root: tree.root(),
        headSeq: (stream?.seq as number | undefined) ?? 0,
        prev: prev === undefined ? null : Buffer.from(prev).toString('base64url'),
      };
    });
  }
}
