import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@zusage/protocol/audit/run';
import { stopValue } from '@zusage/protocol/stop';
import { parseVkey, proveEntry, verifyAct } from '@zusage/protocol/tlog';
import { loadKeys } from '@zusage/vault-api/keys';
import { exportLog } from '@zusage/vault-api/log/export';
import { openSqliteStore } from '@zusage/vault-api/store/sqlite';
import {
  eventCall,
  newPerson,
  proofsCall,
  readCall,
  share,
  type TestPerson,
} from '@zusage/vault-api/testing/person';
import { published } from '@zusage/vault-api/testing/published';
import { until } from '@zusage/vault-api/testing/until';
import {
  call,
  check,
  form,
  post,
  startWorld,
  token,
  type World,
} from '@zusage/vault-api/testing/world';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The service writes the log with code of its own; here the verifier's, which shares none of it, reads what it wrote.

let world: World;
let folder: string;
let vkey: string;
beforeAll(async () => {
  world = await startWorld({ now: Math.floor(Date.now() / 1000) });
  folder = mkdtempSync(join(tmpdir(), 'zusage-audit-'));
  vkey = (await call(world, '/log/key')).text.trim();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

type Shared = Awaited<ReturnType<typeof share>>;

async function proofsOf(person: TestPerson, { grant }: Shared): Promise<string[]> {
  await published(world);
  const { body } = await proofsCall(world, person, grant);
  return (body['proofs'] as { proof: string }[]).map(({ proof }) => proof);
}

test('each entry of a life is proven, opens, and names the act that is the person’s own', async () => {
  const person = await newPerson();
  const shared = await share(world, person);
  const say = (event: 'suspend' | 'resume' | 'withdraw' | 'restore', seq: number, more = {}) =>
    eventCall(world, person, shared.grant, { event, seq, ...more });
  await say('suspend', 1);
  await say('resume', 2);
  await say('withdraw', 3, { undo_until: world.now + 300 });
  await say('restore', 4);
  const renewed = await share(world, person, { decided: { replaces: shared.grant.claims.jti } });
  await form(world, '/revoke', { token: renewed.grant.claims.jti });
  const checked = async (one: Shared, proof: string) => {
    const proven = await proveEntry(proof, { log: parseVkey(vkey) });
    return [proven.fields.type, await verifyAct(proven, one.grant)];
  };
  const first = await proofsOf(person, shared);
  expect(await Promise.all(first.map((proof) => checked(shared, proof)))).toEqual([
    ['registered', 'grant-key'],
    ['suspended', 'grant-key'],
    ['resumed', 'grant-key'],
    ['withdrawn', 'grant-key'],
    ['restored', 'grant-key'],
    ['replaced', 'grant-key'],
  ]);
  const second = await proofsOf(person, renewed);
  expect(await Promise.all(second.map((proof) => checked(renewed, proof)))).toEqual([
    ['registered', 'grant-key'],
    ['returned', 'hash'],
  ]);
});

test('a stop opens with the value that stopped it', async () => {
  const person = await newPerson();
  const shared = await share(world, person);
  await post(world, '/stop', { stop: await stopValue(person.stopRoot, 0) });
  world.now += 60;
  await until(async () => (await proofsOf(person, shared)).length === 2);
  world.now -= 60;
  const [, stopped] = await proofsOf(person, shared);
  const proven = await proveEntry(stopped as string, { log: parseVkey(vkey) });
  expect(await verifyAct(proven, shared.grant)).toBe('stop-value');
});

test('zusage-audit verifies the whole log over http and as exported files, and finds a person’s stream without a gap', {
  timeout: 60_000,
}, async () => {
  const person = await newPerson();
  const shared = await share(world, person);
  const bearer = await token(world);
  for (let n = 0; n < 40; n++) await share(world, await newPerson());
  for (let n = 0; n < 5; n++) await check(world, person.pseudonym, { bearer });
  await eventCall(world, person, shared.grant, { event: 'withdraw', seq: 1 });
  world.now += 60;
  const size = await published(world);
  const root = (await readCall(world, person, shared.grant)).body['stream_root'];
  const streams = join(folder, 'streams.json');
  writeFileSync(streams, JSON.stringify({ v: 1, streams: [{ kind: 'person', root }] }));
  const openings = join(folder, 'own.tlog-proof');
  const [registered, withdrawn] = await proofsOf(person, shared);
  writeFileSync(openings, registered as string);
  writeFileSync(`${openings}2.tlog-proof`, withdrawn as string);

  const audit = async (...words: string[]) => {
    const { exit, out, err } = await run([
      ...words,
      ...['--json', '--key', vkey, '--evidence', join(folder, 'evidence')],
    ]);
    return { exit, err, out: out === '' ? null : JSON.parse(out) };
  };
  const own = ['--stream', streams, '--openings', folder];
  const http = await audit('verify', `${world.vault.url}/log`, '--max-age', '100000', ...own);
  expect([http.exit, http.err, http.out?.findings ?? http.out]).toEqual([0, '', expect.anything()]);

  const exported = join(folder, 'exported');
  const store = openSqliteStore(world.data);
  const { log } = await loadKeys(world.data);
  expect((await exportLog(store, exported, log))?.size).toBeGreaterThanOrEqual(size);
  await store.close();
  expect(readFileSync(join(exported, 'checkpoint'), 'utf8')).toContain('/log\n');
  expect(readFileSync(join(exported, 'key'), 'utf8')).toBe(`${vkey}\n`);
  expect((await audit('verify', exported)).out?.findings).toEqual([]);

  const state = join(folder, 'state.json');
  const monitor = () =>
    audit('monitor', `${world.vault.url}/log`, '--state', state, '--max-age', '100000');
  expect((await monitor()).exit).toBe(0);
  for (let n = 0; n < 3; n++) await share(world, await newPerson());
  await published(world);
  expect((await monitor()).exit).toBe(0);
});
