import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import { makePrivateFolder, PrivateFileError } from '../private-file.ts';
import type { Store } from './port.ts';
import { withReadiness } from './readiness.ts';
import { brandTables } from './sqlite/brands.ts';
import { checkTables } from './sqlite/checks.ts';
import { Database } from './sqlite/database.ts';
import { dump } from './sqlite/dump.ts';
import { grantTables } from './sqlite/grants.ts';
import { sweep, sweepChecks } from './sqlite/housekeeping.ts';
import { logTables } from './sqlite/log.ts';
import { probe } from './sqlite/probe.ts';
import { type LogWriter, Sequencer } from './sqlite/sequencer.ts';
import { slotTables } from './sqlite/slots.ts';

export const DATABASE_FILE = 'vault.db';

/**
 * The store in one file of `folder`, mode 0600, brought to this version's schema.
 * @param writer what the log is written with; without it, rows wait
 * @throws StoreError for a database of a newer version or none at all; PrivateFileError when others can read it
 */
export function openSqliteStore(
  folder: string,
  writer?: LogWriter,
  onUnknownOutcome?: () => void,
): Store {
  makePrivateFolder(folder);
  const db = openDatabase(join(folder, DATABASE_FILE), onUnknownOutcome);
  const sequencer = writer === undefined ? null : new Sequencer(db, writer);
  db.ending = sequencer;
  const store: Store = {
    ...brandTables(db),
    ...slotTables(db),
    ...grantTables(db),
    ...checkTables(db, sequencer),
    ...logTables(db, sequencer),
    dump: (pseudonym) => db.read(() => dump(db, pseudonym)),
    sweep: async (now, checksUntil) => {
      await db.write(() => sweep(db, now));
      await sweepChecks(db, checksUntil);
      await db.checkpoint();
    },
    ready: () =>
      db.read(() => {
        db.get('SELECT count(*) FROM brand');
      }),
    close: () => db.close(),
  };
  return withReadiness(store, () => probe(db));
}

/** SQLite's primary result codes (sqlite.org/rescode.html) that an operator can do something about. */
const REASONS: { readonly [code: number]: string } = {
  5: 'another program keeps it locked',
  8: 'it cannot be written',
  10: 'the disk is full or failing',
  11: 'it is damaged',
  13: 'the disk is full',
  14: 'it or its folder cannot be written',
  26: 'it is no database',
};

function openDatabase(path: string, onUnknownOutcome?: () => void): Database {
  try {
    return new Database(path, onUnknownOutcome);
  } catch (cause) {
    if (cause instanceof StoreError || cause instanceof PrivateFileError) throw cause;
    const reason = REASONS[((cause as { errcode?: number }).errcode ?? 0) & 0xff];
    const why = reason === undefined ? '' : `: ${reason}`;
    throw new StoreError(`${path} cannot be opened as the vault's database${why}.`, { cause });
  }
}
