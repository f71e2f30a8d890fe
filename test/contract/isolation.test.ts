import { StatementSync } from 'node:sqlite';
import { randomUuidUrn } from '@zusage/protocol/crypto';
import { signEvent } from '@zusage/protocol/event';
import { signRead } from '@zusage/protocol/read';
import { OPERATIONS } from '@zusage/vault-api/openapi/operations';
import {
  assertion,
  enrolment,
  PURPOSE,
  serveBrand,
  type TestBrand,
} from '@zusage/vault-api/testing/brand';
import { newPerson, share, type TestPerson } from '@zusage/vault-api/testing/person';
import {
  type Answer,
  call,
  check,
  form,
  post,
  startWorld,
  type World,
} from '@zusage/vault-api/testing/world';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

// A brand that knows everything about another brand's grant – pseudonym, jti, the signed bytes – asks every route about
// it, and about one that does not exist. Both answers must be the same, and made by the same work: the same statements
// on the database, in the same order, with as many rows. That is what timing rests on, and unlike time it can be
// compared exactly.

/** What may be known of a grant. */
type Target = { readonly pseudonym: string; readonly jti: string; readonly jwt: string };

let world: World;
let other: TestBrand;
let intruder: TestPerson;
let bearer: string;
let foreign: Target;
let unknown: Target;

beforeAll(async () => {
  // No statement of the log's own comes between those of an answer.
  world = await startWorld({ atRest: true });
  const person = await newPerson();
  const { grant } = await share(world, person);
  foreign = { pseudonym: person.pseudonym, jti: grant.claims.jti, jwt: grant.jwt };
  await check(world, person.pseudonym);
  // Registered nowhere: the same kind of thing from a vault of its own.
  const elsewhere = await startWorld();
  const stranger = await newPerson();
  const { grant: never } = await share(elsewhere, stranger);
  await elsewhere.close();
  unknown = { pseudonym: stranger.pseudonym, jti: never.claims.jti, jwt: never.jwt };

  other = await serveBrand();
  intruder = await newPerson();
  await post(world, '/brands', await enrolment(other, world.vault.url, world.now));
  world.now += 60;
  const { body } = await form(world, '/token', {
    grant_type: 'client_credentials',
    ...(await asOther()),
  });
  bearer = body.access_token as string;
});
afterAll(async () => {
  await other.close();
  await world.close();
});
afterEach(() => vi.restoreAllMocks());

const asOther = async () => ({
  client_assertion: await assertion(other, world.vault.url, world.now),
});
const user = ({ pseudonym }: Target) => ({ type: 'user', id: pseudonym });
const action = { name: PURPOSE };
const resource = { type: 'attribute', id: 'size.shoe' };
const json = (path: string, body: object) => () =>
  post(world, path, body, { authorization: `Bearer ${bearer}` });
const get = (path: string) => () =>
  call(world, path, { headers: { authorization: `Bearer ${bearer}` } });
const body = async (path: string, parameters: Record<string, string>) => {
  const values = { ...parameters, ...(await asOther()) };
  return () => form(world, path, values);
};
const signed = async (path: string, compact: Promise<string>) => {
  const text = await compact;
  return () => post(world, path, text);
};

type Ask = (target: Target) => (() => Promise<Answer>) | Promise<() => Promise<Answer>>;

/** Every route that says something about a grant to a caller who names it. */
const ASKED: Record<string, Ask[]> = {
  'post /access/v1/evaluation': [
    (target) => json('/access/v1/evaluation', { subject: user(target), action, resource }),
  ],
  'post /access/v1/evaluations': [
    (target) =>
      json('/access/v1/evaluations', {
        subject: user(target),
        action,
        evaluations: [{ resource }, { resource: { ...resource, id: 'intent.travel' } }],
      }),
  ],
  'post /access/v1/search/subject': [
    (target) => json('/access/v1/search/subject', { subject: user(target), action, resource }),
  ],
  'post /access/v1/search/resource': [
    (target) => json('/access/v1/search/resource', { subject: user(target), action, resource }),
  ],
  'post /access/v1/search/action': [
    (target) => json('/access/v1/search/action', { subject: user(target), resource }),
  ],
  'get /grants': [({ pseudonym }) => get(`/grants?subject=${pseudonym}`), () => get('/grants')],
  'get /grants/:jti': [({ jti }) => get(`/grants/${jti}`)],
  'post /introspect': [
    ({ jti }) => body('/introspect', { token: jti }),
    ({ jwt }) => body('/introspect', { token: jwt }),
    ({ jwt }) => body('/introspect', { token: `${jwt}~`, purpose: PURPOSE }),
  ],
  'post /revoke': [
    ({ jti }) => body('/revoke', { token: jti }),
    ({ jwt }) => body('/revoke', { token: jwt }),
  ],
  'get /grants/:jti/proofs': [({ jti }) => get(`/grants/${jti}/proofs`)],
  'post /grants/:jti/proofs': [
    ({ jti }) =>
      signed(
        `/grants/${jti}/proofs`,
        signRead(
          { aud: world.vault.url, jti: randomUuidUrn(), iat: world.now, grant: jti, after: null },
          intruder.key,
        ),
      ),
  ],
  'post /grants/:jti/events': [
    ({ jti }) =>
      signed(
        `/grants/${jti}/events`,
        signEvent(
          {
            aud: world.vault.url,
            jti: randomUuidUrn(),
            grant: jti,
            grant_hash: 'A'.repeat(43),
            event: 'suspend',
            seq: 1,
            iat: world.now,
          },
          intruder.key,
        ),
      ),
  ],
  'post /grants/:jti/read': [
    ({ jti }) =>
      signed(
        `/grants/${jti}/read`,
        signRead(
          { aud: world.vault.url, jti: randomUuidUrn(), iat: world.now, grant: jti, after: null },
          intruder.key,
        ),
      ),
  ],
};

/** Routes that are told of no grant, or only by what its holder alone knows or can sign. */
const NAMES_NONE = [
  'get /livez',
  'get /readyz',
  'get /openapi.json',
  'get /jwks.json',
  'get /.well-known/oauth-authorization-server',
  'get /.well-known/authzen-configuration',
  'get /brands',
  'get /brands/:did',
  'get /status/:n',
  'get /stop',
  'get /log/checkpoint',
  'get /log/key',
  'get /log/note/:size',
  'get /log/tile/:level/*',
  'post /brands',
  'post /token',
  // The proof, the grant and the stop value are the person's.
  'post /grants/slots',
  'post /grants',
  'post /stop',
];

/** The person's own routes verify the grant's key, which takes the grant: for them the answer alone is compared. */
const BY_SIGNATURE = [
  'post /grants/:jti/events',
  'post /grants/:jti/read',
  'post /grants/:jti/proofs',
];

/** Statements on the database while it is asked, with how many rows each gave or changed. */
async function traced(newAsk: () => ReturnType<Ask>): Promise<{ answer: Answer; work: string[] }> {
  const ask = await newAsk();
  const work: string[] = [];
  for (const method of ['get', 'all', 'run'] as const) {
    const genuine = StatementSync.prototype[method] as (...values: unknown[]) => unknown;
    vi.spyOn(StatementSync.prototype, method).mockImplementation(function (
      this: StatementSync,
      ...values: unknown[]
    ) {
      const result = genuine.apply(this, values);
      const size = Array.isArray(result) ? result.length : result === undefined ? 0 : 1;
      work.push(`${this.sourceSQL.replace(/\s+/g, ' ')} → ${size}`);
      return result as never;
    });
  }
  const answer = await ask();
  vi.restoreAllMocks();
  return { answer, work };
}

/** All that a caller sees, but what counts time and requests. */
function seen({ status, text, headers }: Answer) {
  const kept = [...headers].filter(([name]) => !/^(?:date|ratelimit-|x-ratelimit-)/.test(name));
  return { status, text, headers: kept };
}

test('every route is either asked here or named as one that is told of no grant', () => {
  const all = OPERATIONS.map(({ method, path }) => `${method} ${path}`);
  const known = [...Object.keys(ASKED), ...NAMES_NONE];
  expect(all.filter((route) => !known.includes(route))).toEqual([]);
  expect(Object.keys(ASKED).filter((route) => !all.includes(route))).toEqual([]);
});

test.each(Object.entries(ASKED))(
  '%s: another brand’s grant is as unknown as none',
  async (route, asks) => {
    for (const ask of asks) {
      // What is kept ready of the caller itself is so from its first request on.
      await (await ask(unknown))();
      const none = await traced(() => ask(unknown));
      const theirs = await traced(() => ask(foreign));
      expect(seen(theirs.answer)).toEqual(seen(none.answer));
      expect(theirs.answer.status).not.toBe(400);
      expect(theirs.answer.status).toBeLessThan(500);
      expect(none.work.length).toBeGreaterThan(0);
      if (!BY_SIGNATURE.includes(route)) expect(theirs.work).toEqual(none.work);
    }
  },
);

test('the grant has lost nothing by it, and for its own audience the work is another', async () => {
  const { body } = await form(world, '/token', { grant_type: 'client_credentials' });
  const ask = (target: Target) => () =>
    check(world, target.pseudonym, { bearer: body.access_token as string });
  const theirs = await traced(() => ask(foreign));
  expect(theirs.answer.body.decision).toBe(true);
  expect((await traced(() => ask(unknown))).work).not.toEqual(theirs.work);
});
