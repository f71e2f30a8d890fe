import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { signEvent } from '@zusage/protocol/event';
import { stopValue } from '@zusage/protocol/stop';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DATABASE_FILE } from './store/sqlite.ts';
import { eventCall, newPerson, readCall, share, slotCall } from './testing/person.ts';
import { published } from './testing/published.ts';
import { wholeLog } from './testing/whole-log.ts';
import { call, check, post, startWorld, token, type World } from './testing/world.ts';

const run = promisify(execFile);
const OPERATOR = fileURLToPath(new URL('operator.ts', import.meta.url));

let world: World;
beforeEach(async () => {
  // The operator's command lives by the machine's clock.
  world = await startWorld({ now: Math.floor(Date.now() / 1000) - 5 });
});
afterEach(() => world.close());

const file = () => join(world.data, DATABASE_FILE);
const backup = () => `${file()}.backup`;

function makeBackup(): void {
  const db = new DatabaseSync(file());
  db.exec(`VACUUM INTO '${backup()}'`);
  db.close();
}

/** As an operator does who has lost the database. */
async function restoreBackup(): Promise<void> {
  await world.vault.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(file() + suffix, { force: true });
  copyFileSync(backup(), file());
  chmodSync(file(), 0o600);
  await world.restart();
}

const follow = (origin: string) =>
  run(process.execPath, [OPERATOR, 'follow', origin], {
    env: {
      ...process.env,
      ZUSAGE_DEVELOPMENT: 'true',
      ZUSAGE_ISSUER: world.vault.url,
      ZUSAGE_DATA: world.data,
    },
  });

const claimsOf = (jws: unknown) =>
  JSON.parse(Buffer.from(String(jws).split('.')[1] as string, 'base64url').toString());

test('an old backup is noticed at the start: nothing is allowed by it, and what ends something is still taken', async () => {
  const [gone, here, stopped] = [await newPerson(), await newPerson(), await newPerson()];
  const ofGone = await share(world, gone);
  const ofHere = await share(world, here);
  await share(world, stopped);
  const { pathname } = new URL(ofHere.grant.claims.status.status_list.uri);
  makeBackup();
  await eventCall(world, gone, ofGone.grant, { event: 'withdraw', seq: 1 });
  const size = await published(world);
  const bearer = await token(world);

  await restoreBackup();
  expect((await call(world, '/readyz')).body).toEqual({ status: 'quarantine' });
  expect(world.logged()).toContain('service/quarantine');
  for (const person of [gone, here]) {
    // The token of before the backup is gone or not: a check is refused before anybody looks.
    const answer = await check(world, person.pseudonym, { bearer });
    expect([answer.status, answer.body['code']]).toEqual([503, 'service/quarantine']);
    expect(answer.headers.get('retry-after')).toBe('600');
    expect(answer.text).not.toContain('decision');
  }
  const refused = [
    call(world, pathname),
    slotCall(world, here, await world.request()),
    readCall(world, here, ofHere.grant),
    eventCall(world, here, ofHere.grant, { event: 'erase', seq: 1 }),
    call(world, '/grants', { headers: { authorization: `Bearer ${bearer}` } }),
    post(world, '/token', 'grant_type=client_credentials', {
      'content-type': 'application/x-www-form-urlencoded',
    }),
  ];
  for (const answer of await Promise.all(refused)) {
    expect([answer.status, answer.body['code']]).toEqual([503, 'service/quarantine']);
  }
  expect((await call(world, '/jwks.json')).status).toBe(200);
  expect((await call(world, '/stop')).status).toBe(200);
  expect(Number((await call(world, '/log/checkpoint')).text.split('\n')[1])).toBeLessThan(size);

  const ended = await eventCall(world, here, ofHere.grant, { event: 'withdraw', seq: 1 });
  expect([ended.status, ended.body['state']]).toEqual([200, 'ended']);
  expect(claimsOf(ended.body['receipt'])).toMatchObject({ log: null, event: 'withdrawn' });
  const stop = await stopValue(stopped.stopRoot, 0);
  expect((await post(world, '/stop', { stop })).body).toEqual({ known: true });
  expect(wholeLog(world.data).faults).toEqual(['2 waiting']);
});

test('a file of the head that is missing, of more, or of another log is a quarantine, and the right one is none', async () => {
  await share(world, await newPerson());
  await published(world);
  const head = join(world.data, 'published-head');
  const state = async () => (await call(world, '/readyz')).body['status'];
  copyFileSync(head, `${head}.kept`);
  await world.restart();
  expect(await state()).toBe('ok');
  await world.vault.close();
  rmSync(head);
  await world.restart();
  expect(await state()).toBe('quarantine');
  copyFileSync(`${head}.kept`, head);
  await world.restart();
  expect(await state()).toBe('ok');
});

test('the operator’s way out: another log that names the old one, all suspended, until each person says again what is missing', async () => {
  const [gone, here] = [await newPerson(), await newPerson()];
  const ofGone = await share(world, gone);
  const ofHere = await share(world, here);
  const early = await world.request();
  makeBackup();
  const iat = world.now;
  const withdrawal = {
    aud: world.vault.url,
    jti: `urn:uuid:${crypto.randomUUID()}`,
    grant: ofGone.grant.claims.jti,
    grant_hash: ofGone.grant.hash,
    event: 'withdraw',
    seq: 1,
    iat,
  } as const;
  const stored = await signEvent(withdrawal, gone.key);
  expect((await post(world, `/grants/${withdrawal.grant}/events`, stored)).status).toBe(200);
  const suspension = { ...withdrawal, event: 'suspend', grant: ofHere.grant.claims.jti } as const;
  const other = await signEvent({ ...suspension, grant_hash: ofHere.grant.hash }, here.key);
  expect((await post(world, `/grants/${suspension.grant}/events`, other)).status).toBe(200);
  await published(world);
  const last = (await call(world, '/log/checkpoint')).text;

  await restoreBackup();
  const host = new URL(world.vault.url).host;
  await world.vault.close();
  await expect(follow(`${host}/log`)).rejects.toMatchObject({
    code: 1,
    stderr: `The log that follows is ${host}/log-2; say its name to begin it.\n`,
  });
  expect((await follow(`${host}/log-2`)).stdout).toBe(
    `${host}/log-2 begins when the service starts.\n`,
  );
  expect(existsSync(join(world.data, 'published-head.before-log-2'))).toBe(true);
  // Later than anything that can still be fresh.
  world.now += 400;
  await world.restart();
  expect((await call(world, '/readyz')).body).toEqual({ status: 'ok' });
  await published(world);
  const { entries, faults } = wholeLog(world.data);
  expect(faults).toEqual([]);
  const first = JSON.parse(entries[0] as string);
  expect(first).toMatchObject({ k: 'k', type: 'log-follows' });
  expect(JSON.parse(Buffer.from(first.body, 'base64url').toString())).toEqual({
    origin: `${host}/log`,
    checkpoint: last,
  });
  // The old log stays where it was: what keeps its files never mixes them with those of the other.
  expect((await call(world, '/log/checkpoint')).text).toMatch(`${host}/log\n`);
  expect((await call(world, '/log-2/checkpoint')).text).toMatch(`${host}/log-2\n`);
  expect((await call(world, '/log-3/checkpoint')).status).toBe(404);
  const [old, next] = await Promise.all(
    ['/log', '/log-2'].map(async (log) => (await call(world, `${log}/tile/entries/000.p/1`)).text),
  );
  expect(next).not.toBe(old);
  expect((await call(world, '/log-2/key')).text).toMatch(/\/log-2\+/);

  for (const person of [gone, here]) {
    const answer = await check(world, person.pseudonym);
    expect(answer.body).toMatchObject({ decision: false, context: { reason: 'suspended' } });
  }
  const again = await post(world, `/grants/${withdrawal.grant}/events`, stored);
  expect([again.status, again.body['state']]).toEqual([200, 'ended']);
  expect(claimsOf(again.body['receipt']).log.origin).toBe(`${host}/log-2`);
  const suspended = await post(world, `/grants/${suspension.grant}/events`, other);
  expect([suspended.status, suspended.body['state']]).toEqual([200, 'suspended']);
  const resumed = await eventCall(world, here, ofHere.grant, { event: 'resume', seq: 2 });
  expect([resumed.status, resumed.body['state']]).toEqual([200, 'active']);
  expect((await check(world, here.pseudonym)).body).toMatchObject({ decision: true });
  expect((await check(world, gone.pseudonym)).body).toMatchObject({ decision: false });

  const person = await newPerson();
  expect((await slotCall(world, person, early)).body['code']).toBe('request/replayed');
  const anew = await share(world, person);
  expect(anew.grant.claims.status.status_list.uri).toMatch(/\/status\/6[5-9]$/);
  // A second log has a name of its own in the metadata, too.
  const metadata = await call(world, '/.well-known/oauth-authorization-server');
  expect(metadata.body['log_vkey']).toMatch(/\/log-2\+/);
});

test('there is no other log to begin while the present one is the right one', async () => {
  await published(world);
  const host = new URL(world.vault.url).host;
  await world.vault.close();
  await expect(follow(`${host}/log-2`)).rejects.toMatchObject({ code: 1 });
  await world.restart();
});
