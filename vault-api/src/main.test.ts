import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { brandRequest, serveBrand } from './testing/brand.ts';
import { ownPort } from './testing/own-port.ts';
import {
  eventCall,
  newPerson,
  readCall,
  registerCall,
  share,
  type TestPerson,
} from './testing/person.ts';
import { enrol, type World } from './testing/world.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
let folder: string;
const running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zusage-main-'));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

type Exit = { code: number | null; stderr: string };

/**
 * The service as an operator starts it, on a free port.
 * @param fileSize the largest file that the system lets it write, blocks of 512 bytes: how a full disk looks, to root as well
 */
function start(settings: Record<string, string> = {}, fileSize?: number) {
  const env = {
    PATH: process.env['PATH'] ?? '',
    ZUSAGE_DEVELOPMENT: 'true',
    ZUSAGE_PORT: '0',
    ZUSAGE_DATA: join(folder, 'data'),
    ...settings,
  };
  const limited = `trap '' XFSZ; ulimit -f ${fileSize}; exec '${process.execPath}' '${MAIN}'`;
  const child =
    fileSize === undefined
      ? spawn(process.execPath, [MAIN], { env })
      : spawn('sh', ['-c', limited], { env });
  running.push(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const exit = new Promise<Exit>((resolve) => {
    child.on('close', (code) => resolve({ code, stderr }));
  });
  const ready = new Promise<string>((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
      const url = /"ready":"([^"]+)"/.exec(out)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.on('close', () => reject(new Error(stderr)));
  });
  ready.catch(() => {});
  return { child, exit, ready };
}

test('stops on SIGTERM and on SIGINT, with exit code 0, also with connections kept alive', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { child, exit, ready } = start();
    const answer = await fetch(`${await ready}/readyz`);
    await answer.text();
    // Made at the first request for it; the operator need not hear how.
    await (await fetch(`${await ready}/stop`)).text();
    child.kill(signal);
    expect(await exit).toEqual({ code: 0, stderr: '' });
  }
});

test('says in one sentence what keeps it from starting, and exits with 1', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const port = String((taken.address() as AddressInfo).port);
  const used = await start({ ZUSAGE_PORT: port }).exit;
  taken.close();
  expect(used.code).toBe(1);
  expect(used.stderr).toBe(
    `Port ${port} on 127.0.0.1 is already in use; stop what uses it or set ZUSAGE_PORT.\n`,
  );
  const unknown = await start({ ZUSAGE_COLOUR: 'red' }).exit;
  expect(unknown).toEqual({
    code: 1,
    stderr: 'ZUSAGE_COLOUR is not a setting.\n',
  });
  const first = start();
  await first.ready;
  first.child.kill('SIGTERM');
  await first.exit;
  chmodSync(join(folder, 'data', 'vault.db'), 0o644);
  const open = await start().exit;
  expect(open.code).toBe(1);
  expect(open.stderr).toMatch(/^[^\n]*vault\.db can be read by others[^\n]*\n$/);
});

/** A start that ends with 1 and this. */
async function refused(
  sentence: RegExp,
  fileSize?: number,
  settings: Record<string, string> = {},
): Promise<void> {
  const { code, stderr } = await start(settings, fileSize).exit;
  expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)]);
}

test('says in one sentence that it cannot write what it must, and exits with 1', async () => {
  const data = join(folder, 'data');
  writeFileSync(data, '');
  await refused(/^The folder \S+data cannot be made\.\n$/);
  rmSync(data);
  mkdirSync(join(data, 'vault.db'), { recursive: true });
  await refused(/^\S+vault\.db cannot be written: it is a folder\.\n$/);
  rmSync(join(data, 'vault.db'), { recursive: true });
  writeFileSync(join(data, 'vault.db'), 'not a database '.repeat(100), { mode: 0o600 });
  await refused(/^\S+vault\.db cannot be opened as the vault's database: it is no database\.\n$/);
  rmSync(join(data, 'vault.db'));
  const ZUSAGE_HEAD_FILE = join(folder, 'none', 'head');
  await refused(/^\S+head cannot be written: its folder does not exist\.\n$/, undefined, {
    ZUSAGE_HEAD_FILE,
  });
  // What was made before that was noticed does not keep it from starting.
  await start().ready;
});

test('says in one sentence that the disk is full, and starts once there is room', async () => {
  if (process.platform === 'win32') return;
  await refused(/^\S+signing-key\.json cannot be written: [a-z ]+\.\n$/, 0);
  const first = start();
  await first.ready;
  first.child.kill('SIGTERM');
  await first.exit;
  await refused(/^\S+vault\.db cannot be opened as the vault's database: [a-z ]+\.\n$/, 0);
  // Nothing is left behind that would keep it from starting once there is room.
  await start().ready;
});

test('is not ready while the system refuses its writes, though nobody writes', async () => {
  if (process.platform === 'win32') return;
  const first = start();
  await first.ready;
  first.child.kill('SIGTERM');
  await first.exit;
  // Room for the index of the write-ahead log (32 KB), and not for the log of one change.
  const { ready } = start({}, 72);
  const url = await ready;
  const answer = await fetch(`${url}/readyz`);
  expect([answer.status, await answer.json()]).toMatchObject([
    503,
    { code: 'service/not-writable' },
  ]);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
});

test('keeps what it has acknowledged when it is killed in the middle of its work', async () => {
  const brand = await serveBrand();
  const port = { ZUSAGE_PORT: String(await ownPort()) };
  const first = start(port);
  const url = await first.ready;
  const now = Math.floor(Date.now() / 1000);
  const world = {
    vault: { url },
    brand,
    now,
    request: () => brandRequest(brand, url, now),
  } as unknown as World;
  expect((await enrol(world)).status).toBe(201);
  const acknowledged: { person: TestPerson; shared: Awaited<ReturnType<typeof share>> }[] = [];
  const keepSharing = async () => {
    for (;;) {
      const person = await newPerson();
      const shared = await share(world, person);
      const withdrawn = await eventCall(world, person, shared.grant, { event: 'withdraw', seq: 1 });
      if (withdrawn.status === 200) acknowledged.push({ person, shared });
      if (acknowledged.length === 12) first.child.kill('SIGKILL');
    }
  };
  // Each ends when its connection breaks.
  await Promise.allSettled([1, 2, 3, 4].map(keepSharing));
  await first.exit;
  expect(acknowledged.length).toBeGreaterThanOrEqual(12);
  await start(port).ready;
  for (const { person, shared } of acknowledged) {
    const again = await registerCall(world, shared.grant, shared.request);
    expect([again.status, again.body.receipt]).toEqual([201, shared.receipt]);
    const read = await readCall(world, person, shared.grant);
    expect(read.body).toMatchObject({ state: 'ended', seq: 1 });
  }
  await brand.close();
});
