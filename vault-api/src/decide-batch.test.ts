import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Question, Semantic } from './authzen.ts';
import { decideBatch } from './decide-batch.ts';
import type { BrandRecord, Store } from './store/port.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { ATTRIBUTES, PURPOSE } from './testing/brand.ts';
import { eventCall, newPerson, share, type TestPerson } from './testing/person.ts';
import { startWorld, type World } from './testing/world.ts';

const NARROWER = 'https://w3id.org/dpv#DirectMarketing';
const LIMIT = { frequency: { uses: 1, per: 'P1D' as const } };

let world: World;
let store: Store;
let brand: BrandRecord;
let person: TestPerson;
beforeEach(async () => {
  world = await startWorld();
  store = openSqliteStore(world.data);
  brand = (await store.brand(world.brand.did)) as BrandRecord;
  person = await newPerson();
});
afterEach(async () => {
  await store.close();
  await world.close();
});

const question = (attribute: string, purpose = PURPOSE): Question => ({
  subject: person.pseudonym,
  purpose,
  attribute,
  foreign: null,
});

async function run(questions: (Question | null)[], semantic: Semantic = 'execute_all') {
  const context = { store, clock: () => world.now } as Parameters<typeof decideBatch>[0];
  const answers = await decideBatch(context, { brand, questions, semantic });
  return answers.map((answer) => (answer?.decision === false ? answer.reason : answer?.decision));
}

async function shareLimited(attributes = ATTRIBUTES, terms: object = LIMIT) {
  const request = await world.request({ terms });
  return (await share(world, person, { request, decided: { attributes } })).grant;
}

test('items with the same subject and purpose are one use, recorded once', async () => {
  const { jti } = (await shareLimited()).claims;
  const items = [...ATTRIBUTES, ...ATTRIBUTES].map((attribute) => question(attribute));
  expect(await run(items)).toEqual([true, true, true, true]);
  expect(await store.checks(jti, 0, 9)).toMatchObject([{ attributes: ATTRIBUTES, decision: true }]);
  expect(await run(items.slice(0, 2))).toEqual(['frequency', 'frequency']);
});

test('another purpose is another use: the limit falls inside the batch', async () => {
  const terms = { ...LIMIT, purpose: [PURPOSE, NARROWER] };
  const { jti } = (await shareLimited(ATTRIBUTES, terms)).claims;
  const items = [question('size.shoe'), question('size.shoe', NARROWER), question('intent.travel')];
  expect(await run(items)).toEqual([true, 'frequency', true]);
  const checks = await store.checks(jti, 0, 9);
  expect(checks.map(({ decision }) => decision)).toEqual([true, false]);
});

test('what the semantic leaves out is no use, even when a limit moves the end forward', async () => {
  const terms = { ...LIMIT, purpose: [PURPOSE, NARROWER] };
  await shareLimited(ATTRIBUTES, terms);
  const first = [question('size.height'), question('size.shoe'), question('size.shoe', NARROWER)];
  expect(await run(first, 'deny_on_first_deny')).toEqual(['attribute']);
  expect(await run(first.slice(1), 'deny_on_first_deny')).toEqual([true, 'frequency']);
  world.now += 86_400;
  expect(await run(first, 'permit_on_first_permit')).toEqual(['attribute', true]);
  expect(await run([null, question('size.shoe')], 'permit_on_first_permit')).toEqual([
    undefined,
    'frequency',
  ]);
});

test('each item is about one grant: the latest that allows it, an older one when its uses are up', async () => {
  const older = await shareLimited(ATTRIBUTES, {});
  world.now++;
  const newer = await shareLimited(['size.shoe']);
  const items = [question('size.shoe'), question('intent.travel')];
  expect(await run(items)).toEqual([true, true]);
  expect(await store.checks(newer.claims.jti, 0, 9)).toMatchObject([{ attributes: ['size.shoe'] }]);
  expect(await run(items)).toEqual([true, true]);
  const charged = await store.checks(older.claims.jti, 0, 9);
  expect(charged.map(({ attributes }) => attributes)).toEqual([['intent.travel'], ATTRIBUTES]);
});

test('a withdrawal that came first wins, for the whole batch', async () => {
  const grant = await shareLimited(ATTRIBUTES, {});
  const withdrawn = eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  const answers = Array.from({ length: 20 }, async () => {
    const answer = await run([question('size.shoe'), question('size.shoe')]);
    expect(new Set(answer).size).toBe(1);
  });
  await Promise.all([withdrawn, ...answers]);
  expect(await run([question('size.shoe')])).toEqual(['withdrawn']);
  const checks = await store.checks(grant.claims.jti, 0, 99);
  const decisions = checks.map(({ decision }) => decision);
  expect(decisions).toEqual([...decisions].sort().reverse());
});

test('many batches at once never pass a limit', async () => {
  const terms = { frequency: { uses: 5, per: 'P1D' as const } };
  await shareLimited(ATTRIBUTES, terms);
  const all = await Promise.all(Array.from({ length: 20 }, () => run([question('size.shoe')])));
  expect(all.filter(([allowed]) => allowed === true).length).toBe(5);
});

test('a batch of nonsense fills no record beyond what a person can read', async () => {
  const { jti } = (await shareLimited(ATTRIBUTES, {})).claims;
  const items = Array.from({ length: 100 }, (_, n) => question(`nothing.n${n}`));
  expect(new Set(await run(items))).toEqual(new Set(['attribute']));
  const checks = await store.checks(jti, 0, 9);
  expect(checks.map(({ attributes }) => attributes.length)).toEqual([32, 32, 32, 4]);
});
