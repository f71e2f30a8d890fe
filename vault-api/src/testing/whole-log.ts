import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { leafHash } from '../log/hash.ts';
import { RightEdge } from '../log/right-edge.ts';
import { DATABASE_FILE } from '../store/sqlite.ts';

export type WholeLog = {
  readonly entries: readonly string[];
  /** What is wrong with it; empty when head, tiles and every published note follow from the entries. */
  readonly faults: readonly string[];
};

/** Rebuilds the log from its entries, and holds everything else that is stored against that. */
export function wholeLog(data: string): WholeLog {
  const db = new DatabaseSync(join(data, DATABASE_FILE), { readOnly: true });
  try {
    const { log, size, root } = db.prepare('SELECT * FROM log_head').get() as {
      log: number;
      size: number;
      root: Uint8Array;
    };
    const rows = db.prepare('SELECT * FROM log_entry WHERE log = ? ORDER BY log_index').all(log);
    const entries = rows.map(({ entry }) => String(entry));
    const leaves = entries.map((entry) => leafHash(Buffer.from(entry)));
    const rootAt = (at: number) => RightEdge.empty.append(leaves.slice(0, at)).edge.root();
    const faults: string[] = [];
    if (rows.some(({ log_index }, i) => log_index !== i)) faults.push('indexes');
    if (entries.length !== size || !rootAt(size).equals(Buffer.from(root))) faults.push('head');
    for (const { level, n, hashes } of RightEdge.empty.append(leaves).tiles) {
      const sql = 'SELECT hashes FROM log_tile WHERE log = ? AND level = ? AND n = ?';
      const stored = db.prepare(sql).get(log, level, n)?.['hashes'] as Uint8Array | undefined;
      if (stored === undefined || !hashes.equals(stored)) faults.push(`tile ${level} ${n}`);
    }
    for (const { size: at, note } of db.prepare('SELECT * FROM log_note WHERE log = ?').all(log)) {
      const [, , published] = String(note).split('\n');
      if (published !== rootAt(Number(at)).toString('base64')) faults.push(`note ${at}`);
    }
    const waiting = db.prepare('SELECT qid FROM log_queue WHERE log_index IS NULL').all();
    if (waiting.length > 0) faults.push(`${waiting.length} waiting`);
    return { entries, faults };
  } finally {
    db.close();
  }
}
