import type { Database } from './database.ts';

/** Characters that are written twice, in table and index: more than a registration takes. */
const SIZE = 16_384;

/**
 * Writes and takes back, in one durable transaction: it needs room in the file and in the write-ahead log, as any
 * change does.
 * @throws StoreError
 */
export function probe(db: Database): Promise<void> {
  return db.write(() => {
    db.run(`INSERT OR REPLACE INTO single_use VALUES ('probe', hex(zeroblob(${SIZE / 2})), 0)`);
    db.run("DELETE FROM single_use WHERE kind = 'probe'");
  });
}
