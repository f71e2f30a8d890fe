import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { commitmentOf, commitTo, digestOf } from './commitment.ts';
import { fieldsOf, LIFECYCLE_FIELDS, type LifecycleValues, PAD, SALTS_SIZE } from './lifecycle.ts';
import { openingOf, openingText, partsOf } from './opening.ts';

const VALUES = {
  ...Object.fromEntries(LIFECYCLE_FIELDS.map((name) => [name, `of ${name}`])),
  brand_seq: 7,
  brand_prev: null,
  scope: ['intent.travel', 'size.shoe'],
} as unknown as LifecycleValues;
const NOBODY = { ...VALUES, subject: null, scope: null, actor_sig: null };

function stored(values: LifecycleValues) {
  const [r, salts] = [randomBytes(32), randomBytes(SALTS_SIZE)];
  const { payload, commitment, digests } = commitTo(fieldsOf(values), salts, r);
  return { parts: partsOf(values, { r, salts, digests }), payload, commitment };
}

function disclosed(texts: readonly string[]): Record<string, unknown> {
  const fields = texts.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()));
  return Object.fromEntries(fields.map(([, name, value]) => [name, value]));
}

test.each([
  ['an event', VALUES],
  ['an event of nobody', NOBODY],
  ['padding', PAD],
])('what opens %s gives back its payload and all its fields, in their order', (_, values) => {
  const { parts, payload, commitment } = stored(values);
  const opening = openingOf(parts);
  expect(opening.payload).toBe(payload);
  expect(commitmentOf(opening.r, opening.payload)).toEqual(commitment);
  expect(disclosed(opening.disclosures)).toEqual(values);
  expect(Object.keys(disclosed(opening.disclosures))).toEqual([...LIFECYCLE_FIELDS]);
  for (const one of opening.disclosures) expect(payload).toContain(digestOf(one));
});

test('without the person’s part the payload is the same and the person’s fields are not to be had', () => {
  const { parts, payload } = stored(VALUES);
  expect(parts.person).not.toBeNull();
  const opening = openingOf({ ...parts, person: null });
  expect(opening.payload).toBe(payload);
  const { subject, scope, actor_sig, ...rest } = VALUES;
  expect(disclosed(opening.disclosures)).toEqual(rest);
  const bytes = Buffer.concat([parts.kept]).toString('latin1');
  for (const value of [subject, actor_sig]) expect(bytes).not.toContain(value);
});

test('what says nothing about a person has no part to take away', () => {
  expect(stored(NOBODY).parts.person).toBeNull();
  expect(stored(PAD).parts.person).toBeNull();
});

test('as it is given away, with what proves the act', () => {
  const opening = openingOf(stored(PAD).parts);
  const text = JSON.parse(openingText('{}', opening, { act: 'a.b.c' }).toString());
  expect(Object.keys(text)).toEqual(['v', 'entry', 'r', 'payload', 'disclosures', 'act']);
  expect(JSON.parse(openingText('{}', opening, { stop: 's' }).toString()).stop).toBe('s');
});
