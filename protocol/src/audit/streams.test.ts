import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { epochKey, streamTag } from '../tlog/commitment.ts';
import { FIELD_NAMES, type Fields } from '../tlog/fields.ts';
import { formatOpening, type Opening } from '../tlog/opening.ts';
import { agree, openingFor } from '../tlog/person.fixture.ts';
import { audit, found, KEY } from './audit.fixture.ts';
import { lifeOf, logOf } from './grant-log.fixture.ts';
import { STREAM_ROOT } from './lies.fixture.ts';
import {
  type Files,
  LogWriter,
  label64,
  minuteOf,
  plainEntry,
  START,
  WITNESS,
} from './log-writer.fixture.ts';
import { serve, temporaryFolder, writeFolder } from './serve.fixture.ts';

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
  const forged = (honest.proofs[0] as string).replace(
    /(\n\d+\n[^\n]{10})(.)/,
    (_, before, one) => before + (one === 'A' ? 'B' : 'A'),
  );
  const bad = writeFolder(new Map([['0.tlog-proof', Buffer.from(forged)]]));
  const codes = await found('verify', writeFolder(honest.files), ...KEY, '--openings', bad);
  expect(codes).toEqual(['checkpoint/signature']);
});
