import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { generateKey, importSigningKey, type SigningKey } from '../crypto.ts';
import { allowLoopback } from '../origin.ts';
import { Status } from '../status-list.ts';
import type { Brand } from './brand.ts';
import { createRequest, type RequestSession } from './create-request.ts';
import { answer, loopbackVault, newBrand, ORIGIN, termsFor } from './loopback.fixture.ts';
import { type ResponseOptions, verifyResponse } from './verify-response.ts';

const NOW = 1_800_000_000;
const GIVEN = { 'size.shoe': 'EU 42', 'preference.coffee-roast': 'light' };

let vault: Awaited<ReturnType<typeof loopbackVault>>;
let brand: Brand;
let person: SigningKey;
let session: RequestSession;
let used: Set<string>;
let index = 0;

beforeAll(async () => {
  vault = await loopbackVault();
  vault.at(NOW);
  brand = await newBrand();
  person = await importSigningKey(await generateKey());
});
afterAll(() => vault.close());
beforeEach(async () => {
  used = new Set();
  index += 1;
  ({ session } = await createRequest({
    brand,
    attributes: { required: Object.keys(GIVEN), optional: ['intent.travel'] },
    terms: termsFor(vault.url, NOW),
    origins: [ORIGIN],
    now: NOW,
    [allowLoopback]: true,
  }));
});

const respond = (given: Record<string, string> = GIVEN) =>
  answer(session.request, given, { uri: vault.uri, idx: index, now: NOW, key: person });

async function useNonce(nonce: string): Promise<boolean> {
  if (used.has(nonce)) return false;
  used.add(nonce);
  return true;
}

function verify(response: string, changes: Partial<ResponseOptions> = {}) {
  return verifyResponse({
    session,
    response,
    origin: ORIGIN,
    vaults: [vault.url],
    useNonce,
    now: NOW,
    [allowLoopback]: true,
    ...changes,
  });
}

describe('verifyResponse', () => {
  test('gives the values, the pseudonym and the proof of consent', async () => {
    vault.set(index, Status.active);
    const verified = await verify(await respond());
    expect(verified.values['size.shoe']).toEqual({
      value: 'EU 42',
      confirmed: '2026-11',
      precision: 'exact',
    });
    expect(verified.grant.attributes).toEqual(Object.keys(GIVEN));
    expect(verified.grant.vault).toBe(vault.url);
    expect(verified.pseudonym).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(verified.jwt).not.toContain('~');
  });

  test('accepts a response once', async () => {
    vault.set(index, Status.active);
    const response = await respond();
    await verify(response);
    await expect(verify(response)).rejects.toMatchObject({ code: 'key-binding/replayed' });
  });

  test('trusts only the vaults it was told to trust', async () => {
    vault.set(index, Status.active);
    const elsewhere = verify(await respond(), { vaults: ['https://vault.example'] });
    await expect(elsewhere).rejects.toMatchObject({ code: 'grant/vault' });
    expect(used.size).toBe(0);
  });

  test.each([
    ['suspended', Status.suspended, 'status/suspended'],
    ['ended', Status.ended, 'status/ended'],
  ])('refuses a grant whose status is %s', async (_, status, code) => {
    vault.set(index, status);
    await expect(verify(await respond())).rejects.toMatchObject({ code });
  });

  test('waits for a registration that the list does not show yet, past every cache', async () => {
    const original = vault.replies.get('/status/0');
    let readings = 0;
    vault.replies.set('/status/0', () => {
      if (++readings === 2) vault.set(index, Status.active);
      return original?.() ?? { body: '' };
    });
    await verify(await respond());
    expect(readings).toBe(2);
    const [first, second] = vault.seen.filter(({ path }) => path === '/status/0').slice(-2);
    expect(first?.headers['cache-control']).not.toBe('no-cache');
    expect(second?.headers['cache-control']).toBe('no-cache');
    if (original) vault.replies.set('/status/0', original);
  });

  test('refuses a grant that is never registered', async () => {
    await expect(verify(await respond())).rejects.toMatchObject({ code: 'status/not-registered' });
  });

  test('refuses a response for another page, and one to another request\u2019s key', async () => {
    vault.set(index, Status.active);
    const response = await respond();
    await expect(verify(response, { origin: 'http://localhost:9999' })).rejects.toMatchObject({
      code: 'request/expected-origins',
    });
    const other = { ...session, encryptionKey: await generateKey() };
    await expect(verify(response, { session: other })).rejects.toMatchObject({
      code: 'jwe/decryption',
    });
  });

  test('refuses a session that it did not write', async () => {
    const response = await respond();
    const broken = verify(response, { session: {} as RequestSession });
    await expect(broken).rejects.toMatchObject({ code: 'session/shape' });
  });
});
