/** The real service over HTTP: whatever is sent, it answers with a code of its own, lives on, and keeps what it knew. */
import { fc, test } from '@fast-check/vitest';
import { CLIENT_ASSERTION_TYPE } from '@zusage/protocol/client-assertion';
import { hashOf, randomUuidUrn, type SigningKey } from '@zusage/protocol/crypto';
import { type EventClaims, signEvent } from '@zusage/protocol/event';
import type { Grant } from '@zusage/protocol/grant';
import { signJws } from '@zusage/protocol/jws';
import { signRead } from '@zusage/protocol/read';
import { type SlotAnswer, signSlotProof } from '@zusage/protocol/slot';
import { stopValue } from '@zusage/protocol/stop';
import { assertion, PURPOSE } from '@zusage/vault-api/testing/brand';
import {
  newPerson,
  share,
  signGrant,
  slotCall,
  type TestPerson,
} from '@zusage/vault-api/testing/person';
import { call, check, startWorld, token, type World } from '@zusage/vault-api/testing/world';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { runs } from './hostile.fixture.ts';
import { anyText, mutateJson, mutation } from './mutation.fixture.ts';

const JSON_TYPE = 'application/json';
const JWT_TYPE = 'application/jwt';
const FORM_TYPE = 'application/x-www-form-urlencoded';

type Sent = { path: string; type: string; body: string; headers?: Record<string, string> };

let world: World;
let person: TestPerson;
let grant: Grant;
/** For each route a message that would be accepted now; nothing here is ever sent as it is. */
let honest: Record<string, Sent>;

beforeAll(async () => {
  world = await startWorld();
  person = await newPerson();
  ({ grant } = await share(world, person));
  honest = await messages();
});
afterAll(() => world.close());

async function messages(): Promise<Record<string, Sent>> {
  const { url } = world.vault;
  const { jti } = grant.claims;
  const request = await world.request();
  const slot = (await slotCall(world, person, request)).body as unknown as SlotAnswer;
  const next = await signGrant(world, person, request, slot);
  const other = await world.request();
  const claims = { aud: url, request_hash: await hashOf(other), iat: world.now };
  const form = async (parameters: object) =>
    new URLSearchParams({
      client_assertion_type: CLIENT_ASSERTION_TYPE,
      client_assertion: await assertion(world.brand, url, world.now),
      ...parameters,
    }).toString();
  const evaluation = {
    subject: { type: 'user', id: person.pseudonym },
    action: { name: PURPOSE },
    resource: { type: 'attribute', id: 'size.shoe' },
  };
  const read = { aud: url, jti: randomUuidUrn(), iat: world.now, grant: jti, after: null };
  return {
    slot: {
      path: '/grants/slots',
      type: JSON_TYPE,
      body: JSON.stringify({
        request: other,
        pseudonym: person.pseudonym,
        proof: await signSlotProof(claims, person.key),
      }),
    },
    grant: {
      path: '/grants',
      type: JSON_TYPE,
      body: JSON.stringify({ grant: `${next.jwt}~`, request }),
    },
    event: {
      path: `/grants/${jti}/events`,
      type: JWT_TYPE,
      body: await signEvent(withdrawal(), person.key),
    },
    read: { path: `/grants/${jti}/read`, type: JWT_TYPE, body: await signRead(read, person.key) },
    stop: {
      path: '/stop',
      type: JSON_TYPE,
      body: JSON.stringify({ stop: await stopValue(person.stopRoot, 0) }),
    },
    token: {
      path: '/token',
      type: FORM_TYPE,
      body: await form({ grant_type: 'client_credentials' }),
    },
    introspection: {
      path: '/introspect',
      type: FORM_TYPE,
      body: await form({ token: grant.jwt, purpose: PURPOSE }),
    },
    revocation: { path: '/revoke', type: FORM_TYPE, body: await form({ token: jti }) },
    evaluation: {
      path: '/access/v1/evaluation',
      type: JSON_TYPE,
      body: JSON.stringify(evaluation),
      headers: { authorization: `Bearer ${await token(world)}` },
    },
  };
}

function withdrawal(): EventClaims {
  return {
    aud: world.vault.url,
    jti: randomUuidUrn(),
    grant: grant.claims.jti,
    grant_hash: grant.hash,
    event: 'withdraw',
    seq: 1,
    iat: world.now,
  };
}

async function send({ path, type, body, headers }: Sent, changed: string = body) {
  const answer = await call(world, path, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body: changed,
  });
  const what = `${answer.status} ${answer.text.slice(0, 200)}`;
  expect(answer.status, what).toBeLessThan(500);
  if (answer.status >= 400) {
    const code = answer.body.code ?? answer.body.error;
    expect(code, what).toMatch(/^[a-z][a-z0-9/_-]*$/);
  }
  return answer;
}

/** Routes whose message is the proof: changed, it must not be accepted. */
const SIGNED = ['slot', 'grant', 'event', 'read', 'token', 'introspection', 'revocation'] as const;
const ROUTES = [...SIGNED, 'stop', 'evaluation'] as const;

afterEach(async () => {
  expect((await call(world, '/livez')).status).toBe(200);
  const verdict = await check(world, person.pseudonym);
  expect(verdict.body).toMatchObject({ decision: true });
});

describe.each(ROUTES)('%s', (route) => {
  test.prop([anyText], runs(20))('any body: a code', async (body) => {
    await send(honest[route] as Sent, body);
  });
});

// An end of the grant that is still known or well signed is no mistake, so those two stay out.
describe.each(ROUTES.filter((route) => route !== 'stop' && route !== 'revocation'))(
  '%s',
  (route) => {
    test.prop([mutation], runs(20))('a changed body: a code', async (mutate) => {
      const sent = honest[route] as Sent;
      const changed = mutate(sent.body);
      fc.pre(changed !== sent.body);
      await send(sent, changed);
    });
  },
);

const PROOFS = {
  slot: 'proof',
  grant: 'grant',
  event: null,
  read: null,
  token: 'client_assertion',
  introspection: 'client_assertion',
  revocation: 'client_assertion',
};

describe.each(SIGNED)('%s', (route) => {
  test.prop([mutation], runs(20))('with a changed proof: refused', async (mutate) => {
    const sent = honest[route] as Sent;
    const member = PROOFS[route];
    const proof = member === null ? sent.body : proofOf(sent, member);
    const changed = mutate(proof);
    fc.pre(changed !== proof);
    const body = member === null ? changed : withProof(sent, member, changed);
    expect((await send(sent, body)).status).toBeGreaterThanOrEqual(400);
  });
});

function proofOf({ type, body }: Sent, member: string): string {
  return type === FORM_TYPE
    ? (new URLSearchParams(body).get(member) as string)
    : JSON.parse(body)[member];
}

function withProof({ type, body }: Sent, member: string, proof: string): string {
  if (type !== FORM_TYPE) return JSON.stringify({ ...JSON.parse(body), [member]: proof });
  const form = new URLSearchParams(body);
  form.set(member, proof);
  return form.toString();
}

describe('well signed nonsense', () => {
  const nonsense = (typ: string, claims: object, key: SigningKey) => signJws({ typ }, claims, key);

  test.prop([mutateJson, mutateJson], runs(40))('an event: a code', async (one, two) => {
    const claims = one(two({ ...withdrawal(), event: 'resume' })) as object;
    await send(honest['event'] as Sent, await nonsense('grant-event+jwt', claims, person.key));
  });

  test.prop([mutateJson, mutateJson], runs(40))('a read: a code', async (one, two) => {
    const claims = one(
      two({
        aud: world.vault.url,
        jti: randomUuidUrn(),
        iat: world.now,
        grant: grant.claims.jti,
        after: null,
      }),
    ) as object;
    await send(honest['read'] as Sent, await nonsense('grant-read+jwt', claims, person.key));
  });

  test.prop([mutateJson, mutateJson], runs(40))('a grant: a code', async (one, two) => {
    const { header, payload } = grant.jws;
    const claims = one(two({ ...payload, jti: randomUuidUrn() })) as object;
    const { jwk: _, ...rest } = header;
    const jwt = await signJws({ ...rest, typ: 'dc+sd-jwt', jwk: grant.key }, claims, person.key);
    const { request } = JSON.parse((honest['grant'] as Sent).body);
    await send(honest['grant'] as Sent, JSON.stringify({ grant: `${jwt}~`, request }));
  });

  test.prop([mutateJson], runs(40))('an evaluation: a code', async (mutate) => {
    const sent = honest['evaluation'] as Sent;
    await send(sent, JSON.stringify(mutate(JSON.parse(sent.body))));
  });

  test.prop([anyText, fc.constantFrom('events', 'read')], runs(20))(
    'any grant in the address: a code',
    async (text, what) => {
      const path = `/grants/${encodeURIComponent(text.toWellFormed())}/${what}`;
      await send({ path, type: JWT_TYPE, body: (honest['event'] as Sent).body });
    },
  );
});
