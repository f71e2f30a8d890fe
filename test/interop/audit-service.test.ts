import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@zusage/protocol/audit/run';
import {
  eventCall,
  newPerson,
  proofsCall,
  readCall,
  share,
} from '@zusage/vault-api/testing/person';
import { published } from '@zusage/vault-api/testing/published';
import { until } from '@zusage/vault-api/testing/until';
import { call, form, startWorld, type World } from '@zusage/vault-api/testing/world';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Two implementations that share no code: the service writes its log, the audit command reads it. */
let world: World;
let folder: string;
beforeAll(async () => {
  world = await startWorld();
  folder = mkdtempSync(join(tmpdir(), 'zusage-audit-service-'));
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => join(folder, name);
function write(name: string, value: unknown): string {
  writeFileSync(file(name), JSON.stringify(value));
  return file(name);
}
async function audit(...words: string[]) {
  const { exit, out, err } = await run(
    [...words, '--json', '--evidence', file('evidence')],
    () => world.now,
  );
  return {
    exit,
    err,
    ...(JSON.parse(out) as {
      findings: unknown[];
      checked: object;
      state?: string;
      events?: { act_checked_by: string }[];
    }),
  };
}

test('the log of a living service is verified, watched, opened and proven by a command that shares no code with it', async () => {
  const person = await newPerson();
  const { grant, receipt } = await share(world, person);
  const vault = new URL(grant.claims.status.status_list.uri).origin;
  const log = `${vault}/log`;
  await published(world);
  const state = ['--state', file('state')];
  expect(await audit('monitor', log, ...state)).toMatchObject({ exit: 0, findings: [] });

  expect((await eventCall(world, person, grant, { event: 'suspend', seq: 1 })).status).toBe(200);
  expect((await eventCall(world, person, grant, { event: 'resume', seq: 2 })).status).toBe(200);
  expect((await eventCall(world, person, grant, { event: 'withdraw', seq: 3 })).status).toBe(200);
  await form(world, '/revoke', { token: grant.claims.jti });
  for (let i = 0; i < 5; i++) await share(world, await newPerson());
  await published(world);
  expect(await audit('monitor', log, ...state)).toMatchObject({ exit: 0, findings: [] });

  // A withdrawal is answered before it has its index.
  await until(async () => {
    const { proofs } = (await proofsCall(world, person, grant)).body;
    return (proofs as unknown[]).length === 5;
  });
  const proofs = write('proofs.json', (await proofsCall(world, person, grant)).body);
  const { stream_root } = (await readCall(world, person, grant)).body as { stream_root: string };
  const stream = write('stream.json', { v: 1, streams: [{ kind: 'person', root: stream_root }] });
  const own = ['--openings', proofs, '--stream', stream];
  expect(await audit('verify', log, ...own)).toMatchObject({
    exit: 0,
    findings: [],
    checked: { openings: 5, entries_of_streams: 5 },
  });

  const at = `${new Date(world.now * 1000).toISOString().slice(0, 19)}Z`;
  const proven = await audit(
    'prove',
    proofs,
    ...['--grant', grant.claims.jti, '--at', at, '--log', log, '--operator-time'],
  );
  expect(proven).toMatchObject({ exit: 0, findings: [], state: 'ended' });
  expect(proven.events?.map((event) => event.act_checked_by)).toEqual([
    'grant-key',
    'grant-key',
    'grant-key',
    'grant-key',
    'hash',
  ]);

  const { body } = await proofsCall(world, person, grant);
  const receiptFile = write('r.zusage.json', {
    v: 1,
    type: 'zusage-receipt',
    request: null,
    grant: grant.jwt,
    receipts: [receipt],
    proofs: (body as { proofs: { proof: string }[] }).proofs.map(({ proof }) => proof),
    status: (await call(world, new URL(grant.claims.status.status_list.uri).pathname)).text,
    vault_jwks: JSON.parse((await call(world, '/jwks.json')).text),
    log_vkey: (await call(world, '/log/key')).text.trim(),
  });
  const page = await run(['check-receipt', receiptFile, '--vault', vault, '--json']);
  expect(JSON.parse(page.out)).toMatchObject({ exit: 0, findings: [], receipts: 1 });
  expect(readdirSync(folder)).not.toContain('evidence');
});
