import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE } from '../store/sqlite.ts';
import type { World } from './world.ts';

const PASSING = ['single_use', 'token'];

/**
 * Every row of every table except those that remember what was used once.
 * @param world one at rest: elsewhere the log orders, notes and publishes meanwhile, and two looks may differ by that
 */
export function rows({ data, isAtRest }: World): string {
  if (!isAtRest) throw new Error('rows: of a world at rest only');
  const db = new DatabaseSync(join(data, DATABASE_FILE), { readOnly: true });
  try {
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !PASSING.includes(name));
    return JSON.stringify(tables.map((name) => [name, db.prepare(`SELECT * FROM ${name}`).all()]));
  } finally {
    db.close();
  }
}
