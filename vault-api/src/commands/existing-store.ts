import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store/port.ts';
import { DATABASE_FILE, openSqliteStore } from '../store/sqlite.ts';
import { CommandError } from './command.ts';

/**
 * The store of a service that has run: in a folder that was misspelt, a command must not make an empty one and answer
 * from it.
 * @throws CommandError; StoreError and PrivateFileError as `openSqliteStore`
 */
export function openExistingStore(folder: string): Store {
  if (existsSync(join(folder, DATABASE_FILE))) return openSqliteStore(folder);
  throw new CommandError(
    `No database is in ${folder}; set ZUSAGE_DATA to the service's folder (npm start has it in .data/vault).`,
  );
}
