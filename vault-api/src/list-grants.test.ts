import { afterAll, beforeAll, expect, test } from 'vitest';
import { assertion, enrolment, PURPOSE, serveBrand } from './testing/brand.ts';
import { eventCall, newPerson, PLANTED, share } from './testing/person.ts';
import { type Answer, call, form, post, startWorld, token, type World } from './testing/world.ts';

let world: World;
let bearer: string;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const get = async (path: string, by = bearer): Promise<Answer> =>
  call(world, path, { headers: { authorization: `Bearer ${by}` } });
const jtis = ({ body }: Answer) => (body.grants as { jti: string }[]).map(({ jti }) => jti);
const pageOf = ({ body }: Answer) => body.page as { next_token: string; count: number };

test('the audience sees what it was given and whether it counts, never values or how it ended', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person);
  bearer = await token(world);
  const path = `/grants/${grant.claims.jti}`;
  const seen = await get(path);
  expect(seen.status).toBe(200);
  expect(seen.headers.get('cache-control')).toBe('no-store');
  expect(seen.body).toEqual({
    jti: grant.claims.jti,
    subject: person.pseudonym,
    state: 'active',
    nbf: grant.claims.nbf,
    exp: grant.claims.exp,
    registered_at: world.now,
    returned: false,
    grant_hash: grant.hash,
    status: grant.claims.status.status_list,
    authorization_details: grant.claims.authorization_details,
  });
  expect(seen.body.authorization_details).toMatchObject([{ purpose: [PURPOSE] }]);
  expect(seen.text).not.toContain(PLANTED);
  await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  expect((await get(path)).body.state).toBe('ended');
  await form(world, '/revoke', { token: grant.claims.jti });
  expect((await get(path)).body).toMatchObject({ state: 'ended', returned: true });
  await eventCall(world, person, grant, { event: 'erase', seq: 3 });
  expect((await get(path)).body).toMatchObject({ subject: null, authorization_details: [] });
});

test('lists page by page, each grant once, from a minute after its registration', async () => {
  const people = await Promise.all([1, 2, 3, 4].map(() => newPerson()));
  const own: string[] = [];
  for (const person of people) own.push((await share(world, person)).grant.claims.jti);
  const [first] = people;
  if (first === undefined) throw new Error('nobody');
  own.push((await share(world, first)).grant.claims.jti);
  world.now += 59;
  bearer = await token(world);
  expect(jtis(await get('/grants'))).toEqual([]);
  world.now += 1;
  expect(jtis(await get('/grants')).sort()).toEqual([...own].sort());
  const seen: string[] = [];
  for (let path = '/grants?limit=2'; ; ) {
    const page = await get(path);
    seen.push(...jtis(page));
    const { next_token, count } = pageOf(page);
    expect(count).toBe(jtis(page).length);
    if (next_token === '') break;
    path = `/grants?token=${next_token}`;
  }
  expect(seen.length).toBe(5);
  expect(new Set(seen)).toEqual(new Set(own));
  const firsts = await get(`/grants?subject=${first.pseudonym}&limit=1`);
  const next = pageOf(firsts).next_token;
  const rest = await get(`/grants?subject=${first.pseudonym}&limit=1&token=${next}`);
  expect([...jtis(firsts), ...jtis(rest)].sort()).toEqual([own[0], own[4]].sort());
  expect(pageOf(rest).next_token).toBe('');
  const foreign = await get(`/grants?token=${next}`);
  expect([foreign.status, foreign.body.code]).toEqual([400, 'http/malformed']);
});

test('refuses misspelt filters, and callers without a token', async () => {
  for (const query of [
    'limit=0',
    'limit=101',
    'limit=x',
    'subjekt=a',
    'subject=',
    'limit=1&limit=2',
    'token=x',
  ]) {
    expect([(await get(`/grants?${query}`)).status, query]).toEqual([400, query]);
  }
  expect((await call(world, '/grants')).status).toBe(401);
  expect((await call(world, '/grants/urn:uuid:x')).status).toBe(401);
});

test('another brand finds nothing, in a page token of this one neither', async () => {
  const { grant } = await share(world, await newPerson());
  await share(world, await newPerson());
  world.now += 60;
  bearer = await token(world);
  const { next_token } = pageOf(await get('/grants?limit=1'));
  const other = await serveBrand();
  await post(world, '/brands', await enrolment(other, world.vault.url, world.now));
  const { body } = await form(world, '/token', {
    grant_type: 'client_credentials',
    client_assertion: await assertion(other, world.vault.url, world.now),
  });
  const theirs = body.access_token as string;
  expect(jtis(await get('/grants', theirs))).toEqual([]);
  expect((await get(`/grants?token=${next_token}`, theirs)).status).toBe(400);
  const search = async (by: string, page: object) =>
    post(
      world,
      '/access/v1/search/subject',
      {
        subject: { type: 'user' },
        action: { name: PURPOSE },
        resource: { type: 'attribute', id: 'size.shoe' },
        page,
      },
      { authorization: `Bearer ${by}` },
    );
  const page = { token: pageOf(await search(bearer, { limit: 1 })).next_token };
  expect((await search(bearer, page)).status).toBe(200);
  expect((await search(theirs, page)).status).toBe(400);
  const foreign = await get(`/grants/${grant.claims.jti}`, theirs);
  const unknown = await get('/grants/urn:uuid:00000000-0000-4000-8000-000000000000', theirs);
  expect([foreign.status, foreign.text]).toEqual([404, unknown.text]);
  await other.close();
});
