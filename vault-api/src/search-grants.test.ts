import { expect, test } from 'vitest';
import { resultsOf, searchOf } from './authzen-answer.ts';
import type { Context } from './context.ts';
import { searchGrants } from './search-grants.ts';
import type { BrandRecord, GrantRecord, SearchLeaf, Store } from './store/port.ts';
import { PURPOSE } from './testing/brand.ts';

// More grants than a test can register: the two methods of the store that a search calls, over a list in memory.

const NOW = 1_800_000_000;
const brand = { did: 'did:web:shop.example', frozenAt: null } as BrandRecord;

type Wish = { person: number; grant: number; attribute: string };

function grantOf({ person, grant, attribute }: Wish): GrantRecord {
  const details = { purpose: [PURPOSE], datatypes: [attribute] };
  return {
    jti: `urn:uuid:${String(grant).padStart(6, '0')}`,
    nbf: NOW - 100,
    exp: NOW + 100,
    registeredAt: NOW - 60,
    paused: false,
    endedBy: null,
    person: { pseudonym: String(person).padStart(6, '0'), details },
  } as unknown as GrantRecord;
}

function contextOver(grants: readonly GrantRecord[]) {
  const recorded: SearchLeaf[] = [];
  const keyOf = ({ person, jti }: GrantRecord) => `${person?.pseudonym} ${jti}`;
  const sorted = [...grants].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const store: Pick<Store, 'grantsOfAudience' | 'recordSearch'> = {
    grantsOfAudience: async (_, { after, max }) => {
      const start = sorted.findIndex((grant) => keyOf(grant) > `${after.pseudonym} ${after.jti}`);
      return start === -1 ? [] : sorted.slice(start, start + max);
    },
    recordSearch: async (leaf) => void recorded.push(leaf),
  };
  return { context: { store, clock: () => NOW } as unknown as Context, recorded };
}

const search = {
  kind: 'subject',
  brand,
  subject: null,
  purpose: PURPOSE,
  attribute: 'size.shoe',
  isForeign: false,
} as const;

async function everyPage(context: Context, limit: number) {
  const pages: string[][] = [];
  for (let after: readonly string[] = []; ; ) {
    const { ids, next } = await searchGrants(context, search, { after, limit });
    pages.push(ids);
    if (next === null) return pages;
    after = next;
  }
}

test('a rare attribute is found in the end, on pages that each read a bounded number of grants', async () => {
  const grants = Array.from({ length: 25_000 }, (_, n) =>
    grantOf({ person: n, grant: n, attribute: n % 12_000 === 11_999 ? 'size.shoe' : 'mood.now' }),
  );
  const { context, recorded } = contextOver(grants);
  const pages = await everyPage(context, 1000);
  expect(pages).toEqual([[], ['011999'], ['023999']]);
  expect(recorded.map((leaf) => leaf.grants.length)).toEqual([0, 1, 1]);
});

test('a person with many grants is listed once, wherever pages and reads begin', async () => {
  const grants = Array.from({ length: 3_000 }, (_, n) =>
    grantOf({ person: Math.floor(n / 7), grant: n, attribute: 'size.shoe' }),
  );
  const everybody = Array.from({ length: Math.ceil(3_000 / 7) }, (_, n) =>
    String(n).padStart(6, '0'),
  );
  for (const limit of [1, 10, 71, 429, 1000]) {
    const { context } = contextOver(grants);
    const pages = await everyPage(context, limit);
    expect(pages.flat()).toEqual(everybody);
    expect(pages.every((page) => page.length <= limit)).toBe(true);
    expect(pages.length).toBe(Math.ceil(everybody.length / limit));
  }
});

test('a page has a thousand at most, whatever is asked for', async () => {
  const grants = Array.from({ length: 1_500 }, (_, n) =>
    grantOf({ person: n, grant: n, attribute: 'size.shoe' }),
  );
  const { context } = contextOver(grants);
  const asking = { ...context, keys: { paging: new Uint8Array(32) } } as unknown as Context;
  const body = {
    subject: { type: 'user' },
    action: { name: PURPOSE },
    resource: { type: 'attribute', id: 'size.shoe' },
  };
  for (const page of [{ limit: 2_000 }, { limit: 1_000 }, undefined]) {
    const asked = searchOf(brand, 'subject', { ...body, page });
    const answer = (await resultsOf(asking, asked)) as { page: { count: number } };
    expect(answer.page.count).toBe(1_000);
  }
});

test('what a page looked at to know whether there is more is not recorded as listed', async () => {
  const grants = [1, 2].map((n) => grantOf({ person: n, grant: n, attribute: 'size.shoe' }));
  const { context, recorded } = contextOver(grants);
  const { ids, next } = await searchGrants(context, search, { after: [], limit: 1 });
  expect([ids, next]).toEqual([['000001'], ['000001', '~']]);
  expect(recorded).toMatchObject([{ grants: ['urn:uuid:000001'], at: NOW }]);
});
