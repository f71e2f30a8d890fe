import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { minuteAt } from '../tlog/entry.ts';
import { formatOpening } from '../tlog/opening.ts';
import { type Agreement, agree, NOW } from '../tlog/person.fixture.ts';
import { type GrantLog, lifeOf, logOf } from './grant-log.fixture.ts';
import { type Files, LOG, LogWriter, plainEntry, WITNESS } from './log-writer.fixture.ts';
import type { Proof } from './prove.ts';
import { run as runAt } from './run.ts';
import { serve, temporaryFolder, writeFolder } from './serve.fixture.ts';

const KEY = ['--key', LOG.vkey];
const WITNESSED = [...KEY, '--witness', WITNESS.vkey];
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000', '');
const LIFE = [
  ['registered', NOW + 100],
  ['suspended', NOW + 1000],
  ['resumed', NOW + 2000],
  ['withdrawn', NOW + 3000],
] as const;
/** After everything that is asked about here. */
const LATER = NOW + 100 * 86_400;
const run = (words: readonly string[]) => runAt(words, () => LATER);

let agreement: Agreement;
let witnessed: GrantLog;
let plain: GrantLog;
beforeAll(async () => {
  agreement = await agree();
  const life = await lifeOf(agreement, LIFE);
  witnessed = await logOf(agreement, life, { witness: WITNESS });
  plain = await logOf(agreement, life);
});

function folderOf(proofs: readonly string[]): string {
  const files: Files = new Map(
    proofs.map((proof, i) => [`${i}.tlog-proof`, Buffer.from(proof)] as const),
  );
  return writeFolder(files);
}

async function prove(proofs: readonly string[], at: number, ...more: string[]) {
  const { exit, out, err } = await run([
    'prove',
    folderOf(proofs),
    ...['--grant', agreement.grant.claims.jti, '--at', iso(at)],
    ...['--evidence', temporaryFolder(), '--patience', '0', '--json', ...more],
  ]);
  const proof = JSON.parse(out) as Proof;
  return { exit, err, proof, codes: proof.findings?.map(({ code }) => code) };
}

describe('with witnesses, and the log’s notes', () => {
  test.each([
    ['not-registered', NOW + 50],
    ['active', NOW + 500],
    ['suspended', NOW + 1500],
    ['active', NOW + 2500],
    ['ended', NOW + 3500],
  ])('%s', async (state, at) => {
    const log = ['--log', writeFolder(witnessed.files)];
    const { exit, proof } = await prove(witnessed.proofs, at, ...WITNESSED, ...log);
    expect({ exit, state: proof.state }).toEqual({ exit: 0, state });
    expect(proof.events).toHaveLength(4);
    expect(proof.events.every((event) => event.act_checked_by === 'grant-key')).toBe(true);
  });

  test('within the interval of an event nothing is decided: the operator’s second is not taken', async () => {
    const log = ['--log', writeFolder(witnessed.files)];
    const { exit, proof } = await prove(witnessed.proofs, NOW + 1001, ...WITNESSED, ...log);
    expect({ exit, state: proof.state }).toEqual({ exit: 3, state: null });
    expect([...proof.possible].sort()).toEqual(['active', 'suspended']);
    expect(proof.events[1]).toMatchObject({
      operator_time: iso(NOW + 1000),
      after: iso(NOW + 980),
      before: iso(NOW + 1020),
    });
  });

  test('over http the intervals are wider: only known checkpoints bound them', async () => {
    const { url } = await serve(() => witnessed.files);
    const wide = await prove(witnessed.proofs, NOW + 1500, ...WITNESSED, '--log', url);
    expect(wide.exit).toBe(3);
    const known = [...witnessed.files]
      .filter(([path]) => path.startsWith('note/'))
      .map(([path, note]) => [`${path.slice(5)}.txt`, note] as const);
    const folder = writeFolder(new Map(known));
    const options = known.flatMap(([name]) => ['--known', join(folder, name)]);
    const narrow = await prove(
      witnessed.proofs,
      NOW + 1500,
      ...WITNESSED,
      '--log',
      url,
      ...options,
    );
    expect(narrow.proof.state).toBe('suspended');
  });
});

describe('from openings alone', () => {
  const jsonOf = ({ openings }: GrantLog) =>
    writeFolder(
      new Map(openings.map((opening, i) => [`${i}.json`, Buffer.from(formatOpening(opening))])),
    );
  const options = (at: number) => [
    ...['--grant', agreement.grant.claims.jti, '--at', iso(at), '--json', '--patience', '0'],
    ...['--evidence', temporaryFolder()],
  ];

  test('the entries are found in the log, also in one of many bundles', async () => {
    const folder = jsonOf(witnessed);
    const log = writeFolder(witnessed.files);
    const small = await run(['prove', folder, ...options(NOW + 1500), ...WITNESSED, '--log', log]);
    expect(small.exit).toBe(0);
    expect(JSON.parse(small.out)).toMatchObject({ state: 'suspended' });

    const files: Files = new Map();
    const writer = new LogWriter((path, bytes) => files.set(path, bytes), { witness: WITNESS });
    const entryAt = new Map(witnessed.openings.map(({ entry }, i) => [300 + 400 * i, entry]));
    while (writer.size < 2000) {
      const filler = plainEntry(writer.size).replace(
        /"t":"[^"]*"/,
        `"t":"${minuteAt(NOW + writer.size * 2)}"`,
      );
      const own = entryAt
        .get(writer.size)
        ?.replace(/"t":"[^"]*"/, `"t":"${minuteAt(NOW + writer.size * 2)}"`);
      writer.append(own ?? filler);
    }
    writer.publish();
    const moved = witnessed.openings.map((opening, i) => ({
      ...opening,
      entry: opening.entry.replace(/"t":"[^"]*"/, `"t":"${minuteAt(NOW + (300 + 400 * i) * 2)}"`),
    }));
    const { exit, out } = await run([
      'prove',
      jsonOf({ ...witnessed, openings: moved }),
      ...options(NOW + 500),
      ...KEY,
      ...['--operator-time', '--log', writeFolder(files)],
    ]);
    expect(exit).toBe(0);
    const { events } = JSON.parse(out) as Proof;
    expect(events.map(({ index }) => index)).toEqual([300, 700, 1100, 1500]);
  });

  test('an opening whose entry the log does not hold is named; without a log nothing is decided', async () => {
    const folder = jsonOf(witnessed);
    const other = writeFolder(
      (await logOf(agreement, await lifeOf(agreement, LIFE.slice(0, 1)))).files,
    );
    const absent = await run(['prove', folder, ...options(NOW + 500), ...KEY, '--log', other]);
    expect(absent.exit).toBe(1);
    expect((JSON.parse(absent.out) as Proof).findings.map(({ code }) => code)).toContain(
      'opening/not-in-log',
    );
    expect((await run(['prove', folder, ...options(NOW + 500), ...KEY])).exit).toBe(3);
  });
});

describe('without witnesses', () => {
  test('nothing about a time is decided, and the answer says why', async () => {
    const { exit, proof } = await prove(plain.proofs, NOW + 500, ...KEY);
    expect({ exit, state: proof.state }).toEqual({ exit: 3, state: null });
    expect(proof.not_checked.join(' ')).toContain('--operator-time');
  });

  test('the operator’s word is taken when asked for, and named', async () => {
    for (const [state, at] of [
      ['not-registered', NOW + 99],
      ['active', NOW + 100],
      ['suspended', NOW + 1000],
      ['ended', NOW + 3000],
    ] as const) {
      const { exit, proof } = await prove(plain.proofs, at, ...KEY, '--operator-time');
      expect({ exit, state: proof.state }).toEqual({ exit: 0, state });
      expect(proof.not_checked.join(' ')).toContain('operator’s word');
    }
  });

  test('a grant that nobody ended expires by what the person signed', async () => {
    const { exp } = agreement.grant.claims;
    const young = await logOf(agreement, await lifeOf(agreement, LIFE.slice(0, 1)));
    const at = (time: number) => prove(young.proofs, time, ...KEY, '--operator-time');
    expect((await at(exp - 1)).proof.state).toBe('active');
    expect((await at(exp)).proof.state).toBe('expired');
  });
});

describe('what is not whole is not decided', () => {
  test('a number missing, the registration missing, no proof of this grant', async () => {
    const options = [...KEY, '--operator-time'];
    const gap = await prove(plain.proofs.toSpliced(1, 1), NOW + 500, ...options);
    expect(gap.exit).toBe(3);
    expect(gap.proof.not_checked.join(' ')).toContain('numbers are missing');
    const headless = await prove(plain.proofs.slice(1), NOW + 500, ...options);
    expect(headless.exit).toBe(3);
    expect(headless.proof.not_checked.join(' ')).toContain('registration');
    const stranger = await logOf(await agree(), await lifeOf(await agree(), []));
    expect((await prove(stranger.proofs, NOW + 500, ...options)).exit).toBe(3);
  });

  test('after erasure the end is proven, the time before only as far as the acts are left', async () => {
    const life = await lifeOf(agreement, [...LIFE, ['erased', NOW + 4000]]);
    const bare = life.map(({ act: _, ...step }) => step);
    const erased = await logOf(agreement, bare, {
      disclose: (name) => !['subject', 'scope', 'actor_sig'].includes(name),
    });
    const at = (time: number) => prove(erased.proofs, time, ...KEY, '--operator-time');
    expect(await at(NOW + 3500)).toMatchObject({ exit: 0, proof: { state: 'ended' } });
    expect(await at(NOW + 500)).toMatchObject({ exit: 3, codes: [] });
    expect((await at(NOW + 500)).proof.not_checked.join(' ')).toContain('or was erased');
    const unerased = await logOf(agreement, bare.slice(0, 4));
    expect((await prove(unerased.proofs, NOW + 500, ...KEY)).codes).toContain('act/invalid');
  });

  test('proofs that keep the grant to themselves are counted', async () => {
    const closed = await logOf(agreement, await lifeOf(agreement, LIFE), {
      disclose: (name) => name !== 'grant',
    });
    const both = [...closed.proofs, ...plain.proofs];
    const { proof } = await prove(both, NOW + 500, ...KEY, '--operator-time');
    expect(proof.not_checked.join(' ')).toContain('4 proofs that do not disclose');
  });
});

describe('what is wrong is named, exit 1', () => {
  const options = [...KEY, '--operator-time'];
  const change = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

  test('a changed inclusion proof, signature or opening', async () => {
    const [first, ...rest] = plain.proofs as [string, ...string[]];
    const hash = first.indexOf('\n', first.indexOf('index ')) + 5;
    const cases: [string, string][] = [
      ['proof/invalid', change(first, hash)],
      ['proof/invalid', change(first, first.lastIndexOf(' ') + 20)],
      ['opening/invalid', change(first, 60)],
    ];
    for (const [code, forged] of cases) {
      const { exit, codes } = await prove([forged, ...rest], NOW + 500, ...options);
      expect({ exit, codes }).toEqual({ exit: 1, codes: [code] });
    }
  });

  test('an act that is not the person’s: a withdrawal that the operator made up', async () => {
    const steps = await lifeOf(agreement, LIFE);
    const { act: _, ...without } = steps[3] as (typeof steps)[number];
    const missing = await logOf(agreement, steps.with(3, without));
    expect((await prove(missing.proofs, NOW + 3500, ...options)).codes).toEqual(['act/invalid']);
    const stranger = await lifeOf({ ...(await agree()), grant: agreement.grant }, LIFE);
    const forged = await logOf(agreement, steps.with(3, stranger[3] as (typeof steps)[number]));
    const { exit, codes, proof } = await prove(forged.proofs, NOW + 3500, ...options);
    expect({ exit, codes, state: proof.state }).toEqual({
      exit: 1,
      codes: ['act/invalid'],
      state: null,
    });
    expect(proof.findings[0]?.detail).toBe('act/signature');
  });

  test('two entries under one number', async () => {
    const other = await logOf(
      agreement,
      await lifeOf(agreement, LIFE.with(1, ['withdrawn', NOW + 900])),
    );
    const both = [...plain.proofs, other.proofs[1] as string];
    expect((await prove(both, NOW + 500, ...options)).codes).toEqual(['history/contradiction']);
  });

  test('a log that shows another tree than the proofs, or went back', async () => {
    const other = await logOf(
      agreement,
      await lifeOf(agreement, LIFE.with(1, ['suspended', NOW + 900])),
    );
    const log = (files: Files) => ['--log', writeFolder(files)];
    expect((await prove(plain.proofs, NOW + 500, ...options, ...log(other.files))).codes).toContain(
      'fork/same-size',
    );
    const longer = await lifeOf(agreement, [
      ...LIFE.with(1, ['suspended', NOW + 900]),
      ['restored', NOW + 4000],
    ]);
    const forked = await logOf(agreement, longer);
    expect(
      (await prove(plain.proofs, NOW + 500, ...options, ...log(forked.files))).codes,
    ).toContain('fork/larger');
    const shorter = await logOf(agreement, (await lifeOf(agreement, LIFE)).slice(0, 2));
    expect(
      (await prove(plain.proofs, NOW + 500, ...options, ...log(shorter.files))).codes,
    ).toContain('checkpoint/rollback');
  });

  test('fewer witnesses than demanded', async () => {
    const { codes } = await prove(plain.proofs, NOW + 500, ...WITNESSED);
    expect(codes).toContain('checkpoint/quorum');
  });
});

test('usage: no grant, no time, no key, a time without a zone, a time to come', async () => {
  const folder = folderOf(plain.proofs);
  const grant = ['--grant', agreement.grant.claims.jti];
  for (const words of [
    ['prove', folder, ...grant, ...KEY],
    ['prove', folder, '--at', iso(NOW), ...KEY],
    ['prove', folder, ...grant, '--at', iso(NOW)],
    ['prove', folder, ...grant, '--at', '2026-11-22T05:00', ...KEY],
    ['prove', folder, ...grant, '--at', '2026-13-22T05:00:00Z', ...KEY],
    ['prove', folder, ...grant, '--at', iso(LATER + 1), ...KEY],
    ['prove', join(folder, 'none'), ...grant, '--at', iso(NOW), ...KEY],
  ]) {
    expect((await run(words)).exit).toBe(2);
  }
});

test('a person reads the verdict, the intervals and what was not checked', async () => {
  const words = ['--grant', agreement.grant.claims.jti, '--at', iso(NOW + 500), ...KEY];
  const { out } = await run(['prove', folderOf(plain.proofs), ...words]);
  expect(out).toMatch(/^NOT DECIDED\n/);
  const decided = await run(['prove', folderOf(plain.proofs), ...words, '--operator-time']);
  expect(decided.out).toMatch(/^VERIFIED\n/);
  expect(decided.out).toContain(`At ${iso(NOW + 500)} the grant was: active`);
});
