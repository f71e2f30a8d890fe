import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@zusage/vault-api/store/sqlite';
import { storeContract } from './store.ts';

storeContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zusage-store-'));
  return {
    store: openSqliteStore(folder),
    reopen: async () => openSqliteStore(folder),
    remove: async () => rmSync(folder, { recursive: true }),
  };
});
