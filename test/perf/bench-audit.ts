import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LOG, LogWriter, plainEntry } from '@zusage/protocol/audit/log-writer.fixture';
import { median, type Row, round } from './bench-measure.ts';

const ENTRIES = 1_000_000;
const STEP = 1000;
const VISITS = 3;
/** Entries between two published notes, as in a busy log. */
const PUBLISHED = 250;
const PER_MINUTE = 5000;

/** What was promised. */
const SECONDS = 60;
const MEGABYTES = 500;
const SECONDS_MORE = 2;

const MAIN = fileURLToPath(new URL('../../protocol/src/audit/main.ts', import.meta.url));
const REPORT = `data:text/javascript,process.on('exit',()=>process.stderr.write('rss '+process.resourceUsage().maxRSS))`;

/** A fresh process, as from a command line. @returns seconds, and megabytes at their most */
async function audit(...words: string[]): Promise<{ seconds: number; megabytes: number }> {
  const began = performance.now();
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', REPORT, MAIN, ...words, '--key', LOG.vkey, '--json'],
    { maxBuffer: 1 << 24 },
  );
  const seconds = (performance.now() - began) / 1000;
  if (!JSON.parse(stdout).verified) throw new Error('the log was not verified');
  return { seconds, megabytes: Number(/rss (\d+)$/.exec(stderr)?.[1]) / 1024 };
}

/** `zusage-audit` over an exported log of a million entries, all of it and then only what is new. */
export async function benchAudit(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'zusage-bench-audit-'));
  try {
    return await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string): Promise<Row[]> {
  const log = join(folder, 'log');
  const known = new Set<string>();
  const writer = new LogWriter((path, bytes) => {
    const parent = dirname(join(log, path));
    if (!known.has(parent)) mkdirSync(parent, { recursive: true });
    known.add(parent);
    writeFileSync(join(log, path), bytes);
  });
  const grow = (size: number) => {
    while (writer.size < size) {
      writer.append(plainEntry(writer.size, { perMinute: PER_MINUTE }));
      if (writer.size % PUBLISHED === 0) writer.publish();
    }
  };
  grow(ENTRIES);
  const whole = await audit('verify', log);
  const state = join(folder, 'state');
  await audit('monitor', log, '--state', state);
  const visits: number[] = [];
  for (let visit = 1; visit <= VISITS; visit++) {
    grow(ENTRIES + visit * STEP);
    visits.push((await audit('monitor', log, '--state', state)).seconds);
  }
  const more = median(visits);
  const entries = ENTRIES.toLocaleString('en');
  const notes = (ENTRIES / PUBLISHED).toLocaleString('en');
  return [
    {
      part: 'audit',
      what: `${SECONDS} s ÷ verify of ${entries} entries and ${notes} notes in a folder`,
      ratio: SECONDS / whole.seconds,
      target: 1,
      behind: `${round(whole.seconds)} s, once`,
    },
    {
      part: 'audit',
      what: `${MEGABYTES} MB ÷ peak memory of it`,
      ratio: MEGABYTES / whole.megabytes,
      target: 1,
      behind: `${round(whole.megabytes)} MB, the process's maximum resident set`,
    },
    {
      part: 'audit',
      what: `${SECONDS_MORE} s ÷ monitor after ${STEP.toLocaleString('en')} new entries`,
      ratio: SECONDS_MORE / more,
      target: 1,
      behind: `${round(more)} s, median of ${VISITS}, start of the process included`,
    },
  ];
}
