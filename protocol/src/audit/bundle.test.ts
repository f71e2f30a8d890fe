import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bundleAudit } from './bundle.ts';
import { late } from './lies.fixture.ts';
import { LOG } from './log-writer.fixture.ts';
import { temporaryFolder, writeFolder } from './serve.fixture.ts';

const node = promisify(execFile);
const runFile = (file: string, ...words: string[]) =>
  node(process.execPath, [file, ...words], { env: {} }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
  );

test('one file, far from this repository, verifies a folder and finds a fault in it', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'elsewhere.mjs');
  copyFileSync(await bundleAudit(temporaryFolder()), file);
  // Nothing but Node's own modules is left to be found.
  const imports = [...readFileSync(file, 'utf8').matchAll(/^import .* from "([^"]+)";$/gm)];
  expect(imports.map(([, name]) => name).every((name) => name?.startsWith('node:'))).toBe(true);

  const log = writeFolder(late());
  const good = await runFile(file, 'verify', log, '--key', LOG.vkey, '--json');
  expect(good.code).toBe(0);
  expect(JSON.parse(good.stdout)).toMatchObject({ verified: true, checked: { entries: 700 } });

  writeFileSync(join(log, 'tile/0/001'), Buffer.alloc(8192));
  const evidence = ['--evidence', join(folder, 'evidence')];
  const bad = await runFile(file, 'verify', log, '--key', LOG.vkey, '--json', ...evidence);
  expect(bad.code).toBe(1);
  const codes = JSON.parse(bad.stdout).findings.map(({ code }: { code: string }) => code);
  expect(codes).toContain('tile/changed');
  expect((await runFile(file, 'verify', '--json')).code).toBe(2);
  expect((await runFile(file, 'verify', '/nonexistent', '--json')).code).toBe(3);
});
