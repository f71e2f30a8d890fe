import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leafHash } from './log/hash.ts';
import { RightEdge } from './log/right-edge.ts';
import { brandRequest, serveBrand, type TestBrand } from './testing/brand.ts';
import { ownPort } from './testing/own-port.ts';
import {
  eventCall,
  newPerson,
  readCall,
  registerCall,
  share,
  type TestPerson,
} from './testing/person.ts';
import { enrol, post, token, type World } from './testing/world.ts';

/** How often the service is killed. */
const KILLS = process.env['FULL'] ? 300 : 20;
const SECONDS_PER_KILL = 15;
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

let folder: string;
let brand: TestBrand;
let child: ChildProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zusage-kill-'));
  brand = await serveBrand();
});
afterAll(async () => {
  child.kill('SIGKILL');
  await brand.close();
  rmSync(folder, { recursive: true });
});

type Acknowledged = {
  person: TestPerson;
  shared: Awaited<ReturnType<typeof share>>;
  withdrawn: boolean;
};

/** @returns where it listens @throws when it does not start by itself */
function start(port: string): Promise<string> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    ZUSAGE_DEVELOPMENT: 'true',
    ZUSAGE_PORT: port,
    ZUSAGE_DATA: join(folder, 'data'),
    ZUSAGE_RATE_LIMIT: '1000000',
  };
  child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        said += chunk;
        const url = /"ready":"([^"]+)"/.exec(said)?.[1];
        if (url !== undefined) resolve(url);
      });
    }
    child.once('exit', () => reject(new Error(said)));
  });
}

async function killed(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** Shares and withdraws until the connection breaks. */
async function keepSharing(
  world: World,
  acknowledged: Acknowledged[],
  onDone: () => void,
): Promise<void> {
  for (;;) {
    const person = await newPerson();
    const one: Acknowledged = { person, shared: await share(world, person), withdrawn: false };
    acknowledged.push(one);
    onDone();
    const answer = await eventCall(world, person, one.shared.grant, { event: 'withdraw', seq: 1 });
    one.withdrawn = answer.status === 200;
    onDone();
  }
}

/** What is true of the file after every commit, in whatever order they came. */
function halfChanges(): unknown[] {
  const db = new DatabaseSync(join(folder, 'data', 'vault.db'), { readOnly: true });
  try {
    return [
      'SELECT jti FROM consent_grant g WHERE seq <> (SELECT max(seq) FROM entry WHERE grant_id = g.id)',
      'SELECT jti FROM consent_grant g WHERE seq + 1 <> (SELECT count(*) FROM entry WHERE grant_id = g.id)',
      'SELECT grant_id FROM entry e WHERE NOT EXISTS (SELECT 1 FROM log_queue WHERE grant_id = e.grant_id AND grant_seq = e.seq)',
      'SELECT grant_id FROM entry e WHERE NOT EXISTS (SELECT 1 FROM consent_grant WHERE id = e.grant_id)',
      'SELECT jti FROM consent_grant g WHERE NOT EXISTS (SELECT 1 FROM slot WHERE list = g.list AND idx = g.idx AND used = 1)',
      'SELECT jti FROM consent_grant WHERE (ended_by IS NULL) <> (seq = 0)',
      // An entry has its index with the change itself, and its receipt with its index.
      'SELECT qid FROM log_queue WHERE log_index IS NULL',
      'SELECT id FROM entry e WHERE NOT EXISTS (SELECT 1 FROM receipt WHERE entry_id = e.id)',
      'SELECT log_index FROM log_queue q WHERE NOT EXISTS (SELECT 1 FROM log_entry e WHERE e.log_index = q.log_index)',
      'SELECT log_index FROM log_queue GROUP BY log_index HAVING count(*) > 1',
      `SELECT log_index FROM log_entry e WHERE entry LIKE '%"k":"e"%'
         AND NOT EXISTS (SELECT 1 FROM log_opening o WHERE o.log_index = e.log_index)`,
      'SELECT size FROM log_head WHERE size <> (SELECT count(*) FROM log_entry)',
    ].flatMap((sql) => db.prepare(sql).all());
  } finally {
    db.close();
  }
}

/** Checkpoints as outsiders saw them, by size, over all lives of the service. */
type Seen = Map<string, Set<string>>;

async function see(url: string, seen: Seen): Promise<void> {
  const note = await (await fetch(`${url}/log/checkpoint`)).text();
  const size = note.split('\n')[1] as string;
  seen.set(size, (seen.get(size) ?? new Set()).add(note));
}

async function keepSeeing(url: string, seen: Seen): Promise<void> {
  for (;;) {
    await see(url, seen);
    await sleep(20);
  }
}

/** Every checkpoint that anybody saw is of the one log that the entries make: no fork, no two roots of a size. */
function unlike(seen: Seen): string[] {
  const db = new DatabaseSync(join(folder, 'data', 'vault.db'), { readOnly: true });
  try {
    const entries = db.prepare('SELECT entry FROM log_entry ORDER BY log_index').all();
    const sizes = [...seen.keys()].map(Number).sort((one, other) => one - other);
    const wrong: string[] = [];
    let edge = RightEdge.empty;
    for (const size of sizes) {
      const leaves = entries
        .slice(edge.size, size)
        .map(({ entry }) => leafHash(Buffer.from(String(entry))));
      edge = edge.append(leaves).edge;
      const root = edge.root().toString('base64');
      const notes = [...(seen.get(String(size)) as Set<string>)];
      if (notes.some((note) => note.split('\n')[2] !== root)) wrong.push(String(size));
    }
    return wrong;
  } finally {
    db.close();
  }
}

/** The receipt names an entry, and the entry is there. */
function isLogged(receipt: string): boolean {
  const claims = JSON.parse(Buffer.from(receipt.split('.')[1] as string, 'base64url').toString());
  const db = new DatabaseSync(join(folder, 'data', 'vault.db'), { readOnly: true });
  try {
    const { index, leaf } = claims.log as { index: number; leaf: string };
    const row = db.prepare('SELECT entry FROM log_entry WHERE log_index = ?').get(index);
    return leafHash(Buffer.from(String(row?.['entry']))).toString('base64url') === leaf;
  } finally {
    db.close();
  }
}

test(
  `killed ${KILLS} times under load, it starts unaided, loses nothing it acknowledged and keeps nothing half done`,
  async () => {
    const port = String(await ownPort());
    let url = await start(port);
    const world = () => {
      const now = Math.floor(Date.now() / 1000);
      const request = () => brandRequest(brand, url, now);
      return { vault: { url }, brand, now, request } as unknown as World;
    };
    expect((await enrol(world())).status).toBe(201);
    let total = 0;
    const seen: Seen = new Map();
    for (let kill = 0; kill < KILLS; kill++) {
      const acknowledged: Acknowledged[] = [];
      // The moment is random, the outcome is not: whatever it cuts through, the same must hold.
      const enough = randomInt(1, 8);
      let done = 0;
      const onDone = () => {
        done++;
        if (done === enough) setTimeout(() => child.kill('SIGKILL'), randomInt(0, 20));
      };
      const load = [1, 2, 3].map(() => keepSharing(world(), acknowledged, onDone));
      await Promise.allSettled([...load, keepSeeing(url, seen)]);
      await killed();
      url = await start(port);
      expect(halfChanges()).toEqual([]);
      await see(url, seen);
      expect(unlike(seen)).toEqual([]);
      total += acknowledged.length;
      for (const { person, shared, withdrawn } of acknowledged) {
        expect(isLogged(shared.receipt)).toBe(true);
        const again = await registerCall(world(), shared.grant, shared.request);
        expect([again.status, again.body.receipt]).toEqual([201, shared.receipt]);
        if (!withdrawn) continue;
        const read = await readCall(world(), person, shared.grant);
        expect(read.body).toMatchObject({ state: 'ended', seq: 1 });
      }
    }
    expect(total).toBeGreaterThanOrEqual(KILLS);
    await killed();
  },
  KILLS * SECONDS_PER_KILL * 1000,
);

test(
  'a use that is asked for again under its key after a kill counts once',
  async () => {
    const port = String(await ownPort());
    let url = await start(port);
    const world = () => {
      const now = Math.floor(Date.now() / 1000);
      const terms = { frequency: { uses: 10_000, per: 'P1D' as const } };
      const request = () => brandRequest(brand, url, now, { terms });
      return { vault: { url }, brand, now, request } as unknown as World;
    };
    await enrol(world());
    const person = await newPerson();
    const { grant } = await share(world(), person);
    const body = {
      subject: { type: 'user', id: person.pseudonym },
      action: { name: grant.details.purpose[0] },
      resource: { type: 'attribute', id: 'size.shoe' },
    };
    const keys: string[] = [];
    for (let kill = 0; kill < Math.ceil(KILLS / 4); kill++) {
      const bearer = await token(world());
      const ask = (key: string) =>
        post(world(), '/access/v1/evaluation', body, {
          authorization: `Bearer ${bearer}`,
          'idempotency-key': `"${key}"`,
        });
      const ofRound: string[] = [];
      const keepAsking = async () => {
        for (;;) {
          const key = randomUUID();
          ofRound.push(key);
          await ask(key);
        }
      };
      const load = [1, 2, 3, 4].map(keepAsking);
      setTimeout(() => child.kill('SIGKILL'), randomInt(5, 100));
      await Promise.allSettled(load);
      await killed();
      url = await start(port);
      for (const key of ofRound) {
        const again = await ask(key);
        expect([again.status, again.body.decision]).toEqual([200, true]);
      }
      keys.push(...ofRound);
    }
    const db = new DatabaseSync(join(folder, 'data', 'vault.db'), { readOnly: true });
    const counted = [
      `SELECT sum(uses) AS n FROM use_counter WHERE grant_jti = '${grant.claims.jti}'`,
      "SELECT count(*) AS n FROM check_leaf WHERE decision = 1 AND kind = 'evaluation'",
      'SELECT count(*) AS n FROM told',
    ].map((sql) => db.prepare(sql).get()?.['n']);
    db.close();
    expect(counted).toEqual([keys.length, keys.length, keys.length]);
  },
  KILLS * SECONDS_PER_KILL * 1000,
);
