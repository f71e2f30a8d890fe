import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Database } from '../store/sqlite/database.ts';
import { noteChecks } from '../store/sqlite/note-checks.ts';
import { DATABASE_FILE } from '../store/sqlite.ts';
import { PURPOSE } from '../testing/brand.ts';
import { eventCall, newPerson, share } from '../testing/person.ts';
import { published } from '../testing/published.ts';
import { until } from '../testing/until.ts';
import { wholeLog } from '../testing/whole-log.ts';
import { check, post, startWorld, token, type World } from '../testing/world.ts';
import { commitmentOf, commitTo, type Field } from './commitment.ts';
import { leafHash, rootOf } from './hash.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

type Row = Record<string, unknown>;
function query(sql: string): Row[] {
  const db = new DatabaseSync(join(world.data, DATABASE_FILE), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** As it happens once there are enough checks, and before old ones are forgotten. */
async function note(): Promise<void> {
  const db = new Database(join(world.data, DATABASE_FILE));
  await db.write(() => noteChecks(db, 1));
  await db.close();
}

const blob = (value: unknown) => Buffer.from(value as Uint8Array);
const hashesIn = (bytes: Buffer) =>
  Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));

/** Commitment to named values, from `r` and salts. */
function committed(fields: Field[], opening: Buffer): Buffer {
  return commitTo(fields, opening.subarray(32), opening.subarray(0, 32)).commitment;
}

const access = () =>
  wholeLog(world.data)
    .entries.map((entry) => JSON.parse(entry) as { k: string; r: string; t: string })
    .filter(({ k }) => k === 'a');

test('each minute’s checks and searches are under one entry of the log, and each opens', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person);
  const bearer = await token(world);
  for (let n = 0; n < 3; n++) await check(world, person.pseudonym, { bearer });
  await check(world, 'nobody', { bearer });
  const search = { subject: { type: 'user', id: person.pseudonym }, action: { name: 'p.q' } };
  const authorization = `Bearer ${bearer}`;
  await post(
    world,
    '/access/v1/search/resource',
    { ...search, resource: { type: 'attribute' } },
    { authorization },
  );
  const minute = Math.floor(world.now / 60);
  await note();
  expect(access()).toEqual([]);
  // A restart in the middle of a minute loses none of it.
  await world.restart();
  await check(world, person.pseudonym, { bearer });
  await note();
  world.now += 60;
  await until(() => access().length === 1);

  const leaves = query('SELECT * FROM check_leaf ORDER BY id');
  expect(leaves.map(({ interval }) => interval)).toEqual(leaves.map(() => minute));
  expect(leaves).toHaveLength(6);
  const hashes = leaves.map((row) => {
    const payload = JSON.stringify({
      v: 1,
      kind: row['kind'],
      brand: world.brand.did,
      grant: row['grant_id'] === null ? null : grant.claims.jti,
      purpose: row['purpose'],
      attribute: JSON.parse(row['attributes'] as string),
      at: row['at'],
      result: row['decision'] === 1,
    });
    return leafHash(commitmentOf(blob(row['opening']), payload));
  });
  const [record] = query('SELECT * FROM access_brand');
  expect(blob(record?.['root'])).toEqual(rootOf(hashes));
  const fields: Field[] = [
    ['brand', world.brand.did],
    ['interval', minute],
    ['n', 6],
    ['root', rootOf(hashes).toString('base64url')],
    ['head_seq', 1],
    ['prev', null],
  ];
  const commitment = committed(fields, blob(record?.['opening']));
  const [batch] = query('SELECT * FROM access_batch');
  const top = hashesIn(blob(batch?.['leaves']));
  expect(top.some((leaf) => leaf.equals(leafHash(commitment)))).toBe(true);
  expect(access()[0]?.r).toBe(rootOf(top).toString('base64url'));
});

test('what a batch records together lies in its order, each check with its own grant and opening', async () => {
  const people = await Promise.all([newPerson(), newPerson(), newPerson()]);
  const grants: string[] = [];
  for (const person of people) grants.push((await share(world, person)).grant.claims.jti);
  const [first, second, third] = people.map(({ pseudonym }) => pseudonym);
  const asked = [first, second, 'nobody', 'no one', third, first];
  const evaluations = asked.map((id, place) => ({
    subject: { type: 'user', id },
    resource: { type: 'attribute', id: place === 5 ? 'size.top' : 'size.shoe' },
    action: { name: place === 5 ? `${PURPOSE}-not` : PURPOSE },
  }));
  const authorization = `Bearer ${await token(world)}`;
  await post(world, '/access/v1/evaluations', { evaluations }, { authorization });
  world.now += 60;
  await until(() => access().length === 1);

  const rows = query(
    'SELECT check_leaf.*, jti FROM check_leaf LEFT JOIN consent_grant ON consent_grant.id = grant_id ORDER BY check_leaf.id',
  );
  expect(rows.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(rows.map(({ jti, reason }) => [jti, reason])).toEqual([
    [grants[0], null],
    [grants[1], null],
    [null, null],
    [null, null],
    [grants[2], null],
    [grants[0], 'purpose'],
  ]);
  expect(new Set(rows.map(({ opening }) => blob(opening).toString('hex'))).size).toBe(6);
  const leaves = rows.map(({ kind, brand, jti, purpose, attributes, at, decision, opening }) => {
    const attribute = JSON.parse(attributes as string);
    const fields = {
      v: 1,
      kind,
      brand,
      grant: jti,
      purpose,
      attribute,
      at,
      result: decision === 1,
    };
    return leafHash(commitmentOf(blob(opening), JSON.stringify(fields)));
  });
  const [record] = query('SELECT * FROM access_brand');
  expect(blob(record?.['root'])).toEqual(rootOf(leaves));
});

test('a minute without checks is logged too, and looks like any other; records of a brand are chained', async () => {
  const person = await newPerson();
  await share(world, person);
  const minutes = async () => {
    const before = access().length;
    world.now += 60;
    await until(() => access().length === before + 1);
  };
  await minutes();
  for (let n = 0; n < 2; n++) {
    await check(world, person.pseudonym);
    await note();
    await minutes();
  }
  await published(world);
  const texts = wholeLog(world.data).entries.filter((entry) => entry.includes('"k":"a"'));
  expect(new Set(texts.map((text) => text.length)).size).toBe(1);
  const records = query('SELECT * FROM access_brand ORDER BY interval');
  expect(records.map(({ n }) => n)).toEqual([1, 1]);
  expect(records[0]?.['prev']).toBeNull();
  expect(records[1]?.['prev']).toBe(blob(records[0]?.['commitment']).toString('base64url'));
  expect(wholeLog(world.data).faults).toEqual([]);
});

test('every check is taken up within two intervals of its time, also one that came as the minute ended', async () => {
  const person = await newPerson();
  await share(world, person);
  const bearer = await token(world);
  world.now += 59 - (world.now % 60);
  await check(world, person.pseudonym, { bearer });
  world.now += 1;
  await check(world, person.pseudonym, { bearer });
  world.now += 60;
  await note();
  for (const { at, interval } of query('SELECT at, interval FROM check_leaf')) {
    const own = Math.floor((at as number) / 60);
    expect([0, 1, 2]).toContain((interval as number) - own);
  }
});

test('after an erasure nothing opens the person’s checks, and the roots stay', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person);
  await check(world, person.pseudonym);
  await note();
  world.now += 60;
  await until(() => access().length === 1);
  await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  await eventCall(world, person, grant, { event: 'erase', seq: 2 });
  const [erased] = query('SELECT * FROM check_leaf');
  const { leaf, interval, ...rest } = erased as Row;
  expect(rest).toEqual({
    id: 1,
    kind: 'erased',
    brand: world.brand.did,
    grant_id: null,
    purpose: '',
    attributes: '[]',
    at: (interval as number) * 60,
    decision: 0,
    reason: null,
    opening: null,
  });
  expect(query('SELECT n, root FROM access_brand')).toEqual([{ n: 1, root: leaf }]);
  expect(query('SELECT * FROM check_of_grant')).toEqual([]);
});

test('what is erased in the minute of its checks leaves their places in its tree, also after a restart', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person);
  const other = await newPerson();
  await share(world, other);
  await check(world, person.pseudonym);
  await check(world, other.pseudonym);
  const hashes = () => query('SELECT * FROM check_leaf ORDER BY id');
  await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  await eventCall(world, person, grant, { event: 'erase', seq: 2 });
  await world.restart();
  await check(world, other.pseudonym);
  expect(hashes().map(({ kind }) => kind)).toEqual(['erased', 'evaluation', 'evaluation']);
  world.now += 60;
  await until(() => access().length === 1);
  expect(query('SELECT n FROM access_brand')).toEqual([{ n: 3 }]);
});
