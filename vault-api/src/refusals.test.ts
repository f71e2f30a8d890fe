import { randomUuidUrn } from '@zusage/protocol/crypto';
import { signEvent } from '@zusage/protocol/event';
import type { Grant } from '@zusage/protocol/grant';
import { allowLoopback } from '@zusage/protocol/origin';
import { parseRequest } from '@zusage/protocol/request';
import { type SlotAnswer, signSlotProof } from '@zusage/protocol/slot';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ATTRIBUTES, assertion, brandRequest, enrolment, serveBrand } from './testing/brand.ts';
import { malleate, resign, spoil } from './testing/forge.ts';
import {
  eventCall,
  newPerson,
  readCall,
  registerCall,
  share,
  signGrant,
  slotCall,
  type TestPerson,
} from './testing/person.ts';
import { rows } from './testing/rows.ts';
import { type Answer, check, enrol, form, post, startWorld, type World } from './testing/world.ts';

const verified = vi.hoisted(() => ({ count: 0 }));
vi.mock('../../protocol/src/primitives/node.ts', async (load) => {
  const real = await load<typeof import('../../protocol/src/primitives/node.ts')>();
  const verify: typeof real.verify = (...values) => {
    verified.count++;
    return real.verify(...values);
  };
  return { ...real, verify };
});

const DAY = 86_400;
const HASH = 'A'.repeat(43);
let world: World;
let person: TestPerson;

beforeAll(async () => {
  world = await startWorld({ atRest: true });
  person = await newPerson();
});
afterAll(() => world.close());

/** The refusal has this code and status, is a problem document, and left nothing behind. */
async function refused(
  attempt: () => Promise<Answer>,
  code: string,
  status: number,
): Promise<void> {
  const before = rows(world);
  const answer = await attempt();
  expect({ code: answer.body.code, status: answer.status }).toEqual({ code, status });
  expect(answer.body.type).toBe(`urn:zusage:error:${code}`);
  // A service elsewhere than on a developer's own machine has no detail (explain-denial.test.ts).
  const { detail: _, ...problem } = answer.body;
  expect(Object.keys(problem).sort()).toEqual(['code', 'status', 'title', 'type']);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(rows(world)).toBe(before);
}

describe('a slot is refused', () => {
  const proofOf = async (request: string, change: { aud?: string; iat?: number } = {}) => {
    const { requestHash } = await parseRequest(request, { [allowLoopback]: true });
    const claims = { aud: world.vault.url, request_hash: requestHash, iat: world.now, ...change };
    return signSlotProof(claims, person.key);
  };
  const ask = (request: string, proof: string, pseudonym = person.pseudonym) =>
    post(world, '/grants/slots', { request, pseudonym, proof });

  test('for what is not the protocol', async () => {
    const request = await world.request();
    const proof = await proofOf(request);
    const { pseudonym } = person;
    const unknown = { request, pseudonym, proof, more: 1 };
    await refused(() => post(world, '/grants/slots', unknown), 'http/malformed', 400);
    await refused(() => ask('x', proof), 'jws/parts', 400);
    await refused(() => ask(`${request}.x`, proof), 'jws/parts', 400);
    await refused(() => ask('a'.repeat(70_000), proof), 'bytes/too-large', 413);
    await refused(() => ask('a'.repeat(300_000), proof), 'http/too-large', 413);
  });

  test('for a proof that is another’s, for elsewhere or old', async () => {
    const request = await world.request();
    await refused(async () => ask(request, await proofOf(request), HASH), 'slot/pseudonym', 422);
    const elsewhere = await proofOf(request, { aud: 'https://other.example' });
    await refused(() => ask(request, elsewhere), 'slot/mismatch', 422);
    const old = await proofOf(request, { iat: world.now - 301 });
    await refused(() => ask(request, old), 'slot/stale', 409);
    const spoilt = spoil(await proofOf(request));
    await refused(() => ask(request, spoilt), 'jws/signature', 422);
  });

  test('for a request that is forged, expired, for another vault or beyond the bounds', async () => {
    const call = async (request: string) => ask(request, await proofOf(request));
    const forged = spoil(await world.request());
    await refused(() => call(forged), 'jws/signature', 422);
    const expired = await world.request({ payload: { exp: world.now - 61, iat: world.now - 600 } });
    await refused(() => call(expired), 'request/expired', 403);
    const other = await world.request({ terms: { vaults: ['https://other.example'] } });
    await refused(() => call(other), 'request/vault', 403);
    const long = await world.request({ terms: { retention: 'P366D' } });
    await refused(() => call(long), 'brand/bounds', 403);
  });

  test('for a period that no calendar can write', async () => {
    const from = 8_700_000_000_000;
    const request = await world.request({ terms: { period: { from, until: from + DAY } } });
    const proof = await signSlotProof(
      { aud: world.vault.url, request_hash: HASH, iat: world.now },
      person.key,
    );
    await refused(() => ask(request, proof), 'terms/shape', 400);
  });

  test('for a brand that is not enrolled', async () => {
    const stranger = await serveBrand();
    const request = await brandRequest(stranger, world.vault.url, world.now);
    await refused(async () => ask(request, await proofOf(request)), 'brand/not-enrolled', 403);
    expect(stranger.reads).toBe(0);
    await stranger.close();
  });

  test('beyond three open ones for a request, while the same call gives the same answer', async () => {
    const request = await world.request();
    const first = await slotCall(world, person, request);
    expect((await slotCall(world, person, request)).body).toEqual(first.body);
    const places = new Set([first.text]);
    for (const _ of [1, 2]) places.add((await slotCall(world, await newPerson(), request)).text);
    expect(places.size).toBe(3);
    const fourth = await newPerson();
    await refused(() => slotCall(world, fourth, request), 'slot/limit', 429);
  });
});

describe('a grant is refused', () => {
  let request: string;
  let slot: SlotAnswer;
  let honest: Grant;
  const signed = (change: (claims: Grant['claims']) => object) => resign(person, honest, change);
  const send =
    (grant: Grant, asked = request) =>
    () =>
      registerCall(world, grant, asked);

  beforeAll(async () => {
    request = await world.request();
    slot = (await slotCall(world, person, request)).body as unknown as SlotAnswer;
    honest = await signGrant(world, person, request, slot);
  });

  test('with anything after the tilde, or without it', async () => {
    const call = (grant: string) => () => post(world, '/grants', { grant, request });
    await refused(call(`${honest.jwt}~WyJ4Il0~`), 'grant/has-disclosures', 400);
    await refused(call(honest.jwt), 'grant/has-disclosures', 400);
  });

  test('when its signature does not verify', async () => {
    const grant = spoil(honest.jwt);
    await refused(
      () => post(world, '/grants', { grant: `${grant}~`, request }),
      'jws/signature',
      422,
    );
  });

  test('outside its slot', async () => {
    const { status } = honest.claims;
    const at = (list: object) => (claims: Grant['claims']) => ({
      ...claims,
      status: { status_list: { ...status.status_list, ...list } },
    });
    await refused(send(await signed(at({ idx: (slot.idx + 1) % 65_536 }))), 'slot/none', 409);
    await refused(
      send(await signed(at({ uri: 'https://other.example/status/0' }))),
      'grant/vault',
      403,
    );
    const other = await world.request();
    await refused(send(honest, other), 'slot/none', 409);
    const thief = await newPerson();
    await refused(send(await signGrant(world, thief, request, slot)), 'slot/none', 409);
  });

  test('when it is wider than what was asked', async () => {
    const wider = (details: object) =>
      signed((claims) => ({
        ...claims,
        authorization_details: [{ ...claims.authorization_details[0], ...details }],
      }));
    const purpose = ['https://w3id.org/dpv#DirectMarketing'];
    await refused(send(await wider({ purpose })), 'narrow/purpose', 403);
    await refused(send(await wider({ retention: 'P91D' })), 'narrow/retention', 403);
    await refused(send(await wider({ actions: ['write'] })), 'narrow/actions', 403);
    const later = honest.claims.nbf + 367 * DAY;
    await refused(send(await signed((c) => ({ ...c, exp: later }))), 'narrow/until', 403);
    const hash = await signed((c) => ({ ...c, terms_hash: HASH }));
    await refused(send(hash), 'narrow/terms-hash', 403);
  });

  test('when it is for another audience, backdated or over', async () => {
    const aud = await signed((c) => ({ ...c, aud: 'did:web:other.example' }));
    await refused(send(aud), 'grant/aud', 403);
    const early = await signed((c) => ({ ...c, nbf: c.nbf - 30 }));
    await refused(send(early), 'slot/mismatch', 422);
    const over = await signed((c) => ({ ...c, nbf: c.nbf - 20, exp: c.nbf - 10 }));
    await refused(send(over), 'grant/expired', 403);
  });

  test('when an attribute lies beyond the brand’s bounds, even an optional one', async () => {
    const stricter = await startWorld({ enrolled: false });
    stricter.brand.manifest = { ...stricter.brand.manifest, attributes: ['size.shoe'] };
    await enrol(stricter);
    const asked = await stricter.request();
    const place = (await slotCall(stricter, person, asked)).body as unknown as SlotAnswer;
    const grant = await signGrant(stricter, person, asked, place, { attributes: ATTRIBUTES });
    const answer = await registerCall(stricter, grant, asked);
    expect([answer.status, answer.body.code]).toEqual([403, 'brand/bounds']);
    await stricter.close();
  });

  test('when it, its request or its key was used before: one uniform conflict', async () => {
    const accepted = await registerCall(world, honest, request);
    expect(accepted.status).toBe(201);
    const altered = malleate(honest.jwt);
    await refused(
      () => post(world, '/grants', { grant: `${altered}~`, request }),
      'grant/conflict',
      409,
    );
    const another = await signed((c) => ({ ...c, jti: randomUuidUrn() }));
    await refused(send(another), 'grant/conflict', 409);
    await refused(async () => slotCall(world, await newPerson(), request), 'request/replayed', 409);

    const next = await world.request();
    const place = (await slotCall(world, person, next)).body as unknown as SlotAnswer;
    const foreign = await share(world, await newPerson());
    const replaces = foreign.grant.claims.jti;
    const thief = await signGrant(world, person, next, place, { replaces });
    await refused(send(thief, next), 'grant/conflict', 409);
    const unknown = await signGrant(world, person, next, place, { replaces: randomUuidUrn() });
    await refused(send(unknown, next), 'grant/conflict', 409);
  });

  test('when its key belongs to another audience', async () => {
    const other = await serveBrand();
    await post(world, '/brands', await enrolment(other, world.vault.url, world.now));
    const asked = await brandRequest(other, world.vault.url, world.now);
    const place = (await slotCall(world, person, asked)).body as unknown as SlotAnswer;
    const grant = await signGrant(world, person, asked, place, { location: other.origin });
    await refused(send(grant, asked), 'grant/conflict', 409);
    await other.close();
  });

  test('when its slot has lived ten minutes', async () => {
    const asked = await world.request();
    const place = (await slotCall(world, person, asked)).body as unknown as SlotAnswer;
    const grant = await signGrant(world, person, asked, place);
    world.now += 600;
    await refused(send(grant, asked), 'slot/none', 409);
  });
});

describe('a change is refused', () => {
  let grant: Grant;
  beforeAll(async () => {
    ({ grant } = await share(world, person));
  });
  const event = (claims: Parameters<typeof eventCall>[3]) => () =>
    eventCall(world, person, grant, claims);

  test('for a wrong key exactly as for an unknown grant', async () => {
    const thief = await newPerson();
    const wrong = () => eventCall(world, thief, grant, { event: 'withdraw', seq: 1 });
    await refused(wrong, 'grant/unknown', 404);
    const jti = randomUuidUrn();
    const unknown = { ...grant, claims: { ...grant.claims, jti } };
    const elsewhere = () => eventCall(world, person, unknown, { event: 'withdraw', seq: 1 });
    await refused(elsewhere, 'grant/unknown', 404);
    expect((await wrong()).text).toBe((await elsewhere()).text);
    await refused(event({ event: 'withdraw', seq: 1, grant: jti }), 'grant/unknown', 404);
    await refused(event({ event: 'withdraw', seq: 1, grant_hash: HASH }), 'grant/unknown', 404);
  });

  test('for an unknown grant no sooner than for a wrong key: a signature is checked either way', async () => {
    const thief = await newPerson();
    const before = verified.count;
    await readCall(world, thief, grant);
    const unknown = { ...grant, claims: { ...grant.claims, jti: randomUuidUrn() } };
    await refused(() => readCall(world, thief, unknown), 'grant/unknown', 404);
    expect(verified.count - before).toBe(2);
  });

  test('with another number, time, vault or state', async () => {
    await refused(event({ event: 'suspend', seq: 2 }), 'event/stale', 409);
    await refused(event({ event: 'suspend', seq: 1, iat: world.now - 301 }), 'event/stale', 409);
    const aud = 'https://other.example';
    await refused(event({ event: 'withdraw', seq: 1, aud }), 'event/aud', 403);
    await refused(event({ event: 'restore', seq: 1 }), 'event/state', 409);
    await refused(event({ event: 'resume', seq: 1 }), 'event/state', 409);
    await refused(event({ event: 'erase', seq: 1 }), 'event/state', 409);
  });

  test('when it is not the protocol', async () => {
    const path = `/grants/${grant.claims.jti}/events`;
    const claims = { aud: world.vault.url, jti: randomUuidUrn(), grant: grant.claims.jti };
    const whole = { ...claims, grant_hash: grant.hash, seq: 1, iat: world.now };
    const bad = await signEvent({ ...whole, event: 'explode' as 'erase' }, person.key);
    await refused(() => post(world, path, bad), 'event/shape', 400);
    const more = { ...whole, event: 'erase' as const, more: 1 };
    const unknown = await signEvent(more, person.key);
    await refused(() => post(world, path, unknown), 'event/unknown-member', 400);
    const json = { 'content-type': 'application/json' };
    await refused(() => post(world, path, unknown, json), 'http/unsupported-media-type', 415);
  });

  test('and the same event again gives the same answer, also with an altered signature', async () => {
    const claims = {
      aud: world.vault.url,
      jti: randomUuidUrn(),
      grant: grant.claims.jti,
      grant_hash: grant.hash,
      event: 'suspend' as const,
      seq: 1,
      iat: world.now,
    };
    const jwt = await signEvent(claims, person.key);
    const path = `/grants/${grant.claims.jti}/events`;
    const first = await post(world, path, jwt);
    expect(first.status).toBe(200);
    const before = rows(world);
    expect((await post(world, path, jwt)).text).toBe(first.text);
    expect((await post(world, path, malleate(jwt))).text).toBe(first.text);
    expect(rows(world)).toBe(before);
    const other = await signEvent({ ...claims, event: 'resume', seq: 2 }, person.key);
    await refused(() => post(world, path, other), 'once/used', 409);
  });

  test('a withdrawal has no limit of number or time and is idempotent', async () => {
    const first = await eventCall(world, person, grant, { event: 'withdraw', seq: 77, iat: 1 });
    expect(first.body).toMatchObject({ state: 'ended', seq: 2 });
    const again = await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
    expect(again.body).toMatchObject({ state: 'ended', seq: 2, receipt: first.body.receipt });
  });

  test('a reading is answered once, in its minute, to its key', async () => {
    const jti = randomUuidUrn();
    expect((await readCall(world, person, grant, { jti })).status).toBe(200);
    await refused(() => readCall(world, person, grant, { jti }), 'once/used', 409);
    const thief = await newPerson();
    await refused(() => readCall(world, thief, grant), 'grant/unknown', 404);
    await refused(() => readCall(world, person, grant, { after: 'x' }), 'read/shape', 400);
  });

  test('a stop value has 32 bytes', async () => {
    await refused(() => post(world, '/stop', { stop: 'abc' }), 'stop/shape', 400);
    await refused(() => post(world, '/stop', { stop: 1 }), 'http/malformed', 400);
  });
});

describe('a check is refused', () => {
  test('without a living token', async () => {
    const bearer = 'A'.repeat(43);
    await refused(() => check(world, person.pseudonym, { bearer }), 'auth/required', 401);
    const answer = await check(world, person.pseudonym, { bearer });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  test('for what is not AuthZEN', async () => {
    const { access_token } = (await form(world, '/token', { grant_type: 'client_credentials' }))
      .body;
    const headers = { authorization: `Bearer ${access_token}` };
    const body = { subject: { type: 'user', id: person.pseudonym } };
    const call = () => post(world, '/access/v1/evaluation', body, headers);
    await refused(call, 'http/malformed', 400);
  });

  test('of a grant that is another brand’s: no reason, and nothing handed back', async () => {
    const own = await newPerson();
    const { grant } = await share(world, own);
    const other = await serveBrand();
    await post(world, '/brands', await enrolment(other, world.vault.url, world.now));
    const as = async () => ({
      client_assertion: await assertion(other, world.vault.url, world.now),
    });
    const seen = await form(world, '/introspect', { token: grant.jwt, ...(await as()) });
    expect(seen.body).toEqual({ active: false });
    const before = rows(world);
    const revoked = await form(world, '/revoke', { token: grant.jwt, ...(await as()) });
    expect(revoked.status).toBe(200);
    expect(rows(world)).toBe(before);
    await other.close();
  });
});
