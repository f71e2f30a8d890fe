import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Question, SEMANTICS } from './authzen.ts';
import { decideBatch } from './decide-batch.ts';
import { onceOf } from './idempotency.ts';
import type { BrandRecord, Store } from './store/port.ts';
import { DATABASE_FILE, openSqliteStore } from './store/sqlite.ts';
import { ATTRIBUTES, PURPOSE } from './testing/brand.ts';
import { newPerson, share, type TestPerson } from './testing/person.ts';
import { startWorld, type World } from './testing/world.ts';

const PURPOSES = [PURPOSE, 'https://w3id.org/dpv#DirectMarketing'];
const USES = 1;
const DAY = 86_400;

let world: World;
let store: Store;
let brand: BrandRecord;
let people: TestPerson[];
beforeAll(async () => {
  world = await startWorld();
  store = openSqliteStore(world.data);
  brand = (await store.brand(world.brand.did)) as BrandRecord;
  people = [await newPerson(), await newPerson()];
  const terms = { purpose: PURPOSES, frequency: { uses: USES, per: 'P1D' as const } };
  for (const person of people) {
    for (const attributes of [ATTRIBUTES, ATTRIBUTES.slice(0, 1)]) {
      await share(world, person, {
        request: await world.request({ terms }),
        decided: { attributes },
      });
    }
  }
});
afterAll(async () => {
  await store.close();
  await world.close();
});

const asked = fc.record({
  who: fc.nat(1),
  purpose: fc.constantFrom(...PURPOSES),
  attribute: fc.constantFrom(...ATTRIBUTES),
});
const other = fc.constantFrom(
  null,
  { who: 2, purpose: PURPOSE, attribute: 'size.shoe' },
  { who: 0, purpose: 'https://w3id.org/dpv#Marketing', attribute: 'size.shoe' },
  { who: 1, purpose: PURPOSE, attribute: 'size.hat' },
);
const item = fc.oneof({ weight: 5, arbitrary: asked }, { weight: 1, arbitrary: other });
const batch = fc.record({
  items: fc.array(item, { minLength: 1, maxLength: 10 }),
  semantic: fc.constantFrom(...SEMANTICS),
  key: fc.option(fc.nat(2)),
});

/** Allowed checks and counted uses of each grant. */
function counted() {
  const db = new DatabaseSync(join(world.data, DATABASE_FILE), { readOnly: true });
  const records = db
    .prepare(
      `SELECT jti, (at - nbf) / ${DAY} AS window, count(*) AS uses FROM check_leaf
       JOIN consent_grant ON consent_grant.id = grant_id WHERE decision = 1 GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    .all();
  const counters = db.prepare('SELECT * FROM use_counter ORDER BY 1, 2').all();
  db.close();
  return { records, counters };
}

let days = 0;
test.prop([fc.array(batch, { minLength: 1, maxLength: 8 })], { numRuns: 40 })(
  'whatever is asked together, at once and again: every use is recorded and counted, and none beyond the limit',
  async (batches) => {
    // Each run has a window of its own; the grants last for ninety days.
    days++;
    const now = world.now + days * DAY;
    const context = { store, clock: () => now } as Parameters<typeof decideBatch>[0];
    const ask = ({ items, semantic, key }: (typeof batches)[number]) => {
      const questions = items.map<Question | null>(
        (one) =>
          one && {
            subject: people[one.who]?.pseudonym ?? 'nobody',
            purpose: one.purpose,
            attribute: one.attribute,
            foreign: null,
          },
      );
      // A key stands for the batch it came with; the number tells one run's from another's.
      const request = { items, semantic };
      const name = `"${days} ${key} ${JSON.stringify(request).length}"`;
      const header = key === null ? undefined : name;
      const once = onceOf(brand.did, { header, request });
      return decideBatch(context, { brand, questions, semantic, once });
    };
    const outcomes = await Promise.allSettled(batches.map(ask));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject({ code: 'idempotency/mismatch' });
      }
    }
    const { records, counters } = counted();
    expect(records.map(({ jti, window, uses }) => [jti, window, uses])).toEqual(
      counters.map(({ grant_jti, window, uses }) => [grant_jti, window, uses]),
    );
    for (const { uses } of counters) expect(uses).toBeLessThanOrEqual(USES);
    const repeated = batches.filter(({ key }) => key !== null);
    const again = await Promise.allSettled(repeated.map(ask));
    expect(counted()).toEqual({ records, counters });
    const first = outcomes.filter((_, place) => batches[place]?.key !== null);
    expect(again).toEqual(first);
  },
);
