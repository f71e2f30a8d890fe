import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { audit, found, KEY } from './audit.fixture.ts';
import { early, late } from './lies.fixture.ts';
import { honestLog, label64, pathFor, Signer } from './log-writer.fixture.ts';
import { serve, temporaryFolder, writeFolder } from './serve.fixture.ts';

describe('monitor', () => {
  test('reads only what is new, and remembers it', async () => {
    const shown = { files: early() };
    const { url, asked } = await serve(() => shown.files);
    const state = join(temporaryFolder(), 'state');
    const options = ['--state', state, ...KEY, '--max-age', '1000000'];
    expect((await audit('monitor', url, ...options)).outcome.checked['entries']).toBe(300);
    shown.files = late();
    asked.length = 0;
    const { exit, outcome } = await audit('monitor', url, ...options);
    expect(exit).toBe(0);
    expect(outcome.checked).toMatchObject({ entries: 400, known_before: 300 });
    expect(asked).not.toContain(pathFor('entries', 0, 256));
    asked.length = 0;
    expect((await audit('monitor', url, ...options)).outcome.checked['entries']).toBe(0);
    expect(asked).toEqual(['checkpoint', 'note/700']);
  });

  test('arrives at the state of a first visit, whatever the steps', async () => {
    const steps = [1, 255, 256, 300, 512, 700, 1025];
    const all = honestLog(steps);
    const folder = temporaryFolder();
    const state = join(folder, 'state');
    for (const size of steps) {
      const files = new Map(all).set('checkpoint', all.get(`note/${size}`) as Uint8Array);
      for (const later of steps.filter((step) => step > size)) files.delete(`note/${later}`);
      expect((await audit('monitor', writeFolder(files), '--state', state, ...KEY)).exit).toBe(0);
    }
    const direct = join(folder, 'direct');
    await audit('monitor', writeFolder(all), '--state', direct, ...KEY);
    expect(readFileSync(state, 'utf8')).toBe(readFileSync(direct, 'utf8'));
  });

  test('sees an entry changed that lies beside the new ones, verified before', async () => {
    const state = join(temporaryFolder(), 'state');
    await audit('monitor', writeFolder(early()), '--state', state, ...KEY);
    const files = late();
    const bundle = Buffer.from(files.get('tile/entries/001') as Uint8Array);
    bundle.write(label64('forged'), bundle.indexOf('"c":"') + 5);
    files.set('tile/entries/001', bundle);
    const folder = writeFolder(files);
    expect(await found('monitor', folder, '--state', state)).toContain('entries/changed');
  });

  test('a state that is damaged, of another log, or no state is refused', async () => {
    const folder = writeFolder(early());
    const state = join(temporaryFolder(), 'state');
    await audit('monitor', folder, '--state', state, ...KEY);
    const text = readFileSync(state, 'utf8');
    const { root } = JSON.parse(text) as { root: string };
    for (const damaged of [
      '{}',
      'x',
      text.replace(root, label64('other')),
      text.replace('"size":300', '"size":301'),
    ]) {
      writeFileSync(state, damaged);
      expect((await audit('monitor', folder, '--state', state)).exit).toBe(2);
      expect(readFileSync(state, 'utf8')).toBe(damaged);
    }
    writeFileSync(state, text);
    const other = new Signer('other.example/log', 1);
    expect((await audit('monitor', folder, '--state', state, '--key', other.vkey)).exit).toBe(2);
  });
});
