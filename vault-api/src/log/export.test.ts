import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqliteStore } from '../store/sqlite.ts';
import { newPerson, share } from '../testing/person.ts';
import { published } from '../testing/published.ts';
import { call, startWorld, type World } from '../testing/world.ts';
import { ExportError, exportLog } from './export.ts';

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../commands/export-log.ts', import.meta.url));

let world: World;
let folder: string;
beforeAll(async () => {
  world = await startWorld();
  folder = mkdtempSync(join(tmpdir(), 'zusage-export-'));
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

const exportTo = (...words: string[]) =>
  run(process.execPath, [COMMAND, ...words], { env: { ...process.env, ZUSAGE_DATA: world.data } });

const files = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );

test('the folder holds, byte for byte, what the service serves, and grows with it', async () => {
  for (let time = 0; time < 2; time++) {
    await share(world, await newPerson());
    const size = await published(world);
    const { stdout } = await exportTo(folder);
    expect(stdout).toBe(
      `${size} entries of ${new URL(world.vault.url).host}/log are in ${folder}.\n`,
    );
    const names = files();
    expect(names).toContain('checkpoint');
    expect(names).toContain(`tile/0/000.p/${size}`);
    expect(names).toContain(`tile/entries/000.p/${size}`);
    expect(names).toContain('note/0');
    expect(names).toContain('key');
    for (const name of names) {
      const served = await fetch(`${world.vault.url}/log/${name}`);
      expect([name, served.status]).toEqual([name, 200]);
      expect(Buffer.from(await served.arrayBuffer())).toEqual(readFileSync(join(folder, name)));
    }
    expect((await call(world, '/log/checkpoint')).text).toBe(
      readFileSync(join(folder, 'checkpoint'), 'utf8'),
    );
  }
});

test('it says how it is used', async () => {
  await expect(exportTo()).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Name one folder\.\n\nUsage/),
  });
  expect((await exportTo('--help')).stdout).toMatch(/^Usage: npm run export-log -- <folder>/);
});

test('a folder of another log is left alone', async () => {
  const checkpoint = join(folder, 'checkpoint');
  const own = readFileSync(checkpoint, 'utf8');
  writeFileSync(checkpoint, own.replace('/log\n', '/log-7\n'));
  await expect(exportTo(folder)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /holds the log .*\/log-7; export .*\/log into a folder of its own/,
    ),
  });
  writeFileSync(checkpoint, own);
  await exportTo(folder);
});

test('a folder that knows more is left alone: a restored backup never takes a checkpoint back', async () => {
  const checkpoint = join(folder, 'checkpoint');
  const more = readFileSync(checkpoint, 'utf8').replace(/\n([0-9]+)\n/, '\n1000000\n');
  writeFileSync(checkpoint, more);
  await expect(exportTo(folder)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/holds 1000000 entries of .*, and here are only [0-9]+ of them/),
  });
  expect(readFileSync(checkpoint, 'utf8')).toBe(more);
});

test('a key that has not signed the log is not handed out as its key', async () => {
  const store = openSqliteStore(world.data);
  const other = generateKeyPairSync('ed25519').privateKey;
  await expect(exportLog(store, join(folder, 'other'), other)).rejects.toThrow(ExportError);
  await store.close();
  expect(existsSync(join(folder, 'other'))).toBe(false);
});
