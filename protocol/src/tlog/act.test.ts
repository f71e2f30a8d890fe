import { beforeAll, describe, expect, test } from 'vitest';
import { generateKey, importSigningKey, randomUuidUrn } from '../crypto.ts';
import { signJws } from '../jws.ts';
import { newStopRoot, stopValue } from '../stop.ts';
import { verifyAct } from './act.ts';
import type { EventName, Fields } from './fields.ts';
import { type Opened, verifyOpening } from './opening.ts';
import {
  type Agreement,
  actorSigOf,
  agree,
  BRAND,
  eventOf,
  fieldsOf,
  NOW,
  openingFor,
  VAULT,
} from './person.fixture.ts';

let agreement: Agreement;
let stranger: Agreement;
beforeAll(async () => {
  agreement = await agree();
  stranger = await agree();
});

const PLACE = {
  minute: '2026-11-22T05:00Z',
  brandTag: 'ErBSQcxPathXKkb0QG0WOg',
  personTag: 'SJYxuHR8gl0f8vziROUd6w',
};

async function opened(
  type: EventName,
  evidence: { act?: string; stop?: string },
  changed: Partial<Fields> = {},
): Promise<Opened> {
  const fields = await fieldsOf(agreement, {
    type,
    grant_seq: type === 'registered' ? 0 : 1,
    at: NOW,
    actor_sig: evidence.act === undefined ? null : actorSigOf(evidence.act),
  });
  return verifyOpening(openingFor(type, { ...fields, ...changed }, PLACE, evidence));
}
const refused = async (opening: Promise<Opened>, code: string, grant = agreement.grant) =>
  expect(verifyAct(await opening, grant)).rejects.toMatchObject({ name: 'TlogError', code });
const accepted = async (opening: Promise<Opened>) => verifyAct(await opening, agreement.grant);

describe('a registration', () => {
  test('is the person’s: the grant, signed by its own key', async () => {
    expect(await accepted(opened('registered', { act: agreement.grant.jwt }))).toBe('grant-key');
  });
  test('without a grant, with another, a changed one, or one that says something else is refused', async () => {
    const { jwt } = agreement.grant;
    await refused(opened('registered', {}), 'act/missing');
    await refused(opened('registered', { act: stranger.grant.jwt }), 'act/mismatch');
    const cut = jwt.lastIndexOf('.') + 1;
    const forged =
      jwt.slice(0, cut) + stranger.grant.jwt.slice(stranger.grant.jwt.lastIndexOf('.') + 1);
    await refused(opened('registered', { act: forged }), 'act/signature');
    await refused(opened('registered', { act: 'a.b.c' }), 'act/format');
    await refused(opened('registered', { act: jwt }, { scope: ['size.shoe'] }), 'act/mismatch');
    await refused(opened('registered', { act: jwt }, { actor_sig: null }), 'act/hash');
  });
});

describe('what the person did afterwards', () => {
  const acts = [
    ['withdrawn', 'withdraw'],
    ['restored', 'restore'],
    ['suspended', 'suspend'],
    ['resumed', 'resume'],
    ['erased', 'erase'],
  ] as const;

  test.each(acts)('%s is accepted with the event that says %s', async (type, event) => {
    const act = await eventOf(agreement, event, 1, NOW);
    expect(await accepted(opened(type, { act }))).toBe('grant-key');
  });

  test.each(acts)(
    '%s is refused without an act, of a stranger, of another event, or, but for a withdrawal, of another number',
    async (type, event) => {
      if (type !== 'erased') await refused(opened(type, {}), 'act/missing');
      const other = event === 'withdraw' ? 'suspend' : 'withdraw';
      await refused(opened(type, { act: await eventOf(agreement, other, 1, NOW) }), 'act/mismatch');
      const later = opened(type, { act: await eventOf(agreement, event, 2, NOW) });
      if (event === 'withdraw') expect(await accepted(later)).toBe('grant-key');
      else await refused(later, 'act/mismatch');
      await refused(opened(type, { act: await eventOf(stranger, event, 1, NOW) }), 'act/signature');
      const forged = { ...agreement, personKey: stranger.personKey };
      await refused(opened(type, { act: await eventOf(forged, event, 1, NOW) }), 'act/signature');
      const act = await eventOf(agreement, event, 1, NOW);
      await refused(
        opened(type, { act }, { actor_sig: actorSigOf(agreement.grant.jwt) }),
        'act/hash',
      );
      await expect(verifyAct(await opened(type, { act }), null)).rejects.toThrow(
        'act/grant-unknown',
      );
    },
  );

  test('an erasure at the end of its time needs no act', async () => {
    expect(await accepted(opened('erased', {}))).toBe('none');
    await refused(opened('erased', {}, { actor_sig: agreement.grant.hash }), 'act/missing');
  });

  test('a replacement is the new grant, which names the old one', async () => {
    const { personKey } = agreement;
    const next = await agree({ personKey, replaces: agreement.grant.claims.jti });
    expect(await accepted(opened('replaced', { act: next.grant.jwt }))).toBe('grant-key');
    const foreign = await agree({ personKey, replaces: randomUuidUrn() });
    await refused(opened('replaced', { act: foreign.grant.jwt }), 'act/mismatch');
    const thief = await agree({ replaces: agreement.grant.claims.jti });
    await refused(opened('replaced', { act: thief.grant.jwt }), 'act/mismatch');
    const unrelated = await agree({ personKey });
    await refused(opened('replaced', { act: unrelated.grant.jwt }), 'act/mismatch');
  });
});

test('a stop is accepted with the value of the grant’s sheet only', async () => {
  expect(await accepted(opened('stopped', { stop: agreement.stop }))).toBe('stop-value');
  await refused(opened('stopped', {}), 'act/missing');
  await refused(opened('stopped', { stop: await stopValue(newStopRoot(), 0) }), 'act/mismatch');
});

test('a return names the assertion behind the call; its key is not here', async () => {
  const key = await importSigningKey(await generateKey());
  const claims = {
    iss: BRAND,
    sub: BRAND,
    aud: VAULT,
    jti: 'a-long-enough-jti',
    exp: NOW + 60,
    iat: NOW,
  };
  const act = await signJws({ kid: `${BRAND}#sig-1` }, claims, key);
  expect(await accepted(opened('returned', { act }))).toBe('hash');
  await refused(opened('returned', { act }, { actor_sig: agreement.grant.hash }), 'act/hash');
  await refused(opened('returned', { act }, { brand: 'did:web:other.example' }), 'act/mismatch');
  await refused(opened('returned', {}), 'act/missing');
});

test('expiry is nobody’s act', async () => {
  expect(await accepted(opened('expired', {}))).toBe('none');
  const act = await eventOf(agreement, 'withdraw', 1, NOW);
  await refused(opened('expired', { act }), 'act/unexpected');
});
