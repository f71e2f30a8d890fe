import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openLogStore } from '../../testing/log-store.ts';
import { DATABASE_FILE } from '../sqlite.ts';

test('a number is given out once, also after the latest checks are forgotten', async () => {
  const { store, data, clock, remove } = await openLogStore();
  const leaf = {
    kind: 'evaluation',
    brand: 'did:web:one.example',
    purpose: 'p',
    attributes: ['a'],
    at: clock.now,
    decision: false,
    reason: null,
    grant: null,
  } as const;
  const asked = { aud: leaf.brand, by: 'pseudonym', keys: [], max: 1 } as const;
  const record = () => store.check(asked, () => ({ answer: null, checks: [{ leaf }] }));
  try {
    await record();
    await store.sweep(clock.now, clock.now);
    await record();
    const db = new DatabaseSync(join(data, DATABASE_FILE), { readOnly: true });
    expect(db.prepare('SELECT id FROM check_leaf').all()).toEqual([{ id: 2 }]);
    db.close();
  } finally {
    await remove();
  }
});

test('what two processes take up is in one tree for each minute', async () => {
  const one = await openLogStore();
  const other = await openLogStore(one.data);
  const leaf = {
    kind: 'evaluation',
    brand: 'did:web:one.example',
    purpose: 'p',
    attributes: ['a'],
    at: one.clock.now,
    decision: false,
    reason: null,
    grant: null,
  } as const;
  const asked = { aud: leaf.brand, by: 'pseudonym', keys: [], max: 1 } as const;
  try {
    for (let minute = 0; minute < 3; minute++) {
      for (let n = 0; n < 6; n++) {
        const { store } = n % 2 === 0 ? one : other;
        await store.check(asked, () => ({ answer: null, checks: [{ leaf }] }));
        await store.noteChecks();
      }
      for (const { store, clock } of [one, other]) {
        clock.now += 60;
        await store.noteChecks();
        await store.sequence();
      }
    }
    const db = new DatabaseSync(join(one.data, DATABASE_FILE), { readOnly: true });
    const recorded = 'SELECT interval, count(*) AS n FROM check_leaf GROUP BY interval';
    const sealed = 'SELECT interval, n FROM access_brand ORDER BY interval';
    const [expected, actual] = [db.prepare(recorded).all(), db.prepare(sealed).all()];
    db.close();
    expect(expected.map(({ n }) => n)).toEqual([6, 6, 6]);
    expect(actual).toEqual(expected);
  } finally {
    await other.store.close();
    await one.remove();
  }
});
