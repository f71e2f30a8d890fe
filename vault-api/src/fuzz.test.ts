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
/** Token of the second page of `GET /grants`. */
let nextPage: string;

beforeAll(async () => {
  world = await startWorld({ atRest: true });
  bearer = await token(world);
  const { grant } = await share(world, await newPerson());
  jti = grant.claims.jti;
  await share(world, await newPerson());
  world.now += 60;
  const page = await call(world, '/grants?limit=1', {
    headers: { authorization: `Bearer ${bearer}` },
  });
  ({ next_token: nextPage } = page.body['page'] as { next_token: string });
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
  way: fc.constantFrom(
    ...['none', 'cut', 'splice', 'swap', 'drop', 'add', 'replace', 'bytes', 'nest', 'header'],
  ),
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
  return way === 'none' || way === 'header' ? text : textOf(other);
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

/** What stands in a path when that is not what is spoiled: a place that exists. */
const PLACES: Record<string, () => string> = {
  ':jti': () => jti,
  ':did': () => world.brand.did,
  ':n': () => '0',
  ':size': () => '1',
  ':level': () => '0',
  '*': () => '000.p/1',
};

/** @param text stands in one place of the path, if it is any */
function pathOf(path: string, at: number, text: string | null): string {
  const places = path.match(/:\w+|\*/g) ?? [];
  const chosen = text === null ? undefined : places[Math.floor(at * places.length)];
  // A client resolves dot segments itself (RFC 3986 §5.2.4): those would be another path.
  const segment = encodeURIComponent(text?.toWellFormed() ?? '').slice(0, 300);
  const other = /^\.{0,2}$/.test(segment) ? 'x' : segment;
  return path.replace(/:\w+|\*/g, (place) =>
    place === chosen ? other : (PLACES[place]?.() as string),
  );
}

/** As a form or a query, which hold nothing but text. */
function formOf(body: unknown): URLSearchParams {
  const members = Object.entries(Object(body) as object);
  return new URLSearchParams(members.map(([name, value]) => [name, textOf(value)]));
}

/** What the operation reads of the headers, and its token, one of them spoiled when headers are. */
function headersOf(operation: Operation, { at, way, with: other }: Spoiling) {
  const headers: Record<string, string> = {
    ...(operation.auth !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(operation.headers !== undefined && 'idempotency-key' in operation.headers
      ? { 'idempotency-key': `"${at}"` }
      : {}),
  };
  const names = [...Object.keys(operation.headers ?? {}), ...Object.keys(headers)];
  const name = names[Math.floor(at * names.length)];
  // A client sends no other bytes.
  const text = textOf(other).replace(/[^\x20-\x7e\xa0-\xff]/g, '');
  return way === 'header' && name !== undefined ? { ...headers, [name]: text } : headers;
}

function requestOf(operation: Operation, path: string, spoiling: Spoiling, text: string | null) {
  const url = pathOf(path, spoiling.at, text);
  const headers = headersOf(operation, spoiling);
  if (operation.query !== undefined) {
    const query = formOf(spoiled({ limit: '1', token: nextPage }, spoiling));
    return { url: `${url}?${query}`, init: { headers } };
  }
  if (operation.body === undefined) return { url, init: { headers } };
  const { type } = operation.body;
  const seed = bodies[path] as string | object;
  const isForm = type === 'application/x-www-form-urlencoded';
  const body =
    typeof seed === 'string'
      ? spoiledText(seed, spoiling)
      : isForm
        ? formOf(spoiled(seed, spoiling)).toString()
        : JSON.stringify(spoiled(seed, spoiling));
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
        const { url, init } = requestOf(operation, operation.path, spoiling, text);
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
