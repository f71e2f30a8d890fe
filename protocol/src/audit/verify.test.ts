import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { epochKey, streamTag } from '../tlog/commitment.ts';
import { FIELD_NAMES, type Fields } from '../tlog/fields.ts';
import { formatOpening, type Opening } from '../tlog/opening.ts';
import { agree, openingFor } from '../tlog/person.fixture.ts';
import { lifeOf, logOf } from './grant-log.fixture.ts';
import { early, late, STREAM_ROOT } from './lies.fixture.ts';
import {
  type Files,
  honestLog,
  LOG,
  LogWriter,
  label64,
  minuteOf,
  pathFor,
  plainEntry,
  Signer,
  START,
  WITNESS,
} from './log-writer.fixture.ts';
import type { Outcome } from './outcome.ts';
import { run } from './run.ts';
import { serve, temporaryFolder, writeFolder } from './serve.fixture.ts';

const NOW = START + 4300;
const KEY = ['--key', LOG.vkey];

async function audit(...words: string[]) {
  const ran = await run([...words, '--json', '--patience', '0'], () => NOW);
  const outcome = ran.out === '' ? null : (JSON.parse(ran.out) as Outcome & { error?: string });
  return { ...ran, outcome: outcome as Outcome & { error?: string } };
}
const codes = (outcome: Outcome) => outcome.findings.map(({ code }) => code);
async function found(...words: string[]): Promise<string[]> {
  const { outcome } = await audit(...words, '--evidence', temporaryFolder());
  return codes(outcome);
}

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
    expect((await audit('verify', writeFolder(files))).exit).toBe(3);
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

describe('a stream', () => {
  const fields = Object.fromEntries(FIELD_NAMES.map((name) => [name, null])) as unknown as Fields;
  const month = minuteOf(START).slice(0, 7);
  const key = epochKey(STREAM_ROOT, 'person', month);

  /** 60 entries, of which those at `places` are of the stream with these numbers. */
  function withStream(places: readonly (readonly [index: number, seq: number])[]) {
    const openings = new Map<number, Opening>();
    const files: Files = new Map();
    const writer = new LogWriter((path, bytes) => files.set(path, bytes));
    while (writer.size < 60) {
      const i = writer.size;
      const seq = places.find(([index]) => index === i)?.[1];
      if (seq === undefined) writer.append(plainEntry(i));
      else {
        const minute = minuteOf(START + Math.floor(i / 10) * 60);
        const opening = openingFor(
          `o ${seq}`,
          { ...fields, type: 'pad' },
          {
            minute,
            brandTag: label64(`b ${i}`, 16),
            personTag: streamTag(key, seq),
          },
        );
        openings.set(seq, opening);
        writer.append(opening.entry);
      }
      if (i === 30) writer.publish();
    }
    writer.publish();
    const folder = temporaryFolder();
    const stream = join(folder, 'stream.json');
    writeFileSync(
      stream,
      JSON.stringify({ v: 1, streams: [{ kind: 'person', root: STREAM_ROOT }] }),
    );
    return { log: writeFolder(files), files, openings, stream };
  }
  function folderOf(openings: Iterable<Opening>): string {
    const files: Files = new Map();
    for (const opening of openings) {
      files.set(`${files.size}.json`, Buffer.from(formatOpening(opening)));
    }
    return writeFolder(files);
  }
  const PLACES = [
    [5, 1],
    [12, 3],
    [14, 2],
    [50, 4],
  ] as const;

  test('is found by its tags, also where a batch was shuffled, and every entry opens', async () => {
    const { log, openings, stream } = withStream(PLACES);
    const folder = folderOf(openings.values());
    const { exit, outcome } = await audit(
      'verify',
      log,
      ...KEY,
      '--stream',
      stream,
      '--openings',
      folder,
    );
    expect(exit).toBe(0);
    expect(outcome.checked).toMatchObject({ entries_of_streams: 4, openings: 4 });
  });

  test('with an entry nobody can open is reported by verify and by monitor', async () => {
    const { log, files, openings, stream } = withStream(PLACES);
    openings.delete(4);
    const options = ['--stream', stream, '--openings', folderOf(openings.values()), ...KEY];
    const { outcome } = await audit('verify', log, ...options, '--evidence', temporaryFolder());
    expect(outcome.findings).toMatchObject([{ code: 'stream/unopened', index: 50 }]);
    const state = join(temporaryFolder(), 'state');
    const before = new Map(files).set('checkpoint', files.get('note/31') as Uint8Array);
    before.delete('note/60');
    expect((await audit('monitor', writeFolder(before), '--state', state, ...options)).exit).toBe(
      0,
    );
    expect(await found('monitor', log, '--state', state, ...options)).toEqual(['stream/unopened']);
  });

  test('with a number missing is reported, also between two visits', async () => {
    const { log, files, stream } = withStream([
      [5, 1],
      [50, 3],
    ]);
    expect(await found('verify', log, ...KEY, '--stream', stream)).toEqual(['stream/gap']);
    const state = join(temporaryFolder(), 'state');
    const before = new Map(files).set('checkpoint', files.get('note/31') as Uint8Array);
    before.delete('note/60');
    const options = ['--state', state, ...KEY, '--stream', stream];
    expect((await audit('monitor', writeFolder(before), ...options)).exit).toBe(0);
    expect(await found('monitor', log, ...options)).toEqual(['stream/gap']);
  });

  test('openings that do not hold, or whose entry is not in the log, are reported', async () => {
    const { log, openings } = withStream(PLACES);
    const foreign = openingFor(
      'foreign',
      { ...fields, type: 'pad' },
      {
        minute: minuteOf(START),
        brandTag: label64('x', 16),
        personTag: label64('y', 16),
      },
    );
    const first = openings.get(1) as Opening;
    const forged = { ...first, r: label64('forged') };
    expect(await found('verify', log, ...KEY, '--openings', folderOf([first, foreign]))).toEqual([
      'opening/not-in-log',
    ]);
    expect(await found('verify', log, ...KEY, '--openings', folderOf([forged]))).toEqual([
      'opening/invalid',
    ]);
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

test('the checkpoints of one’s own proofs are compared with the log', async () => {
  const agreement = await agree();
  const steps = await lifeOf(agreement, [['registered', START + 100]]);
  const honest = await logOf(agreement, steps);
  const proofs = writeFolder(new Map([['0.tlog-proof', Buffer.from(honest.proofs[0] as string)]]));
  const later = [
    ...steps,
    ...(
      await lifeOf(agreement, [
        ['registered', 0],
        ['expired', START + 200],
      ])
    ).slice(1),
  ];
  const options = [...KEY, '--openings', proofs];
  for (const [files, expected] of [
    [honest.files, []],
    [(await logOf(agreement, later)).files, []],
    [
      (await logOf(agreement, later, { witness: WITNESS, seed: 'other' })).files,
      ['fork/larger', 'opening/not-in-log'],
    ],
  ] as const) {
    const { url } = await serve(() => files);
    for (const source of [writeFolder(files), url]) {
      expect((await found('verify', source, ...options, '--max-age', '1000000')).sort()).toEqual(
        expected,
      );
    }
  }
  const forged = (honest.proofs[0] as string).replace(/(\n\d+\n)([^\n]{10})./, '$1$2A');
  const bad = writeFolder(new Map([['0.tlog-proof', Buffer.from(forged)]]));
  const codes = await found('verify', writeFolder(honest.files), ...KEY, '--openings', bad);
  expect(codes).toEqual(['checkpoint/signature']);
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
