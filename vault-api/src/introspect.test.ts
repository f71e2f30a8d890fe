import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATTRIBUTES, PURPOSE } from './testing/brand.ts';
import { newPerson, readCall, share } from './testing/person.ts';
import { form, startWorld, token, type World } from './testing/world.ts';

let world: World;
let bearer: string;
beforeAll(async () => {
  world = await startWorld();
  bearer = await token(world);
});
afterAll(() => world.close());

const introspect = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  form(world, '/introspect', parameters, { authorization: `Bearer ${bearer}`, ...headers });

test('with a purpose it is one use of the attributes that are named, or else of all that were granted', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person, { decided: { attributes: ATTRIBUTES } });
  const asked = { token: grant.claims.jti, purpose: PURPOSE };
  const [one] = ATTRIBUTES;
  expect((await introspect(asked)).body.active).toBe(true);
  expect((await introspect({ ...asked, datatypes: one as string })).body.active).toBe(true);
  const beyond = await introspect({ ...asked, datatypes: `${one} size.height` });
  expect(beyond.body).toEqual({ active: false, reason: 'attribute' });
  await introspect({ token: grant.claims.jti });
  const { checks } = (await readCall(world, person, grant)).body;
  expect(checks).toMatchObject([
    { purpose: PURPOSE, attributes: ATTRIBUTES, decision: true },
    { purpose: PURPOSE, attributes: [one], decision: true },
    { purpose: PURPOSE, attributes: [one, 'size.height'], decision: false },
  ]);
});

test('without a purpose there are no attributes to name', async () => {
  const { grant } = await share(world, await newPerson());
  const parameters = { token: grant.jwt, datatypes: 'size.shoe' };
  const { status, body } = await introspect(parameters);
  expect([status, body.error, body.code]).toEqual([400, 'invalid_request', 'http/malformed']);
});

test('is signed for whoever asks for that, and kept by nobody in between', async () => {
  const { grant } = await share(world, await newPerson());
  const accept = 'application/json;q=0.5, application/token-introspection+jwt';
  for (const [headers, type] of [
    [{}, /^application\/json/],
    [{ accept: '*/*' }, /^application\/json/],
    [{ accept }, /^application\/token-introspection\+jwt$/],
  ] as const) {
    const answer = await introspect({ token: grant.jwt }, headers);
    expect(answer.headers.get('content-type')).toMatch(type);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('vary')).toBe('accept');
  }
});
