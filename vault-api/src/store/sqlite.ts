import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import { makePrivateFolder, PrivateFileError } from '../private-file.ts';
import type { Store } from './port.ts';
import { brandTables } from './sqlite/brands.ts';
import { checkTables } from './sqlite/checks.ts';
import { Database } from './sqlite/database.ts';
import { dump } from './sqlite/dump.ts';
import { grantTables } from './sqlite/grants.ts';
import { sweep, sweepChecks } from './sqlite/housekeeping.ts';
import { logTables } from './sqlite/log.ts';
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
  return {
    ...brandTables(db),
    ...slotTables(db),
    ...grantTables(db),
    ...checkTables(db),
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
}

function openDatabase(path: string, onUnknownOutcome?: () => void): Database {
  try {
    return new Database(path, onUnknownOutcome);
  } catch (cause) {
    if (cause instanceof StoreError || cause instanceof PrivateFileError) throw cause;
    throw new StoreError(`${path} cannot be opened as the vault's database.`, { cause });
  }
}
