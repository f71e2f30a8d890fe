import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { allowLoopback } from '../origin.ts';
import type { Brand } from './brand.ts';
import { check } from './check.ts';
import { loopbackVault, newBrand, PURPOSE } from './loopback.fixture.ts';
import { VerdictCache } from './verdict-cache.ts';

const GRANT = 'urn:uuid:7a0e0c3e-51f6-4d7e-9c50-1f5cb43a7a10';
const EVALUATION = '/access/v1/evaluation';
const QUESTION = { subject: 'S', purpose: PURPOSE, attribute: 'size.shoe' };
const permit = (valid_for: number) => ({
  body: { decision: true, context: { valid_for, grant: GRANT } },
});

let vault: Awaited<ReturnType<typeof loopbackVault>>;
let brand: Brand;
let cache: VerdictCache;
beforeEach(async () => {
  vault = await loopbackVault();
  brand = await newBrand();
  cache = new VerdictCache();
  vault.replies.set('/token', () => ({
    body: { access_token: 'token-1', token_type: 'Bearer', expires_in: 600 },
  }));
  vault.replies.set(EVALUATION, () => permit(300));
});
afterEach(async () => {
  vi.useRealTimers();
  await vault.close();
});

const ask = (question: Partial<typeof QUESTION> = {}, kept = cache) =>
  check({
    vault: vault.url,
    brand,
    ...QUESTION,
    ...question,
    cache: kept,
    [allowLoopback]: true,
  });
const asked = () => vault.seen.filter(({ path }) => path === EVALUATION).length;
const at = (time: number) => vi.setSystemTime(time);
/** Holds the next answers back. @returns lets them go */
function hold(reply: () => object): () => void {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  vault.replies.set(EVALUATION, async () => {
    await released;
    return reply() as { body: object };
  });
  return release;
}

describe('a kept verdict', () => {
  test('is good for valid_for seconds from before it was asked, and not longer', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
    const begin = Date.now();
    vault.replies.set(EVALUATION, () => {
      at(begin + 2_000);
      return permit(60);
    });
    expect(await ask()).toEqual({ allowed: true, validFor: 60, grant: GRANT });
    expect(await ask()).toEqual({ allowed: true, validFor: 58, grant: GRANT, cached: true });
    at(begin + 59_900);
    expect(await ask()).toMatchObject({ validFor: 0, cached: true });
    expect(asked()).toBe(1);
    at(begin + 60_000);
    expect(await ask()).not.toHaveProperty('cached');
    expect(asked()).toBe(2);
  });

  test('ends on time though the wall clock is set back', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_800_000_000_000 });
    await ask();
    vi.advanceTimersByTime(299_000);
    at(1_800_000_000_000 - 3_600_000);
    expect(await ask()).toHaveProperty('cached');
    vi.advanceTimersByTime(1_000);
    expect(await ask()).not.toHaveProperty('cached');
  });

  test('is relied on for less time where the brand wants so', async () => {
    const strict = new VerdictCache({ maxAge: 0 });
    await ask({}, strict);
    await ask({}, strict);
    expect(asked()).toBe(2);
  });

  test.each([
    ['a denial', { body: { decision: false, context: { reason: 'suspended' } } }],
    ['a bare denial', { body: { decision: false } }],
    ['a denial with valid_for', { body: { decision: false, context: { valid_for: 300 } } }],
    ['what a use limit counts', permit(0)],
    ['an allowed answer without valid_for', { body: { decision: true } }],
  ])('is never %s', async (_, reply) => {
    vault.replies.set(EVALUATION, () => reply);
    await ask();
    expect(await ask()).not.toHaveProperty('cached');
    expect(asked()).toBe(2);
  });

  test('is that of one brand at one service for one person, purpose and attribute', async () => {
    await ask();
    await ask({ subject: 'T' });
    await ask({ purpose: 'https://w3id.org/dpv#Marketing' });
    await ask({ attribute: 'size.hat' });
    brand = await newBrand('did:web:other.example');
    await ask();
    expect(asked()).toBe(5);
    await ask();
    expect(asked()).toBe(5);
  });

  test('an error is none: the next one asks', async () => {
    vault.replies.set(EVALUATION, () => ({ status: 503, body: {} }));
    await expect(ask()).rejects.toMatchObject({ code: 'vault/refused' });
    vault.replies.set(EVALUATION, () => permit(300));
    expect(await ask()).toMatchObject({ allowed: true });
  });

  test('there are no more of than were wanted; the least recently used goes first', async () => {
    const small = new VerdictCache({ max: 2 });
    await ask({ subject: 'A' }, small);
    await ask({ subject: 'B' }, small);
    await ask({ subject: 'A' }, small);
    await ask({ subject: 'C' }, small);
    expect(asked()).toBe(3);
    expect(await ask({ subject: 'A' }, small)).toHaveProperty('cached');
    expect(await ask({ subject: 'B' }, small)).not.toHaveProperty('cached');
  });
});

describe('forget', () => {
  test('forgets one person, or one purpose or attribute of theirs', async () => {
    const both = async () => {
      const verdicts = [await ask(), await ask({ attribute: 'size.hat' })];
      return verdicts.map(({ cached = false }) => cached);
    };
    await both();
    cache.forget({ subject: 'T' });
    expect(await both()).toEqual([true, true]);
    cache.forget({ subject: 'S', attribute: 'size.hat' });
    expect(await both()).toEqual([true, false]);
    cache.forget({ subject: 'S', purpose: 'https://w3id.org/dpv#Marketing' });
    expect(await both()).toEqual([true, true]);
    cache.forget({ subject: 'S' });
    expect(await both()).toEqual([false, false]);
  });

  test('holds for an answer that is still under way', async () => {
    const release = hold(() => permit(300));
    const first = ask();
    await vi.waitFor(() => expect(asked()).toBe(1));
    cache.forget({ subject: 'S' });
    release();
    await first;
    expect(await ask()).not.toHaveProperty('cached');
  });

  test('lets nobody share what was asked before', async () => {
    const release = hold(() => permit(300));
    const first = ask();
    await vi.waitFor(() => expect(asked()).toBe(1));
    cache.forget({ subject: 'S' });
    const second = ask();
    await vi.waitFor(() => expect(asked()).toBe(2));
    release();
    await Promise.all([first, second]);
    expect(await ask()).toHaveProperty('cached');
  });
});

describe('equal questions at the same time', () => {
  test('share one request', async () => {
    const verdicts = await Promise.all([ask(), ask(), ask(), ask({ attribute: 'size.hat' })]);
    expect(verdicts.every(({ allowed }) => allowed)).toBe(true);
    expect(asked()).toBe(2);
  });

  test('share a denial, and a failure', async () => {
    const release = hold(() => ({ body: { decision: false, context: { reason: 'expired' } } }));
    const denied = [ask(), ask()];
    release();
    for (const verdict of await Promise.all(denied)) expect(verdict.reason).toBe('expired');
    expect(asked()).toBe(1);
    vault.replies.set(EVALUATION, () => ({ status: 503, body: {} }));
    const failed = await Promise.allSettled([ask(), ask()]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked()).toBe(2);
  });

  test('never share one use of a grant whose uses are counted', async () => {
    let left = 2;
    vault.replies.set(EVALUATION, () =>
      left-- > 0 ? permit(0) : { body: { decision: false, context: { reason: 'frequency' } } },
    );
    const verdicts = await Promise.all([ask(), ask(), ask()]);
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(2);
    expect(asked()).toBe(3);
  });
});
