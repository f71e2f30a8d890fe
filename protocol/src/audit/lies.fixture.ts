import {
  bundleOf,
  type Files,
  honestLog,
  LOG,
  label64,
  pathFor,
  plainEntry,
  WITNESS,
} from './log-writer.fixture.ts';

/** One way to deceive: what the log shows at a first visit, and what afterwards. */
export type Lie = {
  readonly name: string;
  readonly code: string;
  readonly before: () => Files;
  readonly after: () => Files;
  /** More than the key, on both commands. */
  readonly options?: readonly string[];
  readonly level?: number;
  /** So many tiles that http would take the test's time and show nothing more. */
  readonly large?: true;
};

const EARLY = [3, 200, 300];
const LATE = [...EARLY, 513, 700];
const HIGH = [65_000, 66_000];
const cache = new Map<string, Files>();

function kept(name: string, make: () => Files): Files {
  const known = cache.get(name) ?? make();
  cache.set(name, known);
  return new Map(known);
}
export const early = () => kept('early', () => honestLog(EARLY, { witness: WITNESS }));
export const late = () => kept('late', () => honestLog(LATE, { witness: WITNESS }));
const highBefore = () => kept('high before', () => honestLog(HIGH.slice(0, 1)));
const high = () => kept('high', () => honestLog(HIGH));
/** The same log until entry 250, and another afterwards. */
const other = () =>
  kept('other', () =>
    honestLog([3, 200, 513, 700], {
      witness: WITNESS,
      entry: (i) => plainEntry(i, i < 250 ? {} : { variant: ' other' }),
    }),
  );

const text = (files: Files, path: string) => Buffer.from(files.get(path) as Uint8Array).toString();
function changed(files: Files, path: string, change: (bytes: Buffer) => Buffer): Files {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`no ${path}`);
  return files.set(path, change(Buffer.from(bytes)));
}
function without(files: Files, path: string): Files {
  if (!files.delete(path)) throw new Error(`no ${path}`);
  return files;
}
const flip = (at: number) => (bytes: Buffer) => {
  bytes[at] = (bytes[at] as number) ^ 1;
  return bytes;
};
/** A bundle with some entries put in place of others. */
function rebundled(files: Files, path: string, change: (entries: string[]) => string[]): Files {
  return changed(files, path, (bytes) => {
    const entries: string[] = [];
    for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at)) {
      entries.push(bytes.toString('utf8', at + 2, at + 2 + bytes.readUInt16BE(at)));
    }
    return bundleOf(change(entries));
  });
}
function resigned(files: Files, change: (root: Buffer) => Buffer): Files {
  const [origin, size, root] = text(files, 'checkpoint').split('\n') as [string, string, string];
  const body = `${origin}\n${size}\n${change(Buffer.from(root, 'base64')).toString('base64')}\n`;
  const note = Buffer.from(`${body}\n${LOG.line(body)}`);
  return files.set('checkpoint', note).set(`note/${size}`, note);
}
/** A log with one entry that is none, otherwise honest: its tree and signatures are right. */
const withEntry = (index: number, entry: string | Uint8Array) =>
  honestLog(LATE, { witness: WITNESS, entry: (i) => (i === index ? entry : plainEntry(i)) });
const witnessLine = /(— witness\.example\/w1 .{40})(.)/;

export const STREAM_ROOT = label64('stream root');

export const LIES: readonly Lie[] = [
  {
    name: 'wrong root',
    code: 'checkpoint/root',
    before: early,
    after: () => resigned(late(), flip(5)),
  },
  {
    name: 'bad signature',
    code: 'checkpoint/signature',
    before: early,
    after: () =>
      changed(late(), 'checkpoint', (note) =>
        Buffer.from(note.toString().replace('\n700\n', '\n699\n')),
      ),
  },
  {
    name: 'bad cosignature',
    code: 'checkpoint/cosignature',
    before: early,
    after: () =>
      changed(late(), 'checkpoint', (note) =>
        Buffer.from(
          note.toString().replace(witnessLine, (_, line, c) => line + (c === 'A' ? 'B' : 'A')),
        ),
      ),
    options: ['--witness', WITNESS.vkey],
  },
  {
    name: 'no cosignature where one was demanded',
    code: 'checkpoint/quorum',
    before: early,
    after: () => resigned(late(), (root) => root),
    options: ['--witness', WITNESS.vkey],
  },
  {
    name: 'signed by nobody',
    code: 'checkpoint/unsigned',
    before: early,
    after: () =>
      changed(late(), 'checkpoint', (note) =>
        Buffer.from(note.toString().replace(/— vault\.example.*\n/, '')),
      ),
  },
  {
    name: 'stale: an old checkpoint while the larger tree is served',
    code: 'checkpoint/stale',
    before: late,
    after: () => late().set('checkpoint', late().get('note/300') as Uint8Array),
  },
  {
    name: 'stale: no entry for an hour',
    code: 'checkpoint/stale',
    before: early,
    after: late,
    options: ['--max-age', '3600'],
  },
  {
    name: 'changed entry',
    code: 'entries/changed',
    before: early,
    after: () =>
      rebundled(late(), 'tile/entries/001', (entries) =>
        entries.with(100, plainEntry(1, { variant: ' forged' })),
      ),
  },
  {
    name: 'truncated bundle',
    code: 'entries/truncated',
    before: early,
    after: () => changed(late(), 'tile/entries/001', (bytes) => bytes.subarray(0, -7)),
  },
  {
    name: 'bundle with an entry more',
    code: 'entries/trailing',
    before: early,
    after: () => rebundled(late(), 'tile/entries/001', (entries) => [...entries, plainEntry(0)]),
  },
  {
    name: 'changed tile at level 0',
    code: 'tile/changed',
    level: 0,
    large: true,
    before: highBefore,
    after: () => changed(high(), 'tile/0/256', flip(3000)),
  },
  {
    name: 'changed tile at level 1',
    code: 'tile/changed',
    level: 1,
    large: true,
    before: highBefore,
    after: () => changed(high(), 'tile/1/000', flip(8100)),
  },
  {
    name: 'changed tile at level 2',
    code: 'tile/changed',
    level: 2,
    large: true,
    before: highBefore,
    after: () => changed(high(), 'tile/2/000.p/1', flip(10)),
  },
  {
    name: 'short tile',
    code: 'tile/length',
    level: 0,
    before: early,
    after: () => changed(late(), 'tile/0/001', (bytes) => bytes.subarray(0, -32)),
  },
  {
    name: 'missing bundle',
    code: 'entries/missing',
    before: early,
    after: () => without(late(), 'tile/entries/001'),
  },
  {
    name: 'missing tile',
    code: 'tile/missing',
    level: 0,
    before: early,
    after: () => without(late(), 'tile/0/001'),
  },
  {
    name: 'missing partial tile',
    code: 'partial/missing',
    level: 0,
    before: early,
    after: () => without(late(), pathFor(0, 2, 700 - 512)),
  },
  {
    name: 'missing partial tile above',
    code: 'partial/missing',
    level: 1,
    before: early,
    after: () => without(late(), pathFor(1, 0, 2)),
  },
  {
    name: 'missing partial bundle',
    code: 'partial/missing',
    before: early,
    after: () => without(late(), pathFor('entries', 2, 700 - 512)),
  },
  {
    name: 'published note missing',
    code: 'note/missing',
    before: early,
    after: () => without(late(), 'note/700'),
  },
  { name: 'rollback', code: 'checkpoint/rollback', before: late, after: early },
  { name: 'fork at the same size', code: 'fork/same-size', before: late, after: other },
  { name: 'fork at a larger size', code: 'fork/larger', before: early, after: other },
  {
    name: 'fork at a smaller size',
    code: 'fork/smaller',
    before: late,
    after: () => late().set('checkpoint', other().get('note/513') as Uint8Array),
  },
  {
    name: 're-ordered entries',
    code: 'entries/reordered',
    before: early,
    after: () =>
      rebundled(late(), 'tile/entries/001', (entries) =>
        entries.with(100, entries[101] as string).with(101, entries[100] as string),
      ),
  },
  {
    name: 'time that goes back',
    code: 'entry/time',
    before: early,
    after: () => withEntry(600, plainEntry(1)),
  },
  {
    name: 'entry nobody can open: none of the kinds',
    code: 'entry/format',
    before: early,
    after: () => withEntry(600, '{"v":1,"k":"x","secret":"…"}'),
  },
  {
    name: 'entry nobody can open: not even text',
    code: 'entry/format',
    before: early,
    after: () => withEntry(600, Buffer.of(0xff, 0x00, 0xfe)),
  },
];
