import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKeys } from '../keys.ts';
import { headFile } from '../log/head-file.ts';
import { openingKeys } from '../log/opening-keys.ts';
import { brandEntry } from '../log-entry.ts';
import { checkpointSigner, logWriter } from '../log-writer.ts';
import type { Store } from '../store/port.ts';
import { openSqliteStore } from '../store/sqlite.ts';

const ISSUER = 'https://vault.example';

/** A store that writes the log, without a service around it. */
export async function openLogStore(data = mkdtempSync(join(tmpdir(), 'zusage-log-'))) {
  const keys = await loadKeys(data);
  const clock = { now: 1_800_000_000 };
  const openings = openingKeys(data);
  const writer = logWriter(ISSUER, keys, { openings, clock: () => clock.now });
  const store = openSqliteStore(data, writer);
  return {
    data,
    store,
    clock,
    signer: checkpointSigner(ISSUER, keys, 1),
    file: headFile(join(data, 'published-head')),
    remove: async () => {
      await store.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A change that comes into the log: a brand nobody knew. */
export async function addBrand(store: Store, name: string, now: number): Promise<void> {
  const did = `did:web:${name}.example`;
  const document = { did, keys: [], manifest: {} } as never;
  await store.saveBrand({
    from: null,
    to: { did, document, enrolledAt: now, readAt: now, frozenAt: null },
    log: [brandEntry('brand-enrolled', { did }, now)],
  });
}
