import { describe, expect, test } from 'vitest';
import { allowLoopback } from '../origin.ts';
import { parseRequest } from '../request.ts';
import { createRequest } from './create-request.ts';
import { newBrand, ORIGIN, termsFor } from './loopback.fixture.ts';

const NOW = 1_800_000_000;
const VAULT = 'http://127.0.0.1:4610';

async function create(attributes: { required: string[]; optional?: string[] }) {
  return createRequest({
    brand: await newBrand(),
    attributes,
    terms: termsFor(VAULT, NOW),
    origins: [ORIGIN],
    now: NOW,
    [allowLoopback]: true,
  });
}

describe('createRequest', () => {
  test('writes out every choice of optional attributes, and keeps the required ones in each', async () => {
    const { request } = await create({
      required: ['size.shoe', 'preference.coffee-roast'],
      optional: ['intent.travel', 'interest.outdoor'],
    });
    const parsed = await parseRequest(request, { origin: ORIGIN, [allowLoopback]: true });
    expect(parsed.mandatory).toEqual(['size.shoe', 'preference.coffee-roast']);
    expect(parsed.choices.map((choice) => choice.length)).toEqual([4, 3, 3, 2]);
  });

  test('six optional attributes are 64 choices, without a required one 63', async () => {
    const optional = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `custom.${name}`);
    const choicesOf = async (attributes: { required: string[]; optional: string[] }) =>
      (await parseRequest((await create(attributes)).request, { [allowLoopback]: true })).choices;
    expect(await choicesOf({ required: ['size.shoe'], optional })).toHaveLength(64);
    expect(await choicesOf({ required: [], optional })).toHaveLength(63);
  });

  test.each([
    ['nothing', { required: [] }],
    ['an attribute twice', { required: ['size.shoe'], optional: ['size.shoe'] }],
    [
      'seven optional attributes',
      { required: [], optional: [...'abcdefg'].map((name) => `custom.${name}`) },
    ],
  ])('refuses to ask for %s', async (_, attributes) => {
    await expect(create(attributes)).rejects.toMatchObject({ code: 'request/scope' });
  });

  test('a mistake in the terms is found before anybody is asked', async () => {
    const terms = termsFor(VAULT, NOW);
    const creating = createRequest({
      brand: await newBrand(),
      attributes: { required: ['size.shoe'] },
      terms: { ...terms, text: { en: '', de: '' } },
      origins: [ORIGIN],
      now: NOW,
      [allowLoopback]: true,
    });
    await expect(creating).rejects.toMatchObject({ code: 'terms/shape' });
  });

  test('an origin that is not the brand\u2019s own is found before anybody is asked', async () => {
    const creating = createRequest({
      brand: await newBrand(),
      attributes: { required: ['size.shoe'] },
      terms: termsFor(VAULT, NOW),
      origins: [ORIGIN, 'https://elsewhere.example'],
      now: NOW,
      [allowLoopback]: true,
    });
    await expect(creating).rejects.toMatchObject({ code: 'request/host-rule' });
  });

  test('every request has its own nonce and encryption key, and its session is plain JSON', async () => {
    const [first, second] = [
      await create({ required: ['size.shoe'] }),
      await create({ required: ['size.shoe'] }),
    ];
    expect(first.session.nonce).not.toBe(second.session.nonce);
    expect(first.session.encryptionKey.d).not.toBe(second.session.encryptionKey.d);
    expect(JSON.parse(JSON.stringify(first.session))).toEqual(first.session);
    expect(first.request).not.toContain(first.session.encryptionKey.d);
  });
});
