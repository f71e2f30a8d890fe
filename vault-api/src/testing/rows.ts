import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE } from '../store/sqlite.ts';
import type { World } from './world.ts';

const PASSING = [
  'single_use',
  'token',
  'log_published',
  'log_note',
  'check_of_grant',
  'check_noted',
  'check_run',
];

/** Every row of every table except those that remember what was used once, or what is published and noted meanwhile. */
export function rows({ data }: World): string {
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
