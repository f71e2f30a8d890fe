import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { brandEntry } from '../../log-entry.ts';
import type { BrandRecord, Store } from '../port.ts';
import { openSqliteStore } from '../sqlite.ts';

const DIDS = ['did:web:one.example', 'did:web:two.example'] as const;
const NOW = 1_800_000_000;

const documentOf = (did: string, n: number) => ({ did, keys: [], manifest: { n } }) as never;

async function save(store: Store, did: string, change: (from: BrandRecord | null) => BrandRecord) {
  const from = await store.brand(did);
  const log = [brandEntry('brand-changed', { did }, NOW)];
  return store.saveBrand({ from, to: change(from), log });
}

/** What one process does of what is kept parsed; `n` makes each different. */
const STEPS = {
  write: (store: Store, did: string, n: number) =>
    save(store, did, (from) => ({
      did,
      document: documentOf(did, n),
      enrolledAt: NOW,
      readAt: NOW,
      frozenAt: from?.frozenAt ?? null,
    })),
  freeze: async (store: Store, did: string, n: number) => {
    if ((await store.brand(did)) === null) return;
    await save(store, did, (from) => ({ ...(from as BrandRecord), frozenAt: NOW + n }));
  },
  readmit: async (store: Store, did: string, n: number) => {
    const brand = await store.brand(did);
    if (brand === null) return;
    const to = { ...brand, document: documentOf(did, n) };
    await store.readmitBrand(to, brandEntry('brand-changed', { did }, NOW));
  },
  claim: (store: Store, did: string, n: number) => store.claimReading(did, NOW + n, 0),
  token: (store: Store, did: string, n: number) =>
    store.saveToken({ hash: `${did} ${n}`, did, key: 'k', assertion: 'a', expires: NOW + (n % 3) }),
  sweep: (store: Store, _: string, n: number) => store.sweep(NOW + (n % 3), 0),
} as const;

const step = fc.record({
  name: fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])),
  did: fc.constantFrom(...DIDS),
  by: fc.nat(1),
});

describe('brands and tokens are kept parsed', () => {
  test.prop([fc.array(step, { maxLength: 25 })], { numRuns: 15 })(
    'and yet each process sees at once what any of them has written',
    async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'zusage-cache-'));
      const stores = [openSqliteStore(folder), openSqliteStore(folder)] as const;
      try {
        for (const [n, { name, did, by }] of steps.entries()) {
          await STEPS[name](stores[by] as Store, did, n);
          // Each process looks once in each turn of its event loop; these two share one.
          await setImmediate();
          const fresh = openSqliteStore(folder);
          for (const each of DIDS) {
            const hashes = steps.slice(0, n + 1).map((_, place) => `${each} ${place}`);
            const brand = await fresh.brand(each);
            const tokens = await Promise.all(hashes.map((hash) => fresh.token(hash)));
            for (const store of stores) {
              expect(await store.brand(each)).toEqual(brand);
              expect(await Promise.all(hashes.map((hash) => store.token(hash)))).toEqual(tokens);
            }
          }
          await fresh.close();
        }
      } finally {
        for (const store of stores) await store.close();
        rmSync(folder, { recursive: true });
      }
    },
  );
});
