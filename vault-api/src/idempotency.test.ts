import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATABASE_FILE } from './store/sqlite.ts';
import { PURPOSE, serveBrand } from './testing/brand.ts';
import { eventCall, newPerson, readCall, share, type TestPerson } from './testing/person.ts';
import { rows } from './testing/rows.ts';
import { enrol, form, post, startWorld, token, type World } from './testing/world.ts';

let world: World;
let person: TestPerson;
let bearer: string;
let shared: Awaited<ReturnType<typeof share>>;
beforeEach(async () => {
  world = await startWorld({ atRest: true });
  person = await newPerson();
  const terms = { frequency: { uses: 2, per: 'P1D' as const } };
  shared = await share(world, person, { request: await world.request({ terms }) });
  bearer = await token(world);
});
afterEach(() => world.close());

const evaluation = (subject = person.pseudonym, attribute = 'size.shoe') => ({
  subject: { type: 'user', id: subject },
  action: { name: PURPOSE },
  resource: { type: 'attribute', id: attribute },
});
const ask = (key: string | null, body: object = evaluation(), path = 'evaluation') =>
  post(world, `/access/v1/${path}`, body, {
    authorization: `Bearer ${bearer}`,
    ...(key !== null && { 'idempotency-key': key }),
  });
const introspect = (key: string, more: Record<string, string> = {}) =>
  form(
    world,
    '/introspect',
    { token: shared.grant.jwt, purpose: PURPOSE, ...more },
    { 'idempotency-key': key },
  );
const uses = async () => {
  const { body } = await readCall(world, person, shared.grant);
  return (body.checks as { decision: boolean }[]).length;
};
function sql(text: string) {
  const db = new DatabaseSync(join(world.data, DATABASE_FILE));
  try {
    return db.prepare(text).all();
  } finally {
    db.close();
  }
}

describe('a repeated check is one use', () => {
  test('with the same answer, however often and long after the limit is reached', async () => {
    const first = await ask('"a"');
    expect(first.body).toMatchObject({
      decision: true,
      context: { grant: shared.grant.claims.jti },
    });
    for (let n = 0; n < 3; n++) expect((await ask('"a"')).text).toBe(first.text);
    expect((await ask('"b"')).body.decision).toBe(true);
    expect((await ask('"c"')).body).toEqual({ decision: false, context: { reason: 'frequency' } });
    expect((await ask('"c"')).body).toEqual({ decision: false, context: { reason: 'frequency' } });
    expect((await ask('"a"')).text).toBe(first.text);
    expect(await uses()).toBe(3);
  });

  test('when many come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('"a"')));
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set([answers[0]?.text]));
    expect(answers[0]?.body.decision).toBe(true);
    expect(await uses()).toBe(1);
    expect((await ask('"b"')).body.decision).toBe(true);
  });

  test('in batches too, each with its items', async () => {
    const body = {
      evaluations: [evaluation(), evaluation('nobody'), {}, evaluation(undefined, 'intent.travel')],
    };
    const first = await ask('"a"', body, 'evaluations');
    const decisions = (first.body.evaluations as { decision: boolean }[]).map(
      (one) => one.decision,
    );
    expect(decisions).toEqual([true, false, false, false]);
    const again = await Promise.all([1, 2, 3].map(() => ask('"a"', body, 'evaluations')));
    for (const { text } of again) expect(text).toBe(first.text);
    expect((await ask('"b"')).body.decision).toBe(true);
    expect((await ask('"c"')).body.decision).toBe(false);
  });

  test('in a batch that stops early', async () => {
    const evaluations = [evaluation('nobody'), evaluation(), evaluation(undefined, 'size.hat')];
    const options = { evaluations_semantic: 'permit_on_first_permit' };
    const first = await ask('"a"', { evaluations, options }, 'evaluations');
    expect(first.body.evaluations).toHaveLength(2);
    expect((await ask('"a"', { evaluations, options }, 'evaluations')).text).toBe(first.text);
  });

  test('by introspection, each time with an assertion of its own and signed or not', async () => {
    const first = await introspect('"a"');
    expect(first.body).toMatchObject({ active: true, valid_for: 0 });
    expect((await introspect('"a"')).text).toBe(first.text);
    expect((await introspect('"b"')).body.active).toBe(true);
    expect((await introspect('"c"')).body).toEqual({ active: false, reason: 'frequency' });
    expect((await introspect('"a"')).text).toBe(first.text);
  });

  test('a status query is none, so a key is ignored, whatever it is', async () => {
    const query = { token: shared.grant.jwt };
    const answer = await form(world, '/introspect', query, { 'idempotency-key': 'none' });
    expect([answer.status, answer.body.active]).toEqual([200, true]);
  });

  test('and without a key each time another', async () => {
    await ask(null);
    await ask(null);
    expect((await ask(null)).body.decision).toBe(false);
  });
});

describe('a key', () => {
  test('stands for one request: another is 422 and counts nothing', async () => {
    await ask('"a"');
    const before = rows(world);
    for (const answer of [
      await ask('"a"', evaluation(person.pseudonym, 'intent.travel')),
      await ask('"a"', { ...evaluation(), context: { more: true } }),
      await ask('"a"', { evaluations: [evaluation()] }, 'evaluations'),
      await introspect('"a"'),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([422, 'idempotency/mismatch']);
    }
    expect(rows(world)).toBe(before);
  });

  test.each([
    ['an item of its own', (): object[] => [evaluation(undefined, 'intent.travel')]],
    ['an item that is none', (): object[] => [{ subject: 1 }]],
  ])('stands for one question or for many, not for both: %s', async (_, evaluations) => {
    const body = { ...evaluation(), evaluations: evaluations() };
    for (const [key, first, second] of [
      ['"a"', 'evaluation', 'evaluations'],
      ['"b"', 'evaluations', 'evaluation'],
    ] as const) {
      expect((await ask(key, body, first)).status).toBe(200);
      const before = rows(world);
      const answer = await ask(key, body, second);
      expect([answer.status, answer.body.code]).toEqual([422, 'idempotency/mismatch']);
      expect(rows(world)).toBe(before);
    }
    // §7.1: without items, many is one.
    const one = { ...evaluation('nobody'), evaluations: [] };
    const first = await ask('"c"', one, 'evaluations');
    expect((await ask('"c"', one)).text).toBe(first.text);
  });

  test('is the caller’s own', async () => {
    await ask('"a"', evaluation('somebody'));
    const brand = await serveBrand();
    try {
      const other = { ...world, brand };
      expect((await enrol(other)).status).toBe(201);
      bearer = await token(other);
      expect((await ask('"a"')).body.decision).toBe(false);
    } finally {
      await brand.close();
    }
  });

  test.each(['a', '""', '"a', '"a\\"b"', '"a";b=1', `"${'a'.repeat(129)}"`, '"a", "b"'])(
    'is a string of RFC 8941, which %s is not',
    async (key) => {
      const answer = await ask(key);
      expect([answer.status, answer.body.code]).toEqual([400, 'http/malformed']);
      expect(await uses()).toBe(0);
    },
  );

  test('is kept for a day, and survives a restart', async () => {
    const first = await ask('"a"');
    world.now += 86_399;
    await world.restart();
    bearer = await token(world);
    expect((await ask('"a"')).text).toBe(first.text);
    world.now += 1;
    await world.restart();
    expect(sql('SELECT * FROM told')).toEqual([]);
    bearer = await token(world);
    expect((await ask('"a"')).body.decision).toBe(true);
    expect(await uses()).toBe(2);
  });

  test('leaves nothing behind that names anybody', async () => {
    await ask('"my key"');
    const kept = JSON.stringify(sql('SELECT * FROM told'));
    expect(kept).toContain(world.brand.did);
    const { jti } = shared.grant.claims;
    for (const name of ['my key', person.pseudonym, jti, 'size.shoe', PURPOSE]) {
      expect(kept).not.toContain(name);
    }
  });
});

describe('a repetition allows no more than is allowed now', () => {
  const change = (seq: number, event: 'withdraw' | 'restore', more = {}) =>
    eventCall(world, person, shared.grant, { event, seq, ...more });

  test('after a withdrawal it is refused, after an undo it is the same use again', async () => {
    const first = await ask('"a"');
    await change(1, 'withdraw', { undo_until: world.now + 300 });
    const before = rows(world);
    const answer = await ask('"a"');
    expect([answer.status, answer.body.code]).toEqual([409, 'idempotency/outdated']);
    expect(rows(world)).toBe(before);
    expect((await introspect('"b"')).body).toEqual({ active: false, reason: 'suspended' });
    await change(2, 'restore');
    expect((await ask('"a"')).text).toBe(first.text);
    expect((await introspect('"b"')).body).toEqual({ active: false, reason: 'suspended' });
  });

  test('after the grant was erased, or replaced by another, it is refused', async () => {
    await ask('"a"');
    const next = await share(world, person, {
      decided: { replaces: shared.grant.claims.jti },
    });
    expect((await ask('"a"')).body.code).toBe('idempotency/outdated');
    expect((await ask('"b"')).body).toMatchObject({ context: { grant: next.grant.claims.jti } });
  });

  test('it may be kept for what is left of the first answer’s time', async () => {
    const other = await newPerson();
    await share(world, other);
    const validFor = async () => {
      const { context } = (await ask('"a"', evaluation(other.pseudonym))).body;
      return (context as { valid_for: number }).valid_for;
    };
    expect(await validFor()).toBe(300);
    world.now += 100;
    expect(await validFor()).toBe(200);
    world.now += 300;
    expect(await validFor()).toBe(0);
  });
});

test.each([
  ['the answer', 'told'],
  ['the check', 'check_leaf'],
  ['the use', 'use_counter'],
])('where %s cannot be kept, nothing is', async (_, table) => {
  sql(`CREATE TRIGGER broken BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'broken'); END`);
  const before = rows(world);
  expect((await ask('"a"')).status).toBe(503);
  expect((await ask('"a"', { evaluations: [evaluation()] }, 'evaluations')).status).toBe(503);
  expect(rows(world)).toBe(before);
  sql('DROP TRIGGER broken');
  expect((await ask('"a"')).body.decision).toBe(true);
  expect(await uses()).toBe(1);
});
