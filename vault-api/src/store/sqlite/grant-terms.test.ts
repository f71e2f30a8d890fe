import { fc, test } from '@fast-check/vitest';
import type { EventType } from '@zusage/protocol/event';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eventCall, newPerson, share } from '../../testing/person.ts';
import { startWorld, type World } from '../../testing/world.ts';
import type { GrantTerms, Store } from '../port.ts';
import { openSqliteStore } from '../sqlite.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** What a decision about these people would rest on. */
async function standing(
  store: Store,
  people: readonly string[],
): Promise<(readonly GrantTerms[])[]> {
  const asked = { aud: world.brand.did, by: 'pseudonym', keys: people, max: 100 } as const;
  return store.check(asked, ({ grants }) => ({
    answer: people.map((person) => grants.get(person) ?? []),
    checks: [],
  }));
}

const ACTS = ['share', 'withdraw', 'restore', 'suspend', 'resume', 'erase'] as const;
const step = fc.record({ act: fc.constantFrom(...ACTS), who: fc.nat(1), later: fc.nat(700) });

describe('grants are kept parsed', () => {
  test.prop([fc.array(step, { minLength: 1, maxLength: 12 })], { numRuns: 12 })(
    'and yet each process sees at once what any of them has written',
    async (steps) => {
      const people = [await newPerson(), await newPerson()];
      const names = people.map(({ pseudonym }) => pseudonym);
      const lives = people.map(
        () => [] as { grant: Awaited<ReturnType<typeof share>>['grant']; seq: number }[],
      );
      const stores = [openSqliteStore(world.data), openSqliteStore(world.data)];
      try {
        for (const { act, who, later } of steps) {
          world.now += later;
          const person = people[who] as (typeof people)[number];
          const own = lives[who] as (typeof lives)[number];
          const last = own.at(-1);
          if (act === 'share') {
            const { grant } = await share(world, person);
            own.push({ grant, seq: 0 });
          } else if (last !== undefined) {
            const event: EventType = act;
            const { status } = await eventCall(world, person, last.grant, {
              event,
              seq: last.seq + 1,
            });
            if (status === 200) last.seq++;
          }
          const fresh = openSqliteStore(world.data);
          const expected = await standing(fresh, names);
          await fresh.close();
          for (const store of stores) {
            expect(await standing(store, names)).toEqual(expected);
            for (const [place, name] of names.entries())
              expect(await standing(store, [name])).toEqual([expected[place]]);
          }
        }
      } finally {
        for (const store of stores) await store.close();
      }
    },
  );
});
