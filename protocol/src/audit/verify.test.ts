import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { audit, codes, found, KEY } from './audit.fixture.ts';
import { early, late } from './lies.fixture.ts';
import {
  type Files,
  honestLog,
  LOG,
  label64,
  minuteOf,
  pathFor,
  plainEntry,
  Signer,
  START,
  WITNESS,
} from './log-writer.fixture.ts';
import { run } from './run.ts';
import { serve, temporaryFolder, writeFolder } from './serve.fixture.ts';

describe('an honest log', () => {
  test('of every size around the widths of tiles is verified, from a folder and over http', async () => {
    for (const sizes of [[0], [1], [255], [255, 256], [256, 257], [511, 512, 513], [0, 3, 1000]]) {
      const files = honestLog(sizes);
      const { url } = await serve(() => files);
      for (const source of [writeFolder(files), url]) {
        const { exit, outcome } = await audit('verify', source, ...KEY, '--max-age', '1000000');
        expect({ exit, codes: codes(outcome) }).toEqual({ exit: 0, codes: [] });
        expect(outcome.checked['entries']).toBe(sizes.at(-1));
      }
    }
  });

  test('is verified with compressed bundles, in a folder and with a content coding', async () => {
    const files = honestLog([3, 300], { gzip: true });
    const { url } = await serve(() => files);
    for (const source of [writeFolder(files), url]) {
      const { exit } = await audit('verify', source, ...KEY, '--max-age', '1000000');
      expect(exit).toBe(0);
    }
  });

  test('says first what was not checked: no witness, the log’s own key, the first visit', async () => {
    const { outcome } = await audit('verify', writeFolder(early()));
    const said = outcome.not_checked.join(' ');
    for (const what of ['No witness', 'own word', 'First visit', 'openings']) {
      expect(said).toContain(what);
    }
    expect(outcome.log?.key_from).toBe('log');
    const witnessed = await audit(
      'verify',
      writeFolder(early()),
      ...KEY,
      '--witness',
      WITNESS.vkey,
    );
    expect(witnessed.outcome.not_checked.join(' ')).not.toContain('No witness');
    expect(witnessed.outcome.checkpoint?.cosignatures).toEqual([
      { name: WITNESS.name, time: START + 300 },
    ]);
  });

  test('with lines of unknown signers is verified', async () => {
    const files = early();
    const note = Buffer.from(files.get('checkpoint') as Uint8Array).toString();
    const stranger = new Signer('stranger.example', 1).line('another text');
    const signed = Buffer.from(note + stranger);
    files.set('checkpoint', signed).set('note/300', signed);
    expect((await audit('verify', writeFolder(files), ...KEY)).exit).toBe(0);
  });

  test('that grew while it was read has full tiles in place of partial ones', async () => {
    const files = late();
    const old = early();
    files.set('checkpoint', old.get('checkpoint') as Uint8Array);
    for (const path of [pathFor(0, 1, 44), pathFor('entries', 1, 44)]) files.delete(path);
    for (const size of [513, 700]) files.delete(`note/${size}`);
    expect((await audit('verify', writeFolder(files), ...KEY)).exit).toBe(0);
  });
});

test('a wallet’s evidence of two checkpoints is denied by the log it did not come from, whichever that is', async () => {
  const other = honestLog([300], { entry: (i) => plainEntry(i, { variant: 'other' }) });
  const noteOf = (files: Files) => Buffer.from(files.get('checkpoint') as Uint8Array).toString();
  const [note, other_note] = [noteOf(early()), noteOf(other)];
  const evidence = Buffer.from(
    JSON.stringify({ v: 1, type: 'zusage-log-evidence', note, other_note }),
  );
  const known = join(writeFolder(new Map([['evidence.json', evidence]])), 'evidence.json');
  for (const files of [early(), other]) {
    const { exit, outcome } = await audit('verify', writeFolder(files), ...KEY, '--known', known);
    expect({ exit, codes: codes(outcome) }).toEqual({ exit: 1, codes: ['fork/same-size'] });
  }
});

test('minutes without an access batch are told: the longest first, and none when each has one', async () => {
  const said = async (minutes: readonly number[]) => {
    const entry = (i: number) => {
      const t = minuteOf(START + (minutes[i] as number) * 60);
      return JSON.stringify({ v: 1, k: 'a', t, r: label64(`r ${i}`) });
    };
    const log = writeFolder(honestLog([minutes.length], { entry }));
    const { exit, outcome } = await audit('verify', log, ...KEY);
    expect(exit).toBe(0);
    expect(outcome.checked['access_batches']).toBe(minutes.length);
    return outcome.not_checked.filter((sentence) => sentence.includes('access batch'));
  };
  expect(await said([0, 1, 2, 4, 5])).toEqual([]);
  const [sentence] = await said([0, 1, 5, 6, 66, 70, 74]);
  expect(sentence).toMatch(
    /2026-11-22T05:06Z to 2026-11-22T06:06Z \(60 minutes\), .*\(4 minutes\), .*and 1 shorter ones/,
  );
});

test('a published size whose partial tile is gone before the full one came is reported', async () => {
  for (const path of [pathFor(0, 2, 1), pathFor('entries', 2, 1)]) {
    const files = late();
    files.delete(path);
    const { outcome } = await audit(
      'verify',
      writeFolder(files),
      ...KEY,
      '--evidence',
      temporaryFolder(),
    );
    expect(outcome.findings).toMatchObject([{ code: 'partial/missing', path }]);
  }
});

test('a partial tile that is not the beginning of its full one is reported', async () => {
  for (const path of [
    pathFor(0, 0, 3),
    pathFor('entries', 1, 44),
    pathFor(1, 0, 1),
    pathFor(0, 2, 1),
  ]) {
    const files = late();
    const bytes = Buffer.from(files.get(path) as Uint8Array);
    bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1;
    files.set(path, bytes);
    expect(await found('verify', writeFolder(files), ...KEY)).toEqual(['partial/changed']);
  }
});

test('a published note of another tree, badly signed or filed wrongly is reported', async () => {
  const cases: [string, (files: Files) => void][] = [
    ['note/format', (files) => files.set('note/200', files.get('note/3') as Uint8Array)],
    ['checkpoint/format', (files) => files.set('note/200', Buffer.from('x'))],
    [
      'fork/larger',
      (files) => {
        const other = honestLog([200], { entry: (i) => plainEntry(i, { variant: ' other' }) });
        files.set('note/200', other.get('note/200') as Uint8Array);
      },
    ],
    [
      'checkpoint/signature',
      (files) => {
        const note = Buffer.from(files.get('note/200') as Uint8Array).toString();
        files.set('note/200', Buffer.from(note.replace('\n200\n', '\n201\n')));
      },
    ],
  ];
  for (const [code, change] of cases) {
    const files = early();
    change(files);
    expect(await found('verify', writeFolder(files), ...KEY)).toEqual([code]);
  }
});

describe('nothing is decided, exit 3', () => {
  test('when nobody answers', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { exit, outcome } = await audit('verify', `http://127.0.0.1:${port}/log`, ...KEY);
    expect(exit).toBe(3);
    expect(outcome).toMatchObject({ verified: false, exit: 3 });
  });

  test('when the answer is an error, a redirect, or takes too long', async () => {
    const files = late();
    for (const [status, path] of [
      [500, 'checkpoint'],
      [503, pathFor('entries', 1, 256)],
      [429, pathFor(0, 1, 256)],
      [302, pathFor(0, 0, 256)],
    ] as const) {
      const { url } = await serve(
        () => files,
        (asked) => (asked === path ? status : null),
      );
      expect((await audit('verify', url, ...KEY)).exit).toBe(3);
    }
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/log`;
    expect((await audit('verify', url, ...KEY, '--timeout', '1')).exit).toBe(3);
  });

  test('but a log that shows a fault and then falls silent is wrong', async () => {
    const files = late();
    files.delete('tile/entries/000');
    const { url } = await serve(
      () => files,
      (path) => (path === pathFor(0, 2, 188) ? 500 : null),
    );
    const evidence = ['--evidence', temporaryFolder(), '--max-age', '1000000'];
    const { exit, outcome } = await audit('verify', url, ...KEY, ...evidence);
    expect({ exit, codes: codes(outcome) }).toEqual({ exit: 1, codes: ['entries/missing'] });
    expect(outcome.not_checked[0]).toContain('answered 500');
  });

  test('when there is no log, or no key to know it by', async () => {
    expect((await audit('verify', '/nonexistent/log', ...KEY)).exit).toBe(3);
    expect((await audit('verify', temporaryFolder(), ...KEY)).exit).toBe(3);
    const files = early();
    files.delete('key');
    const inFolder = await run(['verify', writeFolder(files)]);
    expect(inFolder).toMatchObject({ exit: 3, err: expect.stringContaining('Name its folder') });
    const { url } = await serve(() => files);
    const served = await run(['verify', url]);
    expect(served).toMatchObject({ exit: 3, err: expect.stringContaining('vault.example/log,') });
  });

  test('a monitor keeps its state', async () => {
    const folder = writeFolder(early());
    const state = join(temporaryFolder(), 'state');
    await audit('monitor', folder, '--state', state, ...KEY);
    const before = readFileSync(state, 'utf8');
    rmSync(folder, { recursive: true });
    expect((await audit('monitor', folder, '--state', state)).exit).toBe(3);
    expect(readFileSync(state, 'utf8')).toBe(before);
  });
});

describe('usage, exit 2', () => {
  test.each([
    [['verify']],
    [['verify', 'a', 'b']],
    [['verify', 'a', '--unknown']],
    [['verify', 'a', '--key', 'nonsense']],
    [['verify', 'a', ...KEY, '--witness', LOG.vkey]],
    [['verify', 'a', ...KEY, '--quorum', '1']],
    [['verify', 'a', ...KEY, '--max-age', 'soon']],
    [['verify', 'a', ...KEY, '--known', '/nonexistent']],
    [['monitor', 'a', ...KEY]],
    [['nonsense']],
    [[]],
  ])('%j', async (words) => {
    const { exit, err } = await run(words);
    expect(exit).toBe(2);
    expect(err).toMatch(/usage|--help/i);
  });

  test('every command has a help of its own', async () => {
    for (const command of ['verify', 'monitor', 'prove', 'check-receipt']) {
      const { exit, out } = await run([command, '--help']);
      expect(exit).toBe(0);
      for (const part of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'EXIT CODES', 'EXAMPLE']) {
        expect(out).toContain(part);
      }
      expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(110);
    }
  });
});

test('a disk that takes no evidence hides no finding, and one that takes no state is a wrong option', async () => {
  const files = early();
  files.delete('tile/entries/000');
  const file = join(writeFolder(new Map([['file', Buffer.of(1)]])), 'file');
  const { exit, outcome } = await audit('verify', writeFolder(files), ...KEY, '--evidence', file);
  expect(exit).toBe(1);
  expect(codes(outcome)).toEqual(['entries/missing']);
  expect(outcome.evidence).toEqual([]);
  expect(outcome.not_checked[0]).toContain('could not be written');
  const nowhere = ['--state', '/nonexistent/state'];
  expect((await audit('monitor', writeFolder(early()), ...nowhere, ...KEY)).exit).toBe(2);
});

test('what others wrote does not steer a terminal', async () => {
  const { err } = await run(['verify', '/nonexistent/\u001b[31m\u202e', ...KEY]);
  expect(['\u001b', '\u202e'].filter((character) => err.includes(character))).toEqual([]);
  expect(err).toContain('/nonexistent/');
});

test('what a person reads says the same as the JSON', async () => {
  const { exit, out } = await run(['verify', writeFolder(early()), ...KEY]);
  expect(exit).toBe(0);
  expect(out).toMatch(/^VERIFIED\n/);
  const files = early();
  files.delete('tile/entries/000');
  const evidence = temporaryFolder();
  const bad = await run(['verify', writeFolder(files), ...KEY, '--evidence', evidence]);
  expect(bad.exit).toBe(1);
  expect(bad.out).toMatch(/^THE LOG IS WRONG\n/);
  expect(bad.out).toContain('entries/missing');
  expect(existsSync(join(evidence, 'entries-missing', 'finding.json'))).toBe(true);
});
