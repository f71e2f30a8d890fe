import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openedNote, rootsOfProof } from './independent.fixture.ts';
import { LIES, type Lie } from './lies.fixture.ts';
import { type Files, LOG, START } from './log-writer.fixture.ts';
import type { Outcome } from './outcome.ts';
import { run } from './run.ts';
import { serve, temporaryFolder, writeFolder } from './serve.fixture.ts';

/** A minute after the newest entry of every log here but the one that is stale. */
const NOW = START + 10 * 3600;

async function audit(...words: string[]): Promise<Outcome> {
  const { exit, out, err } = await run([...words, '--json', '--patience', '0'], () => NOW);
  if (exit !== 0 && exit !== 1) throw new Error(`exit ${exit}: ${err}`);
  const outcome = JSON.parse(out) as Outcome;
  expect(outcome.exit).toBe(exit);
  return outcome;
}

/** A log as a folder and over http; `lie` turns it into the other one. */
async function places(lie: Lie) {
  const shown = { files: lie.before() };
  const folder = () => writeFolder(shown.files);
  const { url } = await serve(() => shown.files);
  return {
    sources: lie.large ? [folder] : [folder, () => url],
    lie: () => {
      shown.files = lie.after();
    },
    honest: () => {
      shown.files = lie.before();
    },
  };
}

function expectNamed(outcome: Outcome, lie: Lie): void {
  expect(outcome.verified).toBe(false);
  const codes = outcome.findings.map(({ code }) => code);
  expect(codes).toContain(lie.code);
  const finding = outcome.findings.find(({ code }) => code === lie.code);
  if (lie.level !== undefined) expect(finding?.level).toBe(lie.level);
}

const UNSIGNED = ['checkpoint/signature', 'checkpoint/unsigned'];

/** Evidence that another tool can check: signed notes, and for a fork two that contradict each other. */
function expectEvidence(outcome: Outcome, folder: string, lie: Lie): void {
  expect(outcome.evidence.length).toBe(outcome.findings.length);
  const mine = join(folder, lie.code.replace('/', '-'));
  expect(outcome.evidence).toContain(mine);
  const files = readdirSync(mine);
  const said = JSON.parse(readFileSync(join(mine, 'finding.json'), 'utf8'));
  expect(said).toMatchObject({ code: lie.code, origin: LOG.name, vkey: LOG.vkey });
  const notes = files
    .filter((name) => name.includes('checkpoint') && name.endsWith('.txt'))
    .sort()
    .map((name) => readFileSync(join(mine, name), 'utf8'));
  if (UNSIGNED.includes(lie.code)) {
    expect(() => openedNote(notes[0] as string, LOG.vkey)).toThrow();
    return;
  }
  const heads = notes.map((note) => openedNote(note, LOG.vkey));
  // Whatever is missing or damaged, a signed head promised it.
  expect(heads.length).toBeGreaterThan(0);
  if (!/^(fork|checkpoint\/(rollback|stale))/.test(lie.code) || heads.length < 2) return;
  expect(heads).toHaveLength(2);
  const [first, second] = heads as [{ size: number; root: string }, { size: number; root: string }];
  expect(first).not.toEqual(second);
  if (lie.code === 'fork/same-size') expect(first.size).toBe(second.size);
  if (lie.code === 'fork/larger' || lie.code === 'fork/smaller') expectFork(mine, heads);
}

/** The newer tree has another root at the older size than the one that was signed. */
function expectFork(folder: string, heads: { size: number; root: string }[]): void {
  const [older, newer] = heads.sort((a, b) => a.size - b.size) as [
    (typeof heads)[number],
    (typeof heads)[number],
  ];
  const proof = JSON.parse(readFileSync(join(folder, 'consistency-proof.json'), 'utf8'));
  const instead = Buffer.from(proof.root_in_newer_tree, 'base64');
  const hashes = proof.proof.map((hash: string) => Buffer.from(hash, 'base64'));
  const roots = rootsOfProof(older.size, newer.size, hashes, instead);
  expect(roots.map((root) => root.toString('base64'))).toEqual([
    proof.root_in_newer_tree,
    newer.root,
  ]);
  expect(proof.root_in_newer_tree).not.toBe(older.root);
}

const noteOf = (files: Files) => Buffer.from(files.get('checkpoint') as Uint8Array);

describe.each(LIES)('$name', (lie) => {
  test(`verify says ${lie.code}`, async () => {
    const { sources, ...shown } = await places(lie);
    for (const source of sources) {
      shown.lie();
      const evidence = temporaryFolder();
      const known = join(writeFolder(new Map([['known.txt', noteOf(lie.before())]])), 'known.txt');
      const outcome = await audit(
        'verify',
        source(),
        '--key',
        LOG.vkey,
        '--known',
        known,
        '--evidence',
        evidence,
        '--max-age',
        '1000000',
        ...(lie.options ?? []),
      );
      expectNamed(outcome, lie);
      expectEvidence(outcome, evidence, lie);
    }
  });

  test(`monitor says ${lie.code}, and remembers what it remembered`, async () => {
    const { sources, ...shown } = await places(lie);
    for (const source of sources) {
      shown.honest();
      const state = join(temporaryFolder(), 'state');
      const options = ['--state', state, '--key', LOG.vkey];
      const first = await audit('monitor', source(), ...options, '--max-age', '1000000');
      expect(first.findings).toEqual([]);
      const before = readFileSync(state, 'utf8');
      shown.lie();
      const evidence = temporaryFolder();
      const age = ['--max-age', '1000000'];
      const outcome = await audit(
        'monitor',
        source(),
        ...options,
        '--evidence',
        evidence,
        ...age,
        ...(lie.options ?? []),
      );
      expectNamed(outcome, lie);
      expectEvidence(outcome, evidence, lie);
      expect(readFileSync(state, 'utf8')).toBe(before);
    }
  });
});
