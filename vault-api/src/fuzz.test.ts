import { fc, test as property } from '@fast-check/vitest';
import { CLIENT_ASSERTION_TYPE } from '@zusage/protocol/client-assertion';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { codesOf } from './openapi/document.ts';
import type { Operation } from './openapi/operation.ts';
import { OPERATIONS } from './openapi/operations.ts';
import { assertion, enrolment } from './testing/brand.ts';
import { newPerson, share, signGrant, slotCall } from './testing/person.ts';
import { rows } from './testing/rows.ts';
import { call, startWorld, token, type World } from './testing/world.ts';

const RUNS = process.env['FULL'] ? 500 : 25;
/** Milliseconds for all runs of one operation. */
const TIMEOUT = Math.max(20_000, RUNS * 250);

/** A body that the operation takes, by path: what is fuzzed starts from it, so that it gets past the first check. */
type Bodies = { readonly [path: string]: string | { readonly [member: string]: unknown } };

let world: World;
let bearer: string;
let bodies: Bodies;
let jti: string;

beforeAll(async () => {
  world = await startWorld({ atRest: true });
  bearer = await token(world);
  const { grant } = await share(world, await newPerson());
  jti = grant.claims.jti;
  const request = await world.request();
  const person = await newPerson();
  const slot = await slotCall(world, person, request);
  const next = await signGrant(world, person, request, slot.body as never);
  const question = {
    subject: { type: 'user', id: grant.pseudonym },
    action: { name: 'https://w3id.org/dpv#ProvideProductRecommendations' },
    resource: { type: 'attribute', id: 'size.shoe' },
  };
  const client = {
    client_assertion_type: CLIENT_ASSERTION_TYPE,
    client_assertion: await assertion(world.brand, world.vault.url, world.now),
  };
  const signed = `${grant.jwt}`;
  bodies = {
    '/brands': await enrolment(world.brand, 'https://other.example', world.now),
    '/grants/slots': { request, pseudonym: person.pseudonym, proof: signed },
    '/grants': { grant: `${next.jwt}~`, request },
    '/grants/:jti/events': signed,
    '/grants/:jti/read': signed,
    '/grants/:jti/proofs': signed,
    '/stop': { stop: 'A'.repeat(43) },
    '/token': { grant_type: 'client_credentials', ...client },
    '/introspect': { token: jti, purpose: question.action.name, datatypes: 'size.shoe' },
    '/revoke': { token: 'urn:uuid:00000000-0000-4000-8000-000000000000' },
    '/access/v1/evaluation': question,
    '/access/v1/evaluations': { ...question, evaluations: [{}, question] },
    '/access/v1/search/subject': question,
    '/access/v1/search/resource': question,
    '/access/v1/search/action': question,
  };
});
afterAll(() => world.close());

/** One way to spoil a body: at the place `at` (0 to 1), by `with`. */
const Spoiling = fc.record({
  way: fc.constantFrom('none', 'cut', 'splice', 'swap', 'drop', 'add', 'replace', 'bytes', 'nest'),
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  with: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 })),
});
type Spoiling = { way: string; at: number; with: unknown };

/** Not `String`: what is made up may have a `toString` of its own that is no function. */
function textOf(other: unknown): string {
  return typeof other === 'string' ? other : JSON.stringify(other);
}

function spoiledText(text: string, { way, at, with: other }: Spoiling): string {
  const place = Math.floor(at * text.length);
  if (way === 'cut') return text.slice(0, place);
  if (way === 'splice') return text.slice(0, place) + textOf(other) + text.slice(place);
  if (way === 'swap') return text.slice(0, place) + text.slice(place).split('').reverse().join('');
  return way === 'none' ? text : textOf(other);
}

function spoiled(body: object, spoiling: Spoiling): unknown {
  const { way, at, with: other } = spoiling;
  const names = Object.keys(body);
  const name = names[Math.floor(at * names.length)] as string;
  const own = (body as Record<string, unknown>)[name];
  if (way === 'drop') return Object.fromEntries(Object.entries(body).filter(([n]) => n !== name));
  if (way === 'add') return { ...body, [textOf(other).slice(0, 40)]: other };
  if (way === 'replace') return { ...body, [name]: other };
  if (way === 'nest') return { ...body, [name]: { [name]: own, other } };
  if (way === 'bytes') return other;
  if (typeof own === 'string') return { ...body, [name]: spoiledText(own, spoiling) };
  if (typeof own === 'object' && own !== null) return { ...body, [name]: spoiled(own, spoiling) };
  return body;
}

function requestOf(operation: Operation, path: string, spoiling: Spoiling, param: string) {
  // A client resolves dot segments itself (RFC 3986 §5.2.4): those would be another path.
  const segment = encodeURIComponent(param).slice(0, 300);
  const url = path.replace(/:\w+/, () => (/^\.{0,2}$/.test(segment) ? 'x' : segment));
  const headers: Record<string, string> =
    operation.auth === undefined ? {} : { authorization: `Bearer ${bearer}` };
  if (operation.body === undefined) return { url, init: { headers } };
  const { type } = operation.body;
  const seed = bodies[path] as string | object;
  const body =
    typeof seed === 'string'
      ? spoiledText(seed, spoiling)
      : type === 'application/json'
        ? JSON.stringify(spoiled(seed, spoiling))
        : new URLSearchParams(
            Object.entries(Object(spoiled(seed, spoiling))).map(([name, value]) => [
              name,
              textOf(value),
            ]),
          ).toString();
  return { url, init: { method: 'POST', headers: { ...headers, 'content-type': type }, body } };
}

/** Whether the description of the operation allows this code with this status. */
function isDescribed(operation: Operation, status: number, code: string): boolean {
  const codes = [...(codesOf(operation).get(String(status)) ?? [])];
  return codes.some(
    (one) => one === code || (one.endsWith('/*') && code.startsWith(one.slice(0, -1))),
  );
}

describe('whatever comes, there is no failure, no stack, nothing half written, and no code that is not described', () => {
  for (const operation of OPERATIONS) {
    property.prop([Spoiling, fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null))], {
      numRuns: RUNS,
    })(
      `${operation.method} ${operation.path}`,
      async (spoiling, text) => {
        const param = text ?? jti;
        const { url, init } = requestOf(operation, operation.path, spoiling, param.toWellFormed());
        const before = rows(world);
        const { status, body, text: said } = await call(world, url, init);
        const unexpected = `${status} ${String(body['code'])}`;
        expect(status, unexpected).toBeLessThan(500);
        if (status < 400) {
          expect(Object.keys(operation.answers), unexpected).toContain(String(status));
          return;
        }
        expect(said).not.toMatch(/ {4}at |\.ts:\d|node_modules|sqlite|zod/i);
        expect(rows(world)).toBe(before);
        expect(isDescribed(operation, status, String(body['code'])), unexpected).toBe(true);
      },
      TIMEOUT,
    );
  }
});
