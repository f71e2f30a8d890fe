import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ownPort } from '../testing/own-port.ts';
import { startWorld, type World } from '../testing/world.ts';

let world: World;
let folder: string;
const running: ChildProcess[] = [];
beforeAll(async () => {
  // The command lives by the machine's clock.
  world = await startWorld({ now: Math.floor(Date.now() / 1000) });
});
afterAll(() => world.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zusage-command-'));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

type Run = { code: number | null; out: string; err: string };

/** A command as a shell runs it. `until`: is interrupted once its output matches. */
function run(
  command: string,
  words: string[],
  {
    env = {},
    until,
    meanwhile,
  }: { env?: object; until?: RegExp; meanwhile?: (out: string) => Promise<void> } = {},
): Promise<Run> {
  const path = fileURLToPath(new URL(`${command}.ts`, import.meta.url));
  const child = spawn(process.execPath, [path, ...words], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    cwd: folder,
  });
  running.push(child);
  let out = '';
  let err = '';
  let met = false;
  child.stdout.on('data', (chunk) => {
    out += chunk;
    if (met || until === undefined || !until.test(out)) return;
    met = true;
    Promise.resolve(meanwhile?.(out)).finally(() => child.kill('SIGINT'));
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** What each curl that a command printed returns. */
function curled(said: string): Promise<unknown[]> {
  const curls = said.split('curl ').slice(1);
  return Promise.all(
    curls.map(async (curl) => {
      const url = curl.split(' ', 1)[0] as string;
      const headers = [...curl.matchAll(/-H '([^:]+): ([^']+)'/g)].map(
        ([, name, value]) => [name, value] as [string, string],
      );
      const body = /-d '([^']+)'/.exec(curl)?.[1] as string;
      return (await fetch(url, { method: 'POST', headers, body })).json();
    }),
  );
}

const DONE = { until: /Ctrl-C ends it/ };

test('enrol prints a curl that is allowed and one that says why not; again with the same key', async () => {
  const origin = `http://localhost:${await ownPort()}`;
  const data = join(folder, 'brands');
  const pseudonyms: unknown[] = [];
  for (let time = 0; time < 2; time++) {
    let answers: unknown[] = [];
    const { code, out, err } = await run(
      'enrol',
      [origin, '--api', world.vault.url, '--data', data],
      {
        ...DONE,
        meanwhile: async (said) => {
          answers = await curled(said);
          const document = await fetch(`${origin}/.well-known/did.json`);
          expect(document.headers.get('access-control-allow-origin')).toBe('*');
          await document.text();
        },
      },
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/is enrolled with/);
    expect(answers).toEqual([
      { decision: true, context: { grant: expect.any(String), valid_for: 300 } },
      {
        decision: false,
        context: { debug: expect.stringMatching(/^No grant of this subject to /) },
      },
    ]);
    expect(out).toMatch(/A practice person, made up by this command,/);
    pseudonyms.push(/Pseudonym +(\S{43})\n/.exec(out)?.[1]);
  }
  expect(new Set(pseudonyms).size).toBe(2);
  const [name] = [`localhost-${new URL(origin).port}`];
  expect(statSync(join(data, name, 'signing-key.json')).mode & 0o777).toBe(0o600);
});

test('enrol registers nobody where it shall not', async () => {
  const origin = `http://localhost:${await ownPort()}`;
  let answers: unknown[] = [];
  const words = [origin, '--api', world.vault.url, '--no-practice'];
  const { code, out } = await run('enrol', words, {
    ...DONE,
    meanwhile: async (said) => {
      answers = await curled(said);
    },
  });
  expect([code, /practice person/.test(out)]).toEqual([0, false]);
  expect(answers).toMatchObject([{ decision: false }]);
});

test.each(['enrol', 'keys', 'export-log'])('%s says how it is used', async (command) => {
  const [help, wrong] = await Promise.all([run(command, ['--help']), run(command, ['--nonsense'])]);
  expect([help.code, help.err]).toEqual([0, '']);
  expect(help.out).toMatch(new RegExp(`^Usage: npm run ${command} --`));
  expect(wrong.code).toBe(2);
  expect(wrong.err).toMatch(/^[^\n]+\.\n\nUsage: /);
});

test('enrol says in one sentence what it cannot do', async () => {
  const nobody = `http://127.0.0.1:${await ownPort()}`;
  const brand = `http://localhost:${await ownPort()}`;
  const [remote, alone] = await Promise.all([
    run('enrol', ['https://shop.example']),
    run('enrol', [brand, '--api', nobody]),
  ]);
  expect([remote.code, remote.err.split('\n')[0]]).toEqual([
    2,
    'The brand must be an http origin with a port on this machine, such as http://localhost:4630.',
  ]);
  expect([alone.code, alone.err]).toEqual([
    1,
    `No vault service answers at ${nobody}; start one with "npm start", or name another with --api.\n`,
  ]);
});

test('keys says in one sentence what it cannot do', async () => {
  const [none, unknown] = await Promise.all([
    run('keys', ['list'], { env: { ZUSAGE_DATA: 'nowhere' } }),
    run('keys', ['list'], { env: { ZUSAGE_COLOUR: 'red' } }),
  ]);
  expect([none.code, none.err]).toEqual([
    1,
    'No keys are in nowhere; the service makes them when it first starts.\n',
  ]);
  expect([unknown.code, unknown.err]).toEqual([1, 'ZUSAGE_COLOUR is not a setting.\n']);
});

test.each([
  ['export-log', ['exported']],
  ['../operator', ['dump', 'x'.repeat(43)]],
])('%s makes no database where there is none', async (command, words) => {
  const env = { ZUSAGE_DATA: 'nowhere', ZUSAGE_DEVELOPMENT: 'true' };
  const { code, out, err } = await run(command, words, { env });
  expect([code, out, err]).toEqual([1, '', expect.stringMatching(/^No database is in nowhere; /)]);
  expect(readdirSync(folder)).toEqual([]);
});

test('operator says in one sentence which brand it cannot readmit', async () => {
  const env = { ZUSAGE_DATA: world.data, ZUSAGE_DEVELOPMENT: 'true' };
  const { code, err } = await run('../operator', ['readmit', 'did:web:shop.example'], { env });
  expect([code, err]).toEqual([
    1,
    'did:web:shop.example is not enrolled here; GET /brands lists who is.\n',
  ]);
});

test('keys lists which key signs and which are still published', async () => {
  const env = { ZUSAGE_DATA: world.data };
  const first = await run('keys', ['list'], { env });
  const before = /^(\S+) {2}signs\n$/.exec(first.out)?.[1];
  expect([first.code, before?.length]).toEqual([0, 43]);
  const rotated = await run('keys', ['rotate'], { env });
  const after = /New signing key (\S+);/.exec(rotated.out)?.[1];
  const second = await run('keys', ['list'], { env });
  expect(second.out).toMatch(
    new RegExp(`^${after} {2}signs\n${before} {2}published until \\d{4}-\\d\\d-\\d\\d\n$`),
  );
});
