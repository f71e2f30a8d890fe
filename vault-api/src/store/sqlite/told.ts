import type { Told } from '../port.ts';
import type { Database } from './database.ts';

/** Inside `read` or `write`. */
export function toldBefore(db: Database, brand: string, key: string): Told | null {
  const row = db.get('SELECT * FROM told WHERE brand = ? AND key = ?', brand, key);
  return row === undefined ? null : ({ ...row } as Told);
}

/** Inside `write`. */
export function keepTold(db: Database, { brand, key, request, at, answers }: Told): void {
  db.run('INSERT INTO told VALUES (?, ?, ?, ?, ?)', brand, key, request, at, answers);
}
