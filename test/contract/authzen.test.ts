import { ATTRIBUTES, PURPOSE } from '@zusage/vault-api/testing/brand';
import { eventCall, newPerson, readCall, share } from '@zusage/vault-api/testing/person';
import { type Answer, call, post, startWorld, token } from '@zusage/vault-api/testing/world';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The structural cases of the OpenID Foundation's certification scenario for the AuthZEN Authorization API 1.0, each
// under the number it has there, over a fixture of our own: subjects are pseudonyms, actions are purposes, resources
// are attributes. Cases that make `properties` decide have no counterpart: here a grant alone does.

const OTHER_PURPOSE = 'https://w3id.org/dpv#DirectMarketing';
const ANNA_MAY = ['size.shoe', 'intent.travel'];

let world: Awaited<ReturnType<typeof startWorld>>;
let bearer: string;
let anna: Awaited<ReturnType<typeof newPerson>>;
let ben: typeof anna;

beforeAll(async () => {
  world = await startWorld();
  anna = await newPerson();
  ben = await newPerson();
  await share(world, anna, { decided: { attributes: ATTRIBUTES } });
  await share(world, ben);
  world.now += 60;
  bearer = await token(world);
});
afterAll(() => world.close());

const user = (id: string) => ({ type: 'user', id });
const attribute = (id: string) => ({ type: 'attribute', id });
const purpose = { name: PURPOSE };
const anyAttribute = { type: 'attribute' };
const permit = () => ({
  subject: user(anna.pseudonym),
  action: purpose,
  resource: attribute('size.shoe'),
});
const deny = () => ({
  ...permit(),
  subject: user(ben.pseudonym),
  resource: attribute(ANNA_MAY[1] as string),
});
const ask = (path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
  post(world, `/access/v1/${path}`, body, { authorization: `Bearer ${bearer}`, ...headers });
const raw = (body: string, headers: Record<string, string> = {}) =>
  call(world, '/access/v1/evaluation', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      ...headers,
    },
    body,
  });
const decisions = ({ body }: Answer) =>
  (body.evaluations as { decision: boolean }[]).map(({ decision }) => decision);
const results = ({ body }: Answer) => body.results as object[];

describe('2 Access Evaluation', () => {
  test('2.2.1 permit decision', async () => {
    const { status, headers, body } = await ask('evaluation', permit());
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body.decision).toBe(true);
  });

  test('2.2.2 deny decision is a 200', async () => {
    const { status, body } = await ask('evaluation', deny());
    expect([status, body]).toEqual([200, { decision: false, context: { reason: 'attribute' } }]);
  });

  test('2.2.3 optional context', async () => {
    const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };
    expect((await ask('evaluation', { ...permit(), context })).body.decision).toBe(true);
  });

  test('2.2.8 additional properties on every entity', async () => {
    const { subject, action, resource } = permit();
    const body = {
      subject: { ...subject, properties: { department: 'Sales', role: null } },
      action: { ...action, properties: { method: 'GET' } },
      resource: { ...resource, properties: { owner: ['ben', { nested: true }] } },
    };
    expect((await ask('evaluation', body)).body.decision).toBe(true);
  });

  test('2.2.8 properties and context hold any JSON, fractions and large numbers too', async () => {
    const { subject, action, resource } = permit();
    const properties = { risk: 0.25, place: [48.137, -11.5e1], serial: 2 ** 60 };
    const body = {
      subject: { ...subject, properties },
      action: { ...action, properties },
      resource: { ...resource, properties },
      context: properties,
    };
    expect((await ask('evaluation', body)).body.decision).toBe(true);
    const batch = { ...body, evaluations: [{}, { context: properties }] };
    expect(decisions(await ask('evaluations', batch))).toEqual([true, true]);
    const search = { ...body, subject: { type: 'user', properties } };
    expect((await ask('search/subject', search)).status).toBe(200);
    expect((await raw(`{"context":{"x":1e999}}`)).body.code).toBe('json/number');
  });

  test('2.2.9 unknown members are ignored, in entities too', async () => {
    const { subject, action, resource } = permit();
    const body = { subject: { ...subject, x: 1 }, action: { ...action, y: [] }, resource, foo: {} };
    expect((await ask('evaluation', body)).body.decision).toBe(true);
  });

  test('2.3 decision is a boolean and context an object', async () => {
    for (const body of [permit(), deny()]) {
      const answer = (await ask('evaluation', body)).body;
      expect(typeof answer.decision).toBe('boolean');
      expect(typeof answer.context).toBe('object');
    }
  });

  test('2.4.1 missing required fields are 400', async () => {
    for (const member of ['subject', 'action', 'resource']) {
      const { [member as 'subject']: _, ...body } = permit();
      expect((await ask('evaluation', body)).status, member).toBe(400);
    }
  });

  test('2.4.2 missing required sub-fields are 400', async () => {
    const cases = [
      { subject: { id: 'a' } },
      { subject: { type: 'user' } },
      { action: {} },
      { resource: { id: 'size.shoe' } },
      { resource: { type: 'attribute' } },
    ];
    for (const change of cases) {
      expect((await ask('evaluation', { ...permit(), ...change })).status).toBe(400);
    }
  });

  test('2.4.3 another content type is 400', async () => {
    const text = JSON.stringify(permit());
    expect((await raw(text, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await raw(text, { 'content-type': 'application/jwt' })).status).toBe(400);
    const path = '/access/v1/evaluations';
    expect((await post(world, path, text, { authorization: `Bearer ${bearer}` })).status).toBe(400);
  });

  test('2.4.4 malformed JSON, 2.4.5 an empty body: 400', async () => {
    for (const body of ['{', '', '[]', 'null', '"x"']) expect((await raw(body)).status).toBe(400);
  });

  test('2.4.6 invalid field types are 400', async () => {
    const cases = [
      { subject: anna.pseudonym },
      { action: { name: 123 } },
      { resource: [] },
      { context: 'now' },
      { subject: { ...user('a'), properties: 'x' } },
    ];
    for (const change of cases) {
      expect((await ask('evaluation', { ...permit(), ...change })).status).toBe(400);
    }
  });

  test('2.5 X-Request-ID comes back, with errors too, and may be absent', async () => {
    const id = { 'x-request-id': 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716' };
    const answers = [
      await ask('evaluation', permit(), id),
      await ask('evaluations', permit(), id),
      await ask('search/action', permit(), id),
      await ask('evaluation', {}, id),
      await ask('evaluation', permit(), { ...id, authorization: 'Bearer x' }),
      await raw('{}', { ...id, 'content-type': 'text/plain' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 400, 401, 400]);
    for (const { headers } of answers) {
      expect(headers.get('x-request-id')).toBe(id['x-request-id']);
      // How long an answer may be kept, it says itself; nobody in between keeps any.
      expect(headers.get('cache-control')).toBe('no-store');
    }
    const long = await ask('evaluation', permit(), { 'x-request-id': 'a'.repeat(129) });
    expect([long.status, long.headers.get('x-request-id')]).toEqual([200, null]);
    expect((await ask('evaluation', permit())).headers.get('x-request-id')).toBeNull();
  });

  test('2.6 the same request has the same decision each time', async () => {
    for (let n = 0; n < 3; n++) {
      expect((await ask('evaluation', permit())).body.decision).toBe(true);
      expect((await ask('evaluation', deny())).body.decision).toBe(false);
    }
  });

  test('an unauthenticated request is 401, whatever it asks', async () => {
    for (const path of ['evaluation', 'evaluations', 'search/subject']) {
      for (const authorization of ['', 'Bearer x', `Basic ${bearer}`, `Bearer ${'A'.repeat(43)}`]) {
        const { status, headers } = await ask(path, permit(), { authorization });
        expect([path, status]).toEqual([path, 401]);
        const challenge = headers.get('www-authenticate') as string;
        expect(challenge).toMatch(/^Bearer/);
        // RFC 6750 §3.1: without a token nothing is said to be wrong with it.
        expect(challenge.includes('error="invalid_token"')).toBe(
          authorization.startsWith('Bearer'),
        );
      }
    }
  });

  test('an unknown type, purpose or attribute is a denial, not an error', async () => {
    for (const change of [
      { subject: { type: 'spaceship', id: anna.pseudonym } },
      { resource: { type: 'document', id: 'size.shoe' } },
      { action: { name: 'can read' } },
      { resource: attribute('größe') },
      { subject: user('nonexistent-user') },
    ]) {
      const { status, body } = await ask('evaluation', { ...permit(), ...change });
      expect([status, body.decision]).toEqual([200, false]);
    }
  });
});

describe('3 Access Evaluations', () => {
  const both = () => [permit(), deny()];

  test('3.2.1, 3.2.5 fully specified items, 3.3 in order and as many', async () => {
    const answer = await ask('evaluations', { evaluations: [...both(), permit()] });
    expect(answer.status).toBe(200);
    expect(decisions(answer)).toEqual([true, false, true]);
    expect(answer.body).not.toHaveProperty('decision');
  });

  test('3.2.2 defaults for what the items share', async () => {
    const { subject, action } = permit();
    const evaluations = [...ANNA_MAY, 'size.height'].map((id) => ({ resource: attribute(id) }));
    const answer = await ask('evaluations', { subject, action, evaluations });
    expect(decisions(answer)).toEqual([true, true, false]);
  });

  test('3.2.6 context is inherited or replaced', async () => {
    const evaluations = [{}, { context: { source: 'item' } }];
    const body = { ...permit(), context: { time: 'now' }, evaluations };
    expect(decisions(await ask('evaluations', body))).toEqual([true, true]);
  });

  test('3.2.7 an item’s entity replaces the default whole, never member by member', async () => {
    const evaluations = [{}, { resource: attribute('size.height') }, { resource: { id: 'x' } }];
    const answer = await ask('evaluations', { ...permit(), evaluations });
    expect(decisions(answer)).toEqual([true, false, false]);
    expect((answer.body.evaluations as object[])[2]).toEqual({
      decision: false,
      context: { error: { status: 400, message: 'http/malformed' } },
    });
  });

  test('3.4.1 one item that lacks something fails by itself', async () => {
    const { subject, action, resource } = permit();
    const options = { evaluations_semantic: 'execute_all' };
    const answer = await ask('evaluations', {
      subject,
      action,
      options,
      evaluations: [{ resource }, {}, { resource: 7 }],
    });
    expect([answer.status, decisions(answer)]).toEqual([200, [true, false, false]]);
  });

  test('3.4.2, 3.4.3 without items it is a single evaluation', async () => {
    for (const change of [{}, { evaluations: [] }]) {
      const { status, body } = await ask('evaluations', { ...permit(), ...change });
      expect([status, body.decision]).toEqual([200, true]);
      expect(body).not.toHaveProperty('evaluations');
    }
    expect((await ask('evaluations', { evaluations: [] })).status).toBe(400);
  });

  test('each semantic stops where the standard says', async () => {
    const run = async (evaluations_semantic: string | undefined, evaluations: object[]) => {
      const options = { another_option: 'value', evaluations_semantic };
      return decisions(await ask('evaluations', { evaluations, options }));
    };
    const items = [permit(), deny(), permit()];
    expect(await run(undefined, items)).toEqual([true, false, true]);
    expect(await run('execute_all', items)).toEqual([true, false, true]);
    expect(await run('deny_on_first_deny', items)).toEqual([true, false]);
    expect(await run('permit_on_first_permit', items)).toEqual([true]);
    expect(await run('permit_on_first_permit', [deny(), {}, permit(), deny()])).toEqual([
      false,
      false,
      true,
    ]);
    expect(await run('deny_on_first_deny', [permit(), {}, permit()])).toEqual([true, false]);
  });

  test('a batch that is malformed as a whole is 400', async () => {
    const evaluations = both();
    for (const body of [
      { evaluations: 'x' },
      { evaluations: [1] },
      { evaluations: null },
      { evaluations, subject: 'x' },
      { evaluations, options: [] },
      { evaluations, options: { evaluations_semantic: 'first' } },
      { ...permit(), evaluations: Array(1001).fill({}) },
    ]) {
      expect((await ask('evaluations', body)).status).toBe(400);
    }
    const most = { ...permit(), evaluations: Array(1000).fill({}) };
    expect(decisions(await ask('evaluations', most))).toEqual(Array(1000).fill(true));
  });
});

describe('4 Search', () => {
  const subjectSearch = () => {
    const { action, resource } = permit();
    return { subject: { type: 'user' }, action, resource };
  };
  const resourceSearch = () => ({ ...permit(), resource: anyAttribute });
  const actionSearch = () => {
    const { subject, resource } = permit();
    return { subject, resource };
  };
  const searches = (): [string, object][] => [
    ['subject', subjectSearch()],
    ['resource', resourceSearch()],
    ['action', actionSearch()],
  ];
  const found = async (kind: string, body: object) => results(await ask(`search/${kind}`, body));

  test('4.2.1 subjects', async () => {
    const answer = await ask('search/subject', subjectSearch());
    expect(answer.status).toBe(200);
    const expected = [anna.pseudonym, ben.pseudonym].sort().map((id) => user(id));
    expect(results(answer)).toEqual(expected);
    const travel = { ...subjectSearch(), resource: attribute('intent.travel') };
    expect(await found('subject', travel)).toEqual([user(anna.pseudonym)]);
    expect(await found('subject', { ...subjectSearch(), action: { name: OTHER_PURPOSE } })).toEqual(
      [],
    );
  });

  test('4.3.1 resources', async () => {
    const expected = [...ANNA_MAY].sort().map((id) => attribute(id));
    expect(await found('resource', resourceSearch())).toEqual(expected);
    const bens = { ...resourceSearch(), subject: user(ben.pseudonym) };
    expect(await found('resource', bens)).toEqual([attribute('size.shoe')]);
  });

  test('4.4.1 actions, by name alone', async () => {
    expect(await found('action', actionSearch())).toEqual([purpose]);
    const body = { ...actionSearch(), resource: attribute('size.height') };
    expect(await found('action', body)).toEqual([]);
  });

  test('4.2.2, 4.3.2, 4.4.2 context, properties and unknown members change nothing', async () => {
    for (const [kind, body] of searches()) {
      const more = { ...body, context: { time: '2025-06-27T18:03-07:00' }, foo: 1 };
      expect(await found(kind, more)).toEqual(await found(kind, body));
    }
  });

  test('4.2.3, 4.3.3 an id of what is searched for is ignored', async () => {
    const one = { ...subjectSearch(), subject: user(anna.pseudonym) };
    expect(await found('subject', one)).toEqual(await found('subject', subjectSearch()));
    const other = { ...resourceSearch(), resource: attribute('size.shoe') };
    expect(await found('resource', other)).toEqual(await found('resource', resourceSearch()));
  });

  test('what a search lists, an evaluation allows', async () => {
    for (const subject of await found('subject', subjectSearch())) {
      expect((await ask('evaluation', { ...permit(), subject })).body.decision).toBe(true);
    }
    for (const resource of await found('resource', resourceSearch())) {
      expect((await ask('evaluation', { ...permit(), resource })).body.decision).toBe(true);
    }
    for (const action of await found('action', actionSearch())) {
      expect((await ask('evaluation', { ...permit(), action })).body.decision).toBe(true);
    }
  });

  test('4.5 pages: the whole list in order, each page closed by a token or an empty one', async () => {
    for (const [kind, body] of searches()) {
      const whole = await found(kind, body);
      const seen: object[] = [];
      let page: { token?: string; limit?: number } = { limit: 1 };
      for (let n = 1; ; n++) {
        const answer = await ask(`search/${kind}`, { ...body, page });
        expect(Object.keys(answer.body)[0]).toBe('page');
        const { next_token, count } = answer.body.page as { next_token: string; count: number };
        expect(count).toBe(1);
        seen.push(...results(answer));
        if (n === whole.length) {
          expect(next_token).toBe('');
          break;
        }
        page = { token: next_token };
      }
      expect(seen).toEqual(whole);
    }
  });

  test('4.5 a token counts for its own query, limit and kind, whole and unaltered', async () => {
    const body = subjectSearch();
    const first = await ask('search/subject', { ...body, page: { limit: 1 } });
    const { next_token: next } = first.body.page as { next_token: string };
    const status = async (kind: string, change: object) =>
      (await ask(`search/${kind}`, { ...body, page: { token: next }, ...change })).status;
    const { name } = purpose;
    expect(await status('subject', {})).toBe(200);
    expect(await status('subject', { page: { token: next, limit: 1 } })).toBe(200);
    expect(await status('subject', { action: { properties: {}, name } })).toBe(400);
    expect(await status('subject', { page: { token: next, limit: 2 } })).toBe(400);
    expect(await status('subject', { resource: attribute('intent.travel') })).toBe(400);
    expect(await status('subject', { context: { a: 1 } })).toBe(400);
    expect(await status('resource', permit())).toBe(400);
    const [payload = '', mac = ''] = next.split('.');
    const other = Buffer.from('{"after":[],"limit":1000}').toString('base64url');
    for (const token of [
      'x',
      '.',
      `${other}.${mac}`,
      `${payload}.`,
      `${next}.x`,
      `${payload}.${'A'.repeat(43)}`,
    ]) {
      expect(await status('subject', { page: { token } })).toBe(400);
    }
    const swapped = { resource: { id: 'size.shoe', type: 'attribute' } };
    expect(await status('subject', swapped)).toBe(200);
    expect(await status('subject', { page: { token: next, properties: { sort: 'name' } } })).toBe(
      400,
    );
    // The same body is a search of every kind; its page is of one.
    const whole = await ask('search/subject', { ...permit(), page: { limit: 1 } });
    const page = { token: (whole.body.page as { next_token: string }).next_token };
    expect(await status('subject', { ...permit(), page })).toBe(200);
    for (const kind of ['resource', 'action']) {
      expect(await status(kind, { ...permit(), page })).toBe(400);
    }
    for (const page of [{ limit: -1 }, { limit: '1' }, { token: 7 }, 'x']) {
      expect(await status('subject', { page })).toBe(400);
    }
    const none = await ask('search/subject', { ...body, page: { limit: 0 } });
    expect([none.status, results(none)]).toEqual([200, []]);
  });

  test('4.6 nothing found is an empty list, for unknown ids and types alike', async () => {
    for (const [kind, body] of [
      ['resource', { ...resourceSearch(), subject: user('nonexistent-user') }],
      ['action', { ...actionSearch(), subject: user('nonexistent-user') }],
      ['subject', { ...subjectSearch(), resource: attribute('nothing.such') }],
      ['subject', { ...subjectSearch(), subject: { type: 'spaceship' } }],
      ['resource', { ...resourceSearch(), resource: { type: 'spaceship' } }],
      ['action', { ...actionSearch(), resource: { type: 'spaceship', id: 'a' } }],
    ] as const) {
      const answer = await ask(`search/${kind}`, body);
      expect([answer.status, answer.body]).toEqual([
        200,
        { page: { next_token: '', count: 0 }, results: [] },
      ]);
    }
  });

  test('4.7.1 missing fields, 4.7.2 missing sub-fields: 400', async () => {
    const { subject, action, resource } = permit();
    for (const [kind, body] of [
      ['subject', { subject: { type: 'user' }, resource }],
      ['resource', { action, resource: anyAttribute }],
      ['action', { subject }],
      ['subject', { subject: { type: 'user' }, action, resource: anyAttribute }],
      ['resource', { subject: { type: 'user' }, action, resource: anyAttribute }],
      ['action', { subject: { type: 'user' }, resource }],
      ['subject', { subject: {}, action, resource }],
    ] as const) {
      expect((await ask(`search/${kind}`, body)).status).toBe(400);
    }
  });

  test('a grant is listed from a minute after its registration, while it is active', async () => {
    const cleo = await newPerson();
    const { grant } = await share(world, cleo);
    const isListed = async () => {
      bearer = await token(world);
      const listed = await found('subject', subjectSearch());
      const own = await found('resource', { ...resourceSearch(), subject: user(cleo.pseudonym) });
      const may = listed.some((subject) => (subject as { id: string }).id === cleo.pseudonym);
      expect(own.length > 0).toBe(may);
      return may;
    };
    world.now += 59;
    expect(await isListed()).toBe(false);
    world.now += 1;
    expect(await isListed()).toBe(true);
    await eventCall(world, cleo, grant, { event: 'suspend', seq: 1 });
    expect(await isListed()).toBe(false);
    await eventCall(world, cleo, grant, { event: 'resume', seq: 2 });
    expect(await isListed()).toBe(true);
    await eventCall(world, cleo, grant, { event: 'withdraw', seq: 3 });
    expect(await isListed()).toBe(false);
  });

  test('the person reads that a list was asked for, apart from the uses', async () => {
    const dora = await newPerson();
    const { grant } = await share(world, dora);
    world.now += 60;
    bearer = await token(world);
    const subject = user(dora.pseudonym);
    for (const [kind, body] of searches()) {
      await ask(`search/${kind}`, kind === 'subject' ? body : { ...body, subject });
    }
    await ask('search/resource', resourceSearch());
    await ask('evaluation', { ...permit(), subject });
    const read = (await readCall(world, dora, grant)).body;
    const kinds = (read.searches as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds).toEqual(['subject', 'resource', 'action']);
    expect(read.checks).toHaveLength(1);
    const later = await readCall(world, dora, grant, { after: read.cursor as string });
    expect([later.body.searches, later.body.checks]).toEqual([[], []]);
  });
});

describe('6 Discovery', () => {
  test('6.5 the metadata names this service and every endpoint, and each answers', async () => {
    const { status, headers, body } = await call(world, '/.well-known/authzen-configuration');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    const { policy_decision_point, ...endpoints } = body;
    expect(policy_decision_point).toBe(world.vault.url);
    expect(Object.keys(endpoints)).toEqual([
      'access_evaluation_endpoint',
      'access_evaluations_endpoint',
      'search_subject_endpoint',
      'search_resource_endpoint',
      'search_action_endpoint',
    ]);
    for (const url of Object.values(endpoints)) {
      const path = (url as string).slice(world.vault.url.length);
      expect((await post(world, path, {})).status).toBe(401);
    }
  });
});
