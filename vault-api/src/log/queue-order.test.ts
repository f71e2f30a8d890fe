import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Sequencer } from '../store/sqlite/sequencer.ts';
import { DATABASE_FILE } from '../store/sqlite.ts';
import { addBrand, openLogStore } from '../testing/log-store.ts';
import { LIFECYCLE_FIELDS } from './lifecycle.ts';

let log: Awaited<ReturnType<typeof openLogStore>>;
beforeEach(async () => {
  log = await openLogStore();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await log.remove();
});

const FIELDS = {
  ...Object.fromEntries(LIFECYCLE_FIELDS.map((name) => [name, null])),
  type: 'suspended',
  brand: 'did:web:shop.example',
};

function withQueue<T>(work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(log.data, DATABASE_FILE));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** As transactions of several processes leave them, which commit in another order than they began. */
function queue(rows: readonly { grant: number; seq: number; due?: number }[]): void {
  withQueue((db) => {
    const insert = db.prepare(
      "INSERT INTO log_queue (kind, grant_id, grant_seq, due) VALUES ('e', ?, ?, ?)",
    );
    const waiting = db.prepare('INSERT INTO log_waiting VALUES (?, ?, NULL)');
    for (const { grant, seq, due = 0 } of rows) {
      const { lastInsertRowid } = insert.run(grant, seq, log.clock.now + due);
      waiting.run(lastInsertRowid, JSON.stringify({ ...FIELDS, grant: String(grant) }));
    }
  });
}

/** Numbers of a grant's entries in the order of their indexes. */
function placed(grant: number): number[] {
  const sql =
    'SELECT grant_seq FROM log_queue WHERE grant_id = ? AND log_index IS NOT NULL ORDER BY log_index';
  return withQueue((db) => db.prepare(sql).all(grant)).map((row) => row['grant_seq'] as number);
}

test('entries of a grant get their indexes by their numbers, in whatever order they came', async () => {
  const numbers = [7, 3, 0, 5, 1, 6, 2, 4];
  queue(numbers.flatMap((seq) => [1, 2].map((grant) => ({ grant, seq }))));
  await log.store.sequence();
  for (const grant of [1, 2]) expect(placed(grant)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('an entry waits for the ones before it, and keeps nobody else waiting', async () => {
  queue([{ grant: 1, seq: 0, due: 30 }]);
  queue(Array.from({ length: 300 }, (_, n) => ({ grant: 1, seq: n + 1 })));
  queue([{ grant: 2, seq: 0 }]);
  await log.store.sequence();
  expect([placed(1), placed(2)]).toEqual([[], [0]]);
  log.clock.now += 30;
  while (await log.store.sequence()) {
    // Until none waits.
  }
  expect(placed(1)).toEqual(Array.from({ length: 301 }, (_, n) => n));
});

test.each([true, false])(
  'of a write that fails half done nothing waits, and the others of its batch go on (sequenced at once: %s)',
  async (isAtOnce) => {
    const { hold } = Sequencer.prototype;
    vi.spyOn(Sequencer.prototype, 'hold').mockImplementation(function (this: Sequencer, row) {
      hold.call(this, row);
      if (JSON.stringify(row.fields).includes('two')) throw new Error('disk I/O error');
    });
    const requested = vi.spyOn(Sequencer.prototype, 'isRequested');
    if (!isAtOnce) requested.mockReturnValue(false);
    const names = ['one', 'two', 'three'];
    const saved = names.map((name) => addBrand(log.store, name, log.clock.now));
    const outcomes = (await Promise.allSettled(saved)).map(({ status }) => status);
    expect(outcomes).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const waiting = withQueue((db) => db.prepare('SELECT fields FROM log_waiting').all());
    expect(waiting).toHaveLength(isAtOnce ? 0 : 2);
    requested.mockRestore();
    await log.store.sequence();
    const { size } = await log.store.logHead();
    const texts = await log.store.logEntries(1, 0, size);
    const bodies = texts.map((text) => Buffer.from(JSON.parse(text).body, 'base64url').toString());
    expect(bodies.map((body) => JSON.parse(body).did)).toEqual([
      'did:web:one.example',
      'did:web:three.example',
    ]);
  },
);
