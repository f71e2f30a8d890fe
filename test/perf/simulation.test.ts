import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseConfig } from '@zusage/vault-api/config';
import { startVaultApi, type VaultApi } from '@zusage/vault-api/service';
import { DATABASE_FILE } from '@zusage/vault-api/store/sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SimulationError, simulate } from './simulation.ts';

let data: string;
let vault: VaultApi;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'zusage-simulation-'));
  vault = await startVaultApi(
    parseConfig({
      ZUSAGE_PORT: '0',
      ZUSAGE_DEVELOPMENT: 'true',
      ZUSAGE_DATA: data,
      ZUSAGE_RATE_LIMIT: '1000000',
      ZUSAGE_LOG_LEVEL: 'silent',
    }),
  );
});
afterEach(async () => {
  vi.restoreAllMocks();
  await vault.close();
  rmSync(data, { recursive: true });
});

const ignore = () => undefined;

test('the vault answers a few people as the model does', async () => {
  const plan = { api: vault.url, brands: 2, people: 12, checks: 150, seed: 7 };
  const outcome = await simulate(plan, ignore);
  expect(outcome.disagreements).toEqual([]);
  expect(outcome).toMatchObject({ registrations: 12, checks: 150 });
  expect(outcome.allowed).toBeGreaterThan(0);
  expect(outcome.changes).toBeGreaterThan(0);
});

test('what the vault holds and the model does not know of is found out', async () => {
  const plan = { api: vault.url, brands: 1, people: 6, checks: 60, seed: 3 };
  let hasStopped = false;
  const outcome = await simulate(plan, ({ registrations }) => {
    if (registrations < plan.people || hasStopped) return;
    hasStopped = true;
    // Behind the simulation's back, one grant is ended in the database itself.
    const db = new DatabaseSync(join(data, DATABASE_FILE));
    db.exec(
      "UPDATE consent_grant SET ended_by = 'stopped', ended_at = 0 WHERE jti = (SELECT min(jti) FROM consent_grant)",
    );
    db.close();
  });
  expect(outcome.disagreements.length).toBeGreaterThan(0);
});

type Said = { [member: string]: unknown };
const context = (body: Said) => (body['context'] ?? {}) as Said;

/** What a service might say that is not so, by where it says it. */
const LIES: [what: string, path: RegExp, lie: (body: Said) => Said, found: RegExp][] = [
  ['yes to everything', /evaluation$/, (body) => ({ ...body, decision: true }), /^said true/],
  [
    'another reason',
    /evaluation$/,
    (body) => ({ ...body, context: { ...context(body), reason: 'expired' } }),
    /^said \w+ expired/,
  ],
  [
    'a time for which a limited use may be kept',
    /evaluation$/,
    (body) =>
      body['decision'] === true ? { ...body, context: { ...context(body), valid_for: 300 } } : body,
    /for 300 s, expected \S+ for 0 s/,
  ],
  [
    'another grant',
    /evaluation$/,
    (body) =>
      body['decision'] === true ? { ...body, context: { ...context(body), grant: 'x' } } : body,
    /^named x /,
  ],
  ['no receipt', /grants$/, () => ({}), /receipt of "registered" is none: jws\//],
  [
    'a receipt that nobody signed',
    /events$/,
    (body) => ({ ...body, receipt: String(body['receipt']).slice(0, -8).concat('AAAAAAAA') }),
    /receipt of "\w+" is none: jws\/signature/,
  ],
  ['another state', /events$/, (body) => ({ ...body, state: 'erased' }), /led to the state erased/],
];

test.each(LIES)('a service that says %s is found out', async (_, path, lie, found) => {
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const answer = await real(input, init);
    if (!path.test(new URL(String(input)).pathname) || !answer.ok) return answer;
    const { status, headers } = answer;
    return new Response(JSON.stringify(lie((await answer.json()) as Said)), { status, headers });
  });
  const plan = { api: vault.url, brands: 1, people: 6, checks: 40, seed: 3 };
  const { disagreements } = await simulate(plan, ignore);
  expect(disagreements).toContainEqual(expect.stringMatching(found));
});

test('a service that is not there is one sentence', async () => {
  const plan = { api: 'http://127.0.0.1:9', brands: 1, people: 1, checks: 1, seed: 1 };
  await expect(simulate(plan, ignore)).rejects.toThrow(
    new SimulationError('No vault service answers at http://127.0.0.1:9.'),
  );
});
