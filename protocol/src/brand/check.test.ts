import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseClientAssertion, verifyClientAssertion } from '../client-assertion.ts';
import { thumbprint } from '../jwk.ts';
import { allowLoopback } from '../origin.ts';
import type { Brand } from './brand.ts';
import { check } from './check.ts';
import { handBack } from './hand-back.ts';
import { loopbackVault, newBrand, PURPOSE } from './loopback.fixture.ts';

const NOW = 1_800_000_000;
const GRANT = 'urn:uuid:7a0e0c3e-51f6-4d7e-9c50-1f5cb43a7a10';
const EVALUATION = '/access/v1/evaluation';

let vault: Awaited<ReturnType<typeof loopbackVault>>;
let brand: Brand;
beforeEach(async () => {
  vault = await loopbackVault();
  brand = await newBrand();
  vault.replies.set('/token', () => ({
    body: { access_token: 'token-1', token_type: 'Bearer', expires_in: 600 },
  }));
});
afterEach(() => vault.close());

const ask = (now = NOW) =>
  check({
    vault: vault.url,
    brand,
    subject: 'S',
    purpose: PURPOSE,
    attribute: 'size.shoe',
    now,
    [allowLoopback]: true,
  });
const calls = (path: string) => vault.seen.filter((seen) => seen.path === path);

describe('check', () => {
  test('asks AuthZEN for this person, purpose and attribute, with a token by the brand\u2019s key', async () => {
    vault.replies.set(EVALUATION, () => ({
      body: { decision: true, context: { valid_for: 300, grant: GRANT } },
    }));
    expect(await ask()).toEqual({ allowed: true, validFor: 300, grant: GRANT });
    const [evaluation] = calls(EVALUATION);
    expect(evaluation?.headers.authorization).toBe('Bearer token-1');
    expect(JSON.parse(evaluation?.body ?? '')).toEqual({
      subject: { type: 'user', id: 'S' },
      action: { name: PURPOSE },
      resource: { type: 'attribute', id: 'size.shoe' },
    });
    const form = new URLSearchParams(calls('/token')[0]?.body);
    const assertion = parseClientAssertion(form.get('client_assertion') ?? '');
    const { publicJwk } = brand.key;
    const keys = [{ kid: brand.kid, jwk: publicJwk, thumbprint: await thumbprint(publicJwk) }];
    await verifyClientAssertion(assertion, keys, { vault: vault.url, now: NOW });
  });

  test('asks each time, and reuses the token until it expires', async () => {
    vault.replies.set(EVALUATION, () => ({
      body: { decision: true, context: { valid_for: 300 } },
    }));
    await ask();
    await ask(NOW + 500);
    expect([calls(EVALUATION).length, calls('/token').length]).toEqual([2, 1]);
    await ask(NOW + 600);
    expect(calls('/token')).toHaveLength(2);
  });

  test('gets a fresh token when the service no longer knows the old one', async () => {
    let answers = 0;
    vault.replies.set(EVALUATION, () =>
      ++answers === 1 ? { status: 401, body: {} } : { body: { decision: true } },
    );
    expect(await ask()).toEqual({ allowed: true, validFor: 0 });
    expect(calls('/token')).toHaveLength(2);
  });

  test('asks again under the same key, also with another token', async () => {
    let answers = 0;
    vault.replies.set(EVALUATION, () =>
      ++answers === 1 ? { status: 401, body: {} } : { body: { decision: true } },
    );
    const question = { subject: 'S', purpose: PURPOSE, attribute: 'size.shoe', now: NOW };
    const options = { vault: vault.url, brand, [allowLoopback]: true };
    await check({ ...options, ...question, idempotencyKey: 'visit 7' });
    expect(calls(EVALUATION).map(({ headers }) => headers['idempotency-key'])).toEqual([
      '"visit 7"',
      '"visit 7"',
    ]);
    await ask();
    expect(calls(EVALUATION).at(-1)?.headers).not.toHaveProperty('idempotency-key');
  });

  test('says why not, and nothing where the service says nothing', async () => {
    vault.replies.set(EVALUATION, () => ({
      body: { decision: false, context: { reason: 'purpose', valid_for: 0 } },
    }));
    expect(await ask()).toEqual({ allowed: false, reason: 'purpose', validFor: 0 });
    vault.replies.set(EVALUATION, () => ({ body: { decision: false } }));
    expect(await ask()).toEqual({ allowed: false, validFor: 0 });
  });

  test.each([
    ['an outage', { status: 503, body: { code: 'service/unavailable' } }, 'vault/refused'],
    ['a redirect', { status: 302, body: '' }, 'vault/unreachable'],
    ['no JSON', { body: '<html>' }, 'vault/answer'],
    ['a decision that is not one', { body: { decision: 'true' } }, 'vault/answer'],
    ['a decision twice', { body: '{"decision":false,"decision":true}' }, 'vault/answer'],
    [
      'a verdict for too long',
      { body: { decision: true, context: { valid_for: 301 } } },
      'vault/answer',
    ],
    ['too much', { body: 'x'.repeat(600_000) }, 'vault/unreachable'],
    ['a rejected token, twice', { status: 401, body: {} }, 'vault/authentication'],
  ])('%s is an error, never a verdict', async (_, reply, code) => {
    vault.replies.set(EVALUATION, () => reply);
    await expect(ask()).rejects.toMatchObject({ name: 'SdkError', code });
  });

  test('nobody there is an error, never a verdict', async () => {
    await vault.close();
    await expect(ask()).rejects.toMatchObject({ code: 'vault/unreachable' });
  });

  test('a brand the service does not know is told so', async () => {
    vault.replies.set('/token', () => ({ status: 401, body: { error: 'invalid_client' } }));
    await expect(ask()).rejects.toMatchObject({
      code: 'vault/authentication',
      refusal: 'invalid_client',
    });
  });
});

describe('handBack', () => {
  test.each(['bytes/utf8', 'bytes/base64url', 'event/stale', 'invalid_client'])(
    'passes on the code of a refusal: %s',
    async (code) => {
      vault.replies.set('/revoke', () => ({ status: 400, body: { code } }));
      const returning = handBack({
        vault: vault.url,
        brand,
        grant: GRANT,
        now: NOW,
        [allowLoopback]: true,
      });
      await expect(returning).rejects.toMatchObject({ code: 'vault/refused', refusal: code });
    },
  );

  test('names the grant and authenticates the brand (RFC 7009)', async () => {
    vault.replies.set('/revoke', () => ({ body: '' }));
    await handBack({ vault: vault.url, brand, grant: GRANT, now: NOW, [allowLoopback]: true });
    const form = new URLSearchParams(calls('/revoke')[0]?.body);
    expect(form.get('token')).toBe(GRANT);
    expect(form.get('client_assertion')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test('is heard to fail', async () => {
    vault.replies.set('/revoke', () => ({ status: 503, body: {} }));
    const returning = handBack({
      vault: vault.url,
      brand,
      grant: GRANT,
      now: NOW,
      [allowLoopback]: true,
    });
    await expect(returning).rejects.toMatchObject({ code: 'vault/refused' });
  });
});
