import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseConfig } from '@zusage/vault-api/config';
import { startVaultApi, type VaultApi } from '@zusage/vault-api/service';
import { DATABASE_FILE } from '@zusage/vault-api/store/sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
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

test('a service that is not there is one sentence', async () => {
  const plan = { api: 'http://127.0.0.1:9', brands: 1, people: 1, checks: 1, seed: 1 };
  await expect(simulate(plan, ignore)).rejects.toThrow(
    new SimulationError('No vault service answers at http://127.0.0.1:9.'),
  );
});
