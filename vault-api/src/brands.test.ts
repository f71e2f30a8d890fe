import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { signClientAssertion } from '@zusage/protocol/client-assertion';
import { signEnrolment } from '@zusage/protocol/enrolment';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertion, enrolment, nonce, PURPOSE, serveBrand } from './testing/brand.ts';
import { newPerson, readCall, share, slotCall } from './testing/person.ts';
import { rows } from './testing/rows.ts';
import { wholeLog } from './testing/whole-log.ts';
import {
  type Answer,
  call,
  check,
  enrol,
  form,
  post,
  startWorld,
  token,
  type World,
} from './testing/world.ts';

const run = promisify(execFile);
const OPERATOR = fileURLToPath(new URL('operator.ts', import.meta.url));

let world: World;
beforeEach(async () => {
  world = await startWorld({ enrolled: false, atRest: true });
});
afterEach(() => world.close());

const codeOf = ({ status, body }: Answer) => [status, body.code];

/** Of each key event in the log its type and body, the oldest first; the service's own key left out. */
function keyEvents(): { type: string; body: { [member: string]: unknown } }[] {
  const { entries, faults } = wholeLog(world.data);
  expect(faults).toEqual([]);
  return entries
    .map((entry) => JSON.parse(entry) as { type?: string; body: string })
    .filter(({ type }) => type?.startsWith('brand-') === true && type !== 'brand-epoch')
    .map(({ type, body }) => ({
      type: type as string,
      body: JSON.parse(Buffer.from(body, 'base64url').toString()),
    }));
}

describe('enrolment', () => {
  test('is public by name and bounds, and nothing else', async () => {
    await enrol(world);
    const { did, manifest } = world.brand;
    const described = { did, manifest, enrolled_at: world.now, frozen: false };
    expect((await call(world, '/brands')).body).toEqual({ brands: [described] });
    const one = await call(world, `/brands/${encodeURIComponent(did)}`);
    expect(one.body).toEqual(described);
    expect(one.headers.get('access-control-allow-origin')).toBe('*');
    expect(codeOf(await call(world, '/brands/did:web:other.example'))).toEqual([
      404,
      'http/not-found',
    ]);
  });

  test('takes a message once, in its time, for this vault, by a key of the document', async () => {
    const { brand, vault, now } = world;
    const jws = await enrolment(brand, vault.url, now);
    expect((await post(world, '/brands', jws)).status).toBe(201);
    const before = rows(world);
    expect(codeOf(await post(world, '/brands', jws))).toEqual([409, 'once/used']);
    const { reads } = brand;
    const old = await enrolment(brand, vault.url, now - 301);
    expect(codeOf(await post(world, '/brands', old))).toEqual([409, 'enrolment/stale']);
    const elsewhere = await enrolment(brand, 'https://other.example', now);
    expect(codeOf(await post(world, '/brands', elsewhere))).toEqual([422, 'enrolment/mismatch']);
    // Nobody's server is bothered for what could not count.
    expect(brand.reads).toBe(reads);
    const { key } = await newPerson();
    const claims = { did: brand.did, nonce: nonce(), iat: now, aud: vault.url };
    const forged = await signEnrolment(claims, brand.kid, key);
    expect(codeOf(await post(world, '/brands', forged))).toEqual([422, 'jws/signature']);
    expect(rows(world)).toBe(before);
  });

  test('says when the document cannot be read or is none', async () => {
    const { brand } = world;
    brand.body = '{"id":"x"}';
    expect(codeOf(await enrol(world))).toEqual([400, 'brand/document']);
    brand.body = 'x'.repeat(70_000);
    expect(codeOf(await enrol(world))).toEqual([502, 'brand/unreachable']);
    const nobody = { ...brand, did: 'did:web:127.0.0.1%3A1', kid: 'did:web:127.0.0.1%3A1#sig-1' };
    const jws = await enrolment(nobody, world.vault.url, world.now);
    expect(codeOf(await post(world, '/brands', jws))).toEqual([502, 'brand/unreachable']);
  });
});

describe('a brand’s document', () => {
  beforeEach(async () => {
    await enrol(world);
  });

  test('is read again for an unknown key, at most once a minute', async () => {
    const { brand } = world;
    const person = await newPerson();
    // The same key under another name.
    brand.kid = `${brand.did}#sig-2`;
    expect(codeOf(await slotCall(world, person, await world.request()))).toEqual([
      422,
      'request/unknown-key',
    ]);
    expect(brand.reads).toBe(1);
    world.now += 60;
    expect((await slotCall(world, person, await world.request())).status).toBe(200);
    expect(brand.reads).toBe(2);
    await brand.rotate({ keepOld: true, fragment: 'sig-3' });
    for (const _ of [1, 2, 3]) await slotCall(world, person, await world.request());
    expect(brand.reads).toBe(2);
    // However many ask at once.
    world.now += 60;
    const request = await world.request();
    await Promise.all([1, 2, 3, 4, 5].map(async () => slotCall(world, await newPerson(), request)));
    expect(brand.reads).toBe(3);
  });

  test('that holds none of the earlier keys freezes the brand: checks deny, no new grants', async () => {
    const { brand } = world;
    const person = await newPerson();
    const { grant } = await share(world, person);
    const isToldFrozen = async () => (await readCall(world, person, grant)).body.brand_frozen;
    const bearer = await token(world);
    expect((await check(world, person.pseudonym, { bearer })).body.decision).toBe(true);
    expect(await isToldFrozen()).toBe(false);
    await brand.rotate({ keepOld: false, fragment: 'sig-9' });
    world.now += 60;
    expect(codeOf(await slotCall(world, person, await world.request()))).toEqual([
      403,
      'brand/frozen',
    ]);
    expect((await check(world, person.pseudonym, { bearer })).body.context).toEqual({
      reason: 'brand-frozen',
    });
    expect((await check(world, (await newPerson()).pseudonym, { bearer })).body).toEqual({
      decision: false,
      context: { debug: expect.any(String) },
    });
    expect(codeOf(await enrol(world))).toEqual([403, 'brand/frozen']);
    const { body } = await call(world, `/brands/${encodeURIComponent(brand.did)}`);
    expect(body.frozen).toBe(true);
    expect(await isToldFrozen()).toBe(true);
    const { reads } = brand;
    world.now += 60;
    await slotCall(world, person, await world.request());
    expect(brand.reads).toBe(reads);
    expect((await form(world, '/token', { grant_type: 'client_credentials' })).status).toBe(401);

    const env = { ...process.env, ZUSAGE_DEVELOPMENT: 'true', ZUSAGE_DATA: world.data };
    const readmitted = await run(process.execPath, [OPERATOR, 'readmit', brand.did], { env });
    expect(readmitted.stdout).toBe(`${brand.did} counts with its present document.\n`);
    expect(await isToldFrozen()).toBe(false);
    expect((await slotCall(world, person, await world.request())).status).toBe(200);
    expect((await check(world, person.pseudonym)).body.decision).toBe(true);
    // The command only leaves it in the queue; the service's next change takes it along.
    await share(world, await newPerson());
    expect(keyEvents().map(({ type }) => type)).toEqual([
      'brand-enrolled',
      'brand-frozen',
      'brand-enrolled',
    ]);
    // The earlier key is gone, and its token with it.
    expect((await check(world, person.pseudonym, { bearer })).status).toBe(401);
  });

  test('that froze the brand leaves even its earlier key nothing to see, until the operator readmits it', async () => {
    const { brand } = world;
    const person = await newPerson();
    const { grant } = await share(world, person);
    world.now += 60;
    const authorization = `Bearer ${await token(world)}`;
    const { jti } = grant.claims;
    const question = {
      subject: { type: 'user', id: person.pseudonym },
      action: { name: PURPOSE },
      resource: { type: 'attribute', id: 'size.shoe' },
    };
    const search = async (kind: string) =>
      (await post(world, `/access/v1/search/${kind}`, question, { authorization })).body.results;
    const get = (path: string) => call(world, path, { headers: { authorization } });
    const introspect = async (more: Record<string, string> = {}) =>
      (await form(world, '/introspect', { token: jti, ...more }, { authorization })).body;
    const seen = async () => ({
      lists: [await search('subject'), await search('resource'), await search('action')].map(
        (results) => (results as object[]).length,
      ),
      one: (await get(`/grants/${jti}`)).status,
      proofs: (await get(`/grants/${jti}/proofs`)).status,
      all: ((await get('/grants')).body.grants as object[]).length,
      status: (await introspect()).active,
      use: (await introspect({ purpose: PURPOSE })).active,
    });
    expect(await seen()).toEqual({
      lists: [1, 1, 1],
      one: 200,
      proofs: 200,
      all: 1,
      status: true,
      use: true,
    });
    const { key, kid } = brand;
    await brand.rotate({ keepOld: false, fragment: 'sig-9' });
    expect(codeOf(await enrol(world))).toEqual([403, 'brand/frozen']);
    expect(await seen()).toEqual({
      lists: [0, 0, 0],
      one: 404,
      proofs: 404,
      all: 0,
      status: false,
      use: false,
    });
    expect(await introspect({ purpose: PURPOSE })).toEqual({
      active: false,
      reason: 'brand-frozen',
    });
    // Not even the document that it had before ends it.
    Object.assign(brand, { key, kid });
    for (const later of [0, 3600]) {
      world.now += later;
      expect(codeOf(await enrol(world))).toEqual([403, 'brand/frozen']);
      expect((await call(world, `/brands/${encodeURIComponent(brand.did)}`)).body.frozen).toBe(
        true,
      );
    }
  });

  test('with wider bounds counts for nothing until they are recorded', async () => {
    const { brand } = world;
    const person = await newPerson();
    const { manifest } = brand;
    const wide = await world.request({ terms: { retention: 'P400D' } });
    const asked = async () => codeOf(await slotCall(world, person, wide));
    expect(await asked()).toEqual([403, 'brand/bounds']);
    brand.manifest = { ...manifest, retention: 'P400D' };
    expect(await asked()).toEqual([403, 'brand/bounds']);
    const published = async () =>
      (await call(world, `/brands/${encodeURIComponent(brand.did)}`)).body.manifest;
    expect(await published()).toEqual(manifest);
    const before = keyEvents();
    expect((await enrol(world)).status).toBe(201);
    const [event, ...more] = keyEvents().slice(before.length);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      type: 'brand-changed',
      body: { did: brand.did, bounds: { purposes: manifest.purposes, retention: 'P400D' } },
    });
    expect(await published()).toEqual(brand.manifest);
    expect((await asked())[0]).toBe(200);
    expect((await enrol(world)).status).toBe(201);
    // Nothing changed, nothing said.
    expect(keyEvents().length).toBe(before.length + 1);
  });

  test('that loses a key takes that key’s tokens with it', async () => {
    const { brand } = world;
    const { pseudonym } = await newPerson();
    const first = await token(world);
    const old = { ...brand };
    await brand.rotate({ keepOld: true, fragment: 'sig-2' });
    await enrol(world, old);
    const second = await token(world);
    expect((await check(world, pseudonym, { bearer: first })).status).toBe(200);
    brand.forgetOld();
    expect((await enrol(world)).status).toBe(201);
    expect((await check(world, pseudonym, { bearer: first })).status).toBe(401);
    expect((await check(world, pseudonym, { bearer: second })).status).toBe(200);
    world.now += 600;
    expect((await check(world, pseudonym, { bearer: second })).status).toBe(401);
  });

  test('is read again after an hour, so that a key which was stolen and taken out stops working', async () => {
    const { brand } = world;
    const stolen = { ...brand };
    await brand.rotate({ keepOld: true, fragment: 'sig-2' });
    await enrol(world, stolen);
    brand.forgetOld();
    const { reads } = brand;
    const use = async () => {
      const client_assertion = await assertion(stolen, world.vault.url, world.now);
      return form(world, '/token', { grant_type: 'client_credentials', client_assertion });
    };
    world.now += 3599;
    const last = (await use()).body.access_token as string;
    world.now += 1;
    expect((await use()).status).toBe(401);
    expect(brand.reads).toBe(reads + 1);
    const { pseudonym } = await newPerson();
    expect((await check(world, pseudonym, { bearer: last })).status).toBe(401);
    expect((await check(world, pseudonym)).status).toBe(200);
    // Its server may be down for a while; what was read counts on.
    brand.body = 'down';
    world.now += 3600;
    expect((await check(world, pseudonym)).status).toBe(200);
  });
});

describe('a brand authenticates', () => {
  beforeEach(async () => {
    await enrol(world);
  });
  const tokenWith = (client_assertion: string, more: Record<string, string> = {}) =>
    form(world, '/token', { grant_type: 'client_credentials', client_assertion, ...more });

  /** A service elsewhere than on a developer's own machine has none (explain-denial.test.ts). */
  const withoutDetail = ({ body: { detail: _, ...problem } }: Answer) => problem;

  test('with each assertion once, and learns nothing about why not', async () => {
    const { brand, vault, now } = world;
    const once = await assertion(brand, vault.url, now);
    expect((await tokenWith(once)).status).toBe(200);
    const replayed = await tokenWith(once);
    expect(replayed.headers.get('content-type')).toMatch(/^application\/json/);
    expect(replayed.body).toMatchObject({ error: 'invalid_client', code: 'auth/required' });
    const bad = [
      await assertion(brand, `${vault.url}/token`, now),
      await assertion(brand, vault.url, now - 121),
      await assertion({ ...brand, did: 'did:web:other.example' }, vault.url, now),
      await assertion({ ...brand, key: (await newPerson()).key }, vault.url, now),
      'not-a-jws',
    ];
    for (const jws of bad) {
      const answer = await tokenWith(jws);
      expect([answer.status, withoutDetail(answer)]).toEqual([401, withoutDetail(replayed)]);
    }
    const other = await assertion(brand, vault.url, now);
    expect((await tokenWith(other, { client_id: 'did:web:other.example' })).status).toBe(401);
    // Used up for as long as it could count, whatever happens to the process: 60 s of life and 60 s of skew.
    world.now += 119;
    await world.restart();
    expect((await tokenWith(once)).status).toBe(401);
    expect((await tokenWith(other)).status).toBe(200);
  });

  test('with a number that another brand may use as well', async () => {
    const other = await serveBrand();
    try {
      await enrol(world, other);
      for (const { did, kid, key } of [other, world.brand]) {
        const claims = { did, vault: world.vault.url, jti: 'assertion-number-one', now: world.now };
        expect((await tokenWith(await signClientAssertion(claims, kid, key))).status).toBe(200);
      }
    } finally {
      await other.close();
    }
  });

  test('by private_key_jwt and nothing else', async () => {
    const client_assertion = await assertion(world.brand, world.vault.url, world.now);
    const saml = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer';
    for (const client_assertion_type of [saml, '']) {
      const answer = await tokenWith(client_assertion, { client_assertion_type });
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
    }
    expect((await tokenWith(client_assertion)).status).toBe(200);
  });

  test('only for client_credentials, with no parameter twice', async () => {
    const code = await form(world, '/token', { grant_type: 'authorization_code' });
    expect([code.status, code.body.error]).toEqual([400, 'unsupported_grant_type']);
    const twice = await call(world, '/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&grant_type=client_credentials',
    });
    expect([twice.status, twice.body.error]).toEqual([400, 'invalid_request']);
  });
});
