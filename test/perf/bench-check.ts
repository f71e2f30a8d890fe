import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CLIENT_ASSERTION_TYPE, signClientAssertion } from '@zusage/protocol/client-assertion';
import {
  generateKey,
  importSigningKey,
  randomUuidUrn,
  type SigningKey,
} from '@zusage/protocol/crypto';
import { DATABASE_FILE } from '@zusage/vault-api/store/sqlite';
import { PURPOSE } from '@zusage/vault-api/testing/brand';
import { newPerson, share } from '@zusage/vault-api/testing/person';
import { token } from '@zusage/vault-api/testing/world';
import {
  CLIENTS,
  type Load,
  measureLoad,
  startServer,
  type Vault,
  withVault,
} from './bench-client.ts';
import { median, type Row, rateOf, round, rounds } from './bench-measure.ts';

/** Grants that are asked about in turn; also the items of a batch. */
const GRANTS = 100;
const CHECKS = 10_000;
/**
 * So many that each server has work whenever it can do any. With a quarter of them, a service that answers after its
 * commits stands idle between two of those for a third of the time.
 */
const CONNECTIONS = 128;
const BATCHES = 1000;
const LOOKUPS = 100_000;

/** Checks one at a time and a hundred at once, over HTTP, with a token already issued. */
export async function benchChecks(): Promise<Row[]> {
  return withVault(async (vault) => {
    const subjects: string[] = [];
    for (let n = 0; n < GRANTS; n++) {
      const person = await newPerson();
      await share(vault.world, person);
      subjects.push(person.pseudonym);
    }
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${await token(vault.world)}`,
    };
    return [...(await single(vault, subjects, headers)), await batch(vault, subjects, headers)];
  });
}

const questionOf = (subject: string) => ({
  subject: { type: 'user', id: subject },
  action: { name: PURPOSE },
  resource: { type: 'attribute', id: 'size.shoe' },
});

async function single(
  vault: Vault,
  subjects: readonly string[],
  headers: Load['headers'],
): Promise<Row[]> {
  const bodies = subjects.map((subject) => JSON.stringify(questionOf(subject)));
  const load = {
    headers,
    bodies,
    connections: CONNECTIONS,
    isExpected: (answer: string) => answer.includes('"decision":true'),
  };
  const floor = await startServer('floor');
  const durable = await startServer('durable', vault);
  const needed = await startServer('needed', vault);
  const key = await importSigningKey(await generateKey());
  const peer = await startServer('peer', { key: key.publicJwk });
  try {
    const introspection = await introspectionOf(peer.url);
    const measured = await rounds(async () => ({
      ours: await measureLoad(vault.server, CHECKS, { ...load, path: '/access/v1/evaluation' }),
      floor: await measureLoad(floor, CHECKS, { ...load, path: '/' }),
      durable: await measureLoad(durable, CHECKS, { ...load, path: '/' }),
      needed: await measureLoad(needed, CHECKS, { ...load, path: '/' }),
      peer: await measureLoad(peer, CHECKS, introspection),
      alike: await measureLoad(peer, CHECKS, await byKey(introspection, peer.url, key)),
    }));
    type Side = keyof (typeof measured)[number];
    const cpu = (side: Side) => `${round(1e6 * median(measured.map((each) => each[side].cpu)))} µs`;
    const ofFloor = (side: Side) =>
      round(median(measured.map((each) => each.floor.cpu / each[side].cpu)));
    const rate = (side: Side) => `${round(median(measured.map((each) => each[side].rate)))}/s`;
    return [
      {
        part: 'Single check over HTTP',
        what: 'CPU per request: bare Fastify route with a schema ÷ check',
        ratio: median(measured.map(({ ours, floor }) => floor.cpu / ours.cpu)),
        target: 0.85,
        behind: `${CONNECTIONS} connections; check ${cpu('ours')}, bare route ${cpu('floor')}; the bare route with one durable row, many to a commit, ${cpu('durable')}: ${ofFloor('durable')}; with the token looked up and a log line, too, ${cpu('needed')}: ${ofFloor('needed')}`,
      },
      {
        part: 'Single check over HTTP',
        what: 'rate: check ÷ introspection of oidc-provider',
        ratio: median(measured.map(({ ours, peer }) => ours.rate / peer.rate)),
        target: 5,
        behind: `check ${rate('ours')}, introspection ${rate('peer')}, its client known by a shared secret (CPU ${cpu('ours')}, ${cpu('peer')}); the bare route reaches ${rate('floor')}, ${round(median(measured.map(({ floor, peer }) => floor.rate / peer.rate)))} times the peer`,
      },
      {
        part: 'Single check over HTTP',
        what: 'rate: check ÷ introspection of oidc-provider, its client known by a key',
        ratio: median(measured.map(({ ours, alike }) => ours.rate / alike.rate)),
        target: 5,
        behind: `introspection ${rate('alike')} (CPU ${cpu('alike')}) with \`private_key_jwt\`, the only way in which a client of the vault proves itself: there once for a token, here with each call, which takes no token`,
      },
    ];
  } finally {
    await floor.close();
    await durable.close();
    await needed.close();
    await peer.close();
  }
}

/** Introspection of a token that the provider has issued. */
async function introspectionOf(url: string): Promise<Load> {
  const { id, secret } = CLIENTS.secret;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  };
  const body = 'grant_type=client_credentials';
  const response = await fetch(`${url}/token`, { method: 'POST', headers, body });
  const { access_token: issued } = (await response.json()) as { access_token: string };
  return {
    path: '/token/introspection',
    headers,
    bodies: [new URLSearchParams({ token: issued }).toString()],
    connections: CONNECTIONS,
    isExpected: (answer) => answer.includes('"active":true'),
  };
}

/** The same with a client assertion (RFC 7523 §2.2) of its own for each call. */
async function byKey({ headers, ...load }: Load, url: string, key: SigningKey): Promise<Load> {
  const { id, kid } = CLIENTS.key;
  const now = Math.floor(Date.now() / 1000);
  const assertions: string[] = [];
  // Each connection has one ready beyond the last that is sent.
  for (let n = 0; n < CHECKS + 2 * CONNECTIONS; n++) {
    const claims = { did: id, vault: url, jti: randomUuidUrn(), now };
    assertions.push(await signClientAssertion(claims, kid, key));
  }
  return {
    ...load,
    headers: { 'content-type': headers['content-type'] as string },
    next: () =>
      `${load.bodies[0]}&${new URLSearchParams({
        client_id: id,
        client_assertion_type: CLIENT_ASSERTION_TYPE,
        client_assertion: assertions.pop() as string,
      })}`,
  };
}

async function batch(
  { server, world, data }: Vault,
  subjects: readonly string[],
  headers: Load['headers'],
): Promise<Row> {
  const body = JSON.stringify({ evaluations: subjects.map(questionOf) });
  const load: Load = {
    path: '/access/v1/evaluations',
    headers,
    bodies: [body],
    isExpected: (answer) => answer.split('"decision":true').length === GRANTS + 1,
  };
  const db = new DatabaseSync(join(data, DATABASE_FILE), { readOnly: true });
  try {
    const row = db.prepare('SELECT * FROM consent_grant WHERE aud = ? AND pseudonym = ?');
    const lookUp = () => {
      for (let n = 0; n < LOOKUPS; n++) row.get(world.brand.did, subjects[n % GRANTS] as string);
    };
    const measured = await rounds(async () => {
      const { rate, cpu } = await measureLoad(server, BATCHES, load);
      return { rate: rate * GRANTS, cpu: cpu / GRANTS, lookups: await rateOf(LOOKUPS, lookUp) };
    });
    const rate = round(median(measured.map((each) => each.rate)));
    const perCore = round(median(measured.map((each) => 1 / each.cpu)));
    const lookups = round(median(measured.map((each) => each.lookups)));
    return {
      part: 'Batch of 100 over HTTP, recorded',
      what: 'rate: checks ÷ raw SQLite lookups of the same rows in a loop',
      ratio: median(measured.map((each) => each.rate / each.lookups)),
      target: 0.5,
      behind: `${rate} checks/s (${perCore} a second of server CPU; stretch 100,000), ${lookups} lookups/s`,
    };
  } finally {
    db.close();
  }
}
