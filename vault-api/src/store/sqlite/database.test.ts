import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StoreError } from '../../errors.ts';
import { Database } from './database.ts';

test.each(['write', 'writeOne'] as const)(
  'when the disk is full amid a batch, SQLite takes all of it back: all is refused, none of it is there (%s)',
  async (method) => {
    const folder = mkdtempSync(join(tmpdir(), 'zusage-database-'));
    let unknownOutcomes = 0;
    const db = new Database(join(folder, 'vault.db'), () => {
      unknownOutcomes++;
    });
    const pages = (count: number) => db.write(() => db.all(`PRAGMA max_page_count = ${count}`));
    const insert = (id: string) =>
      db[method](() => db.run("INSERT INTO single_use VALUES ('read', ?, 1)", id));
    const known = () => db.read(() => db.all('SELECT id FROM single_use').map(({ id }) => id));
    try {
      await insert('before');
      await pages(1);
      const batch = [insert('one'), insert('x'.repeat(100_000)), insert('two'), insert('three')];
      for (const outcome of await Promise.allSettled(batch)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(StoreError) });
      }
      expect(await known()).toEqual(['before']);
      await pages(1_073_741_823);
      await insert('after');
      expect(await known()).toEqual(['before', 'after'].sort());
      expect(unknownOutcomes).toBe(0);
    } finally {
      await db.close();
      rmSync(folder, { recursive: true });
    }
  },
);

test('one that fails half done, or before it has begun, takes nothing of the others with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zusage-database-'));
  const db = new Database(join(folder, 'vault.db'));
  const insert = (id: string) => db.run("INSERT INTO single_use VALUES ('read', ?, 1)", id);
  const known = () => db.read(() => db.all('SELECT id FROM single_use').map(({ id }) => id));
  const fail = () => {
    throw new Error('half done');
  };
  try {
    const outcomes = await Promise.allSettled([
      db.write(() => insert('one')),
      db.write(() => [insert('lost'), fail()]),
      db.write(fail),
      db.write(() => [insert('two'), insert('three')]),
      db.writeOne(() => insert('one')),
      db.write(() => [insert('lost, too'), insert('two')]),
    ]);
    const statuses = outcomes.map(({ status }) => status);
    const [good, bad] = ['fulfilled', 'rejected'];
    expect(statuses).toEqual([good, bad, bad, good, bad, bad]);
    expect((await known()).sort()).toEqual(['one', 'three', 'two']);
    await db.write(() => insert('after'));
    expect(await known()).toHaveLength(4);
  } finally {
    await db.close();
    rmSync(folder, { recursive: true });
  }
});
