import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventCall, newPerson, readCall, share } from '../../testing/person.ts';
import { check, startWorld, type World } from '../../testing/world.ts';
import { DATABASE_FILE } from '../sqlite.ts';

const run = promisify(execFile);
const OPERATOR = fileURLToPath(new URL('../../operator.ts', import.meta.url));

let world: World;
beforeEach(async () => {
  world = await startWorld({ atRest: true });
});
afterEach(() => world.close());

const operator = (...values: string[]) =>
  run(process.execPath, [OPERATOR, ...values], {
    env: { ...process.env, ZUSAGE_DEVELOPMENT: 'true', ZUSAGE_DATA: world.data },
  });

/** All rows of the database in which one of the texts occurs, or the number of such a grant or its entry, by table. */
function rowsNaming(...texts: string[]): Record<string, number> {
  const db = new DatabaseSync(join(world.data, DATABASE_FILE), { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const isNamed = (row: object) => texts.some((text) => JSON.stringify(row).includes(text));
  const grants = db.prepare('SELECT * FROM consent_grant').all();
  const ids = grants.filter(isNamed).map(({ id }) => id);
  const entries = db
    .prepare('SELECT id, grant_id FROM entry')
    .all()
    .flatMap(({ id, grant_id }) => (ids.includes(grant_id) ? [id] : []));
  const counts = tables.map(({ name }) => {
    const rows = db.prepare(`SELECT * FROM ${name}`).all();
    const naming = rows.filter(
      (row) =>
        isNamed(row) ||
        ids.includes(row['grant_id'] ?? null) ||
        entries.includes(row['entry_id'] ?? null),
    );
    return [String(name), naming.length] as const;
  });
  db.close();
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

test('the operator dumps every row about a pseudonym and none about anybody else', async () => {
  const person = await newPerson();
  const stranger = await newPerson();
  const request = await world.request({ terms: { frequency: { uses: 9, per: 'P1D' } } });
  const { grant } = await share(world, person, { request });
  await share(world, person);
  await share(world, stranger);
  for (const { pseudonym } of [person, stranger]) await check(world, pseudonym);
  await check(world, person.pseudonym, { attribute: 'intent.travel' });
  await eventCall(world, person, grant, { event: 'suspend', seq: 1 });
  await readCall(world, person, grant);

  const { stdout } = await operator('dump', person.pseudonym);
  const dumped = JSON.parse(stdout) as Record<string, { jti?: string }[]>;
  const jtis = dumped['consent_grant']?.map(({ jti }) => jti as string) ?? [];
  expect(jtis).toContain(grant.claims.jti);
  expect(jtis).toHaveLength(2);
  const { answered_request, ...named } = Object.fromEntries(
    Object.entries(dumped)
      .map(([name, rows]) => [name, rows.length] as const)
      .filter(([, count]) => count > 0),
  );
  expect(named).toEqual(rowsNaming(person.pseudonym, ...jtis));
  expect(answered_request).toBe(2);
  expect(stdout).not.toContain(stranger.pseudonym);
});

test('after erasure there is nothing to dump', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person);
  await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  await eventCall(world, person, grant, { event: 'erase', seq: 2 });
  const { stdout } = await operator('dump', person.pseudonym);
  expect(Object.values(JSON.parse(stdout)).flat()).toEqual([]);
});

test('a command that is none says how it is used', async () => {
  for (const values of [[], ['dump'], ['forget', 'x']]) {
    await expect(operator(...values)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^[^\n]+\.\n\nUsage: /),
    });
  }
  const { stdout, stderr } = await operator('--help');
  expect([stdout, stderr]).toEqual([expect.stringMatching(/^Usage: npm run operator -- /), '']);
});

test('what is no pseudonym is refused, instead of saying that nothing is held about it', async () => {
  const person = await newPerson();
  await share(world, person);
  await expect(operator('dump', person.pseudonym.slice(1))).rejects.toMatchObject({ code: 2 });
  const { stdout } = await operator('dump', person.pseudonym);
  const { log_stream } = JSON.parse(stdout) as { log_stream: { root: unknown }[] };
  expect(log_stream.map(({ root }) => root)).toEqual([
    expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
  ]);
});
