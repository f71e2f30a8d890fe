import { writeEvidence } from './evidence.ts';
import { Findings, Undecided, UsageError } from './finding.ts';
import { headOf, isFinding } from './heads.ts';
import {
  knownHeads,
  LOG_OPTIONS,
  onePositional,
  parseOptions,
  sourceOptions,
  wholeNumber,
} from './options.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { progressBar } from './progress.ts';
import { type LogSource, openSource } from './source.ts';
import { readState, type State, writeState } from './state-file.ts';
import { loadOwn, loadStreams, StreamWatch } from './streams.ts';
import { type Trusted, trustFor } from './trust.ts';
import { NOTHING, type Visit, visitLog } from './visit.ts';

const OPTIONS = {
  ...LOG_OPTIONS,
  stream: { type: 'string' },
  openings: { type: 'string' },
  'max-age': { type: 'string' },
  evidence: { type: 'string' },
} as const;

/** Seconds; a log that is served gets an entry each minute. */
const MAX_AGE = 600;
const EVIDENCE = 'zusage-audit-evidence';

/** Seconds since 1970. */
export type Clock = () => number;
export const systemClock: Clock = () => Math.floor(Date.now() / 1000);

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

/** `verify SOURCE`: the whole log, from the first entry. */
export async function verify(args: readonly string[], clock: Clock): Promise<Outcome> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const source = openSource(onePositional(positionals, 'log'), sourceOptions(values));
  const trust = await trustFor(source, values, null);
  return inspect('verify', source, trust, values, { state: null, clock });
}

/** `monitor SOURCE --state FILE`: what is new since the last visit; the state advances only when all of it is right. */
export async function monitor(args: readonly string[], clock: Clock): Promise<Outcome> {
  const { values, positionals } = parseOptions(args, { ...OPTIONS, state: { type: 'string' } });
  const source = openSource(onePositional(positionals, 'log'), sourceOptions(values));
  if (values.state === undefined) throw new UsageError('Say with --state where to remember.');
  const state = readState(values.state);
  const trust = await trustFor(source, values, state && { vkey: state.vkey, from: 'state' });
  if (state !== null && state.vkey !== trust.vkey) {
    throw new UsageError(`${values.state} is about a log with another key.`);
  }
  return inspect('monitor', source, trust, values, { state, clock, statePath: values.state });
}

async function inspect(
  command: 'verify' | 'monitor',
  source: LogSource,
  trust: Trusted,
  values: Values,
  { state, clock, statePath }: { state: State | null; clock: Clock; statePath?: string },
): Promise<Outcome> {
  const findings = new Findings();
  const own =
    values.openings === undefined
      ? null
      : loadOwn(values.openings, (finding) => findings.add(finding));
  const openings = own?.openings ?? null;
  const known = await knownHeads(values.known ?? [], trust);
  for (const { file, note } of own?.notes ?? []) {
    const head = await headOf(note, file, trust);
    if (isFinding(head)) findings.add(head);
    else known.push(head);
  }
  const streams = values.stream === undefined ? [] : loadStreams(values.stream);
  const watch = new StreamWatch(
    streams,
    openings,
    (finding) => findings.add(finding),
    state?.streams,
  );
  let unreachable: string | null = null;
  const visit = await visitLog({
    source,
    trust,
    state,
    known,
    watch,
    maxAge: maxAgeOf(values['max-age'], source),
    now: clock(),
    findings,
    progress: (total) => progressBar(total, 'entries'),
  }).catch((error: unknown) => {
    // A log that shows a fault and then falls silent is still wrong.
    if (!(error instanceof Undecided) || findings.count === 0) throw error;
    unreachable = error.message;
    return NOTHING;
  });
  const log = { origin: trust.log.name, vkey: trust.vkey };
  const evidence = writeEvidence(values.evidence ?? EVIDENCE, findings.list, log, visit.head);
  if (statePath !== undefined && findings.count === 0) advance(statePath, trust, state, visit);
  const isFirst = state === null && known.length === 0;
  return outcomeOf(command, source.where, trust, visit.head, findings, {
    checked: checkedOf(visit, state, openings, watch),
    not_checked: [
      ...[unreachable, evidence.failed].filter((reason) => reason !== null),
      ...notChecked(visit, trust, { isFirst, hasOpenings: openings !== null }),
    ],
    evidence: evidence.folders,
  });
}

function maxAgeOf(option: string | undefined, source: LogSource): number | null {
  if (option !== undefined) return wholeNumber(option, 'max-age', 1e9);
  return source.remote ? MAX_AGE : null;
}

function advance(path: string, trust: Trusted, state: State | null, visit: Visit): void {
  const { head, walked, streams } = visit;
  if (head === null) return;
  const edge = walked?.byEntries ?? state?.edge;
  if (edge === undefined) return;
  const minute = walked?.lastMinute ?? state?.minute ?? null;
  writeState(path, { vkey: trust.vkey, head, edge, minute, streams });
}

function checkedOf(
  { walked, published, proofs, access }: Visit,
  state: State | null,
  openings: ReadonlyMap<string, unknown> | null,
  watch: StreamWatch,
): Outcome['checked'] {
  return {
    entries: walked?.entries ?? 0,
    ...(state !== null && { known_before: state.head.size }),
    tiles: walked?.tilesRead ?? 0,
    published_notes: published.checked,
    access_batches: access.batches,
    inclusion_proofs: proofs.inclusions,
    consistency_proofs: proofs.consistencies,
    newest_entry: walked?.lastMinute ?? state?.minute ?? null,
    ...(openings !== null && { openings: openings.size }),
    ...(watch.found > 0 && { entries_of_streams: watch.found }),
  };
}

function notChecked(
  visit: Visit,
  trust: Trusted,
  { isFirst, hasOpenings }: { isFirst: boolean; hasOpenings: boolean },
): string[] {
  const said: string[] = [...visit.access.gaps];
  if ((visit.head?.cosignatures.length ?? 0) === 0) {
    said.push(
      'No witness vouches for this checkpoint: the log could show others another history, and its times are the operator’s word.',
    );
  }
  if (trust.keyFrom === 'log') {
    said.push('The key is the log’s own word; give --key with one that you know.');
  }
  if (isFirst) {
    said.push(
      'First visit: no earlier checkpoint was at hand to compare with (--known, or monitor).',
    );
  }
  if (!visit.published.listed && visit.head !== null) {
    said.push(
      'This source cannot list its files: of the published notes and partial tiles, only those of this checkpoint and of --known were read.',
    );
  }
  if (!hasOpenings) {
    said.push('What lifecycle entries say: only who holds openings can see that (--openings).');
  }
  said.push('That everything that happened was logged.');
  return said;
}
