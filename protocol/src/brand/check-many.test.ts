import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allowLoopback } from '../origin.ts';
import type { Brand } from './brand.ts';
import { type CheckManyOptions, checkMany } from './check-many.ts';
import { loopbackVault, newBrand, PURPOSE, type Reply } from './loopback.fixture.ts';
import { VerdictCache } from './verdict-cache.ts';

const EVALUATIONS = '/access/v1/evaluations';
/** Subjects that start with a `p` are permitted; `x` is no question to the service. */
const decisionOf = (subject: string) => {
  if (subject === 'x')
    return { decision: false, context: { error: { status: 400, message: 'http/malformed' } } };
  if (subject.startsWith('p')) return { decision: true, context: { valid_for: 300 } };
  return { decision: false, context: { reason: 'purpose' } };
};

let vault: Awaited<ReturnType<typeof loopbackVault>>;
let brand: Brand;
beforeEach(async () => {
  vault = await loopbackVault();
  brand = await newBrand();
  vault.replies.set('/token', () => ({
    body: { access_token: 'token-1', token_type: 'Bearer', expires_in: 600 },
  }));
  vault.replies.set(EVALUATIONS, answered);
});
afterEach(() => vault.close());

const batches = () =>
  vault.seen.filter(({ path }) => path === EVALUATIONS).map(({ body }) => JSON.parse(body));
const subjects = (batch: { evaluations: { subject: { id: string } }[] }) =>
  batch.evaluations.map(({ subject }) => subject.id);

/** As AuthZEN 1.0 §7.1.2 says. */
function answered(): Reply {
  const batch = batches().at(-1);
  const stop = { deny_on_first_deny: false, permit_on_first_permit: true }[
    batch.options.evaluations_semantic as string
  ];
  const evaluations = [];
  for (const subject of subjects(batch)) {
    evaluations.push(decisionOf(subject));
    if (evaluations.at(-1)?.decision === stop) break;
  }
  return { body: { evaluations } };
}

const ask = (people: readonly string[], more: Partial<CheckManyOptions> = {}) =>
  checkMany({
    vault: vault.url,
    brand,
    questions: people.map((subject) => ({ subject, purpose: PURPOSE, attribute: 'size.shoe' })),
    [allowLoopback]: true,
    ...more,
  });
const said = async (...asking: Parameters<typeof ask>) =>
  (await ask(...asking)).map(({ allowed }) => (allowed ? 'p' : 'd')).join('');

describe('checkMany', () => {
  test('asks AuthZEN once, and answers in the order of the questions', async () => {
    expect(await ask(['p1', 'd1', 'p2'])).toEqual([
      { allowed: true, validFor: 300 },
      { allowed: false, reason: 'purpose', validFor: 0 },
      { allowed: true, validFor: 300 },
    ]);
    expect(batches()).toEqual([
      {
        evaluations: ['p1', 'd1', 'p2'].map((id) => ({
          subject: { type: 'user', id },
          action: { name: PURPOSE },
          resource: { type: 'attribute', id: 'size.shoe' },
        })),
        options: { evaluations_semantic: 'execute_all' },
      },
    ]);
  });

  test('asks nothing about nothing', async () => {
    expect(await ask([])).toEqual([]);
    expect(vault.seen).toEqual([]);
  });

  test('stops where the semantic stops', async () => {
    const people = ['p1', 'd1', 'p2', 'd2'];
    expect(await said(people)).toBe('pdpd');
    expect(await said(people, { semantic: 'deny_on_first_deny' })).toBe('pd');
    expect(await said(people, { semantic: 'permit_on_first_permit' })).toBe('p');
    expect(await said(['d1', 'd2'], { semantic: 'permit_on_first_permit' })).toBe('dd');
  });

  test('asks for more than a thousand in several requests, and no further than it must', async () => {
    const people = Array.from({ length: 2_001 }, (_, n) => (n === 1_500 ? 'd' : `p${n}`));
    const verdicts = await said(people);
    expect([verdicts.length, verdicts.indexOf('d'), verdicts.lastIndexOf('d')]).toEqual([
      2_001, 1_500, 1_500,
    ]);
    expect(batches().map((batch) => batch.evaluations.length)).toEqual([1_000, 1_000, 1]);
    expect(await said(people, { semantic: 'deny_on_first_deny' })).toHaveLength(1_501);
    expect(batches()).toHaveLength(5);
  });

  test('gives each of several requests a key of its own', async () => {
    const people = Array.from({ length: 2_001 }, (_, n) => `p${n}`);
    await ask(people, { idempotencyKey: 'k' });
    const keys = vault.seen.flatMap(({ headers }) => headers['idempotency-key'] ?? []);
    expect(keys).toEqual(['"k"', '"k.1000"', '"k.2000"']);
  });

  test('gets a fresh token when the service no longer knows the old one', async () => {
    let answers = 0;
    vault.replies.set(EVALUATIONS, () =>
      ++answers === 1 ? { status: 401, body: {} } : answered(),
    );
    expect(await said(['p1'])).toBe('p');
  });

  test.each([
    [
      'an outage',
      { status: 503, body: { code: 'service/unavailable' } },
      'vault/refused',
      'service/unavailable',
    ],
    [
      'a refusal',
      { status: 400, body: { code: 'http/malformed' } },
      'vault/refused',
      'http/malformed',
    ],
    ['no list', { body: { decision: true } }, 'vault/answer', undefined],
    [
      'one verdict too few',
      { body: { evaluations: [decisionOf('p')] } },
      'vault/answer',
      undefined,
    ],
    [
      'one too many',
      { body: { evaluations: Array(3).fill(decisionOf('p')) } },
      'vault/answer',
      undefined,
    ],
    [
      'a verdict that is none',
      { body: { evaluations: [decisionOf('p'), {}] } },
      'vault/answer',
      undefined,
    ],
  ])('%s is one error, never a verdict', async (_, reply, code, refusal) => {
    vault.replies.set(EVALUATIONS, () => reply);
    await expect(ask(['p1', 'p2'])).rejects.toMatchObject({ name: 'SdkError', code, refusal });
  });

  test('an answer that goes on behind the end is an error', async () => {
    const evaluations = ['p', 'd', 'p'].map(decisionOf);
    vault.replies.set(EVALUATIONS, () => ({ body: { evaluations } }));
    const asking = ask(['p1', 'd1', 'p2'], { semantic: 'deny_on_first_deny' });
    await expect(asking).rejects.toMatchObject({ code: 'vault/answer' });
  });

  test('an item that could not be decided is an error, never a denial', async () => {
    await expect(ask(['p1', 'x'])).rejects.toMatchObject({
      code: 'vault/refused',
      refusal: 'http/malformed',
    });
  });

  test('one request that fails of several fails all', async () => {
    let answers = 0;
    vault.replies.set(EVALUATIONS, () =>
      ++answers === 1 ? answered() : { status: 503, body: {} },
    );
    const people = Array.from({ length: 1_001 }, (_, n) => `p${n}`);
    await expect(ask(people)).rejects.toMatchObject({ code: 'vault/refused' });
  });
});

describe('checkMany with a cache', () => {
  test('asks only for what is not known, and keeps the order', async () => {
    const cache = new VerdictCache();
    await ask(['p1', 'p3', 'd2'], { cache });
    const verdicts = await ask(['p0', 'p1', 'd2', 'p3'], { cache });
    expect(verdicts.map(({ allowed, cached = false }) => [allowed, cached])).toEqual([
      [true, false],
      [true, true],
      [false, false],
      [true, true],
    ]);
    expect(subjects(batches()[1])).toEqual(['p0', 'd2']);
    expect(await said(['p3', 'p1'], { cache })).toBe('pp');
    expect(batches()).toHaveLength(2);
  });

  test('stops where the semantic stops', async () => {
    const cache = new VerdictCache();
    await ask(['p2', 'p4'], { cache });
    const permit = { cache, semantic: 'permit_on_first_permit' } as const;
    expect(await said(['d1', 'p2', 'p3'], permit)).toBe('dp');
    expect(subjects(batches().at(-1))).toEqual(['d1']);
    expect(await said(['p2', 'd1'], permit)).toBe('p');
    expect(batches()).toHaveLength(2);
    const deny = { cache, semantic: 'deny_on_first_deny' } as const;
    expect(await said(['p2', 'p3', 'd1', 'p4', 'd2'], deny)).toBe('ppd');
    expect(subjects(batches().at(-1))).toEqual(['p3', 'd1', 'd2']);
  });
});
