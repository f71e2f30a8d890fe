import { UuidUrn } from '../shape.ts';
import { compareWithLog } from './compare-with-log.ts';
import { writeEvidence } from './evidence.ts';
import { type Finding, Findings, Undecided, UsageError } from './finding.ts';
import { type GrantState, type Interval, intervalOf, statesAt } from './grant-state.ts';
import { currentHead, isFinding } from './heads.ts';
import { type History, type Locate, type ProvenEvent, readHistory } from './history.ts';
import { Locator } from './locate.ts';
import { loadMaterial } from './material.ts';
import { knownHeads, LOG_OPTIONS, onePositional, parseOptions, sourceOptions } from './options.ts';
import { type ExitCode, type Outcome, outcomeOf } from './outcome.ts';
import { openSource } from './source.ts';
import { type Trusted, trustFor } from './trust.ts';
import type { Clock } from './verify.ts';

const OPTIONS = {
  ...LOG_OPTIONS,
  grant: { type: 'string' },
  at: { type: 'string' },
  log: { type: 'string' },
  'operator-time': { type: 'boolean' },
  evidence: { type: 'string' },
} as const;

type EventOutcome = {
  readonly seq: number;
  readonly event: string;
  readonly index: number;
  /** RFC 3339, the operator's word. */
  readonly operator_time: string | null;
  /** By witnesses. */
  readonly after: string | null;
  readonly before: string | null;
  readonly act_checked_by: string | null;
};

export type Proof = Outcome & {
  readonly grant: string;
  readonly at: string;
  /** null when it is not decided; then `possible` has several. */
  readonly state: GrantState | null;
  readonly possible: readonly GrantState[];
  readonly events: readonly EventOutcome[];
};

const iso = (seconds: number | null) =>
  seconds === null ? null : new Date(seconds * 1000).toISOString().replace('.000', '');

/** `prove PATH --grant ID --at TIME`: in which state the grant was at the time. */
export async function prove(args: readonly string[], clock: Clock): Promise<Proof> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const path = onePositional(positionals, 'file or folder');
  const grant = UuidUrn.safeParse(values.grant);
  if (!grant.success) throw new UsageError('Name the grant: --grant urn:uuid:…');
  const at = timeOf(values.at);
  if (at > clock()) throw new UsageError('That time has not come; nobody can know the state then.');
  const source = values.log === undefined ? null : openSource(values.log, sourceOptions(values));
  const trust = await trustFor(source, values, null);
  const findings = new Findings();
  const report = (finding: Finding) => findings.add(finding);

  const materials = loadMaterial(path);
  const current = source === null ? null : await currentHead(source, trust);
  const head = current === null || isFinding(current) ? null : current;
  if (current !== null && isFinding(current)) report(current);
  const locator = source === null || head === null ? null : new Locator(source, head);
  const locate: Locate | null = locator && ((opened) => locator.find(opened));
  const history = await readHistory(materials, grant.data, trust, report, locate);
  if (history.events.length === 0 && findings.count === 0) {
    throw new Undecided(`No proof in ${path} is of this grant.`);
  }
  const kept = await knownHeads(values.known ?? [], trust);
  const heads = [...kept, ...history.events.flatMap((event) => event.heads)];
  const logged =
    source === null || head === null
      ? []
      : await compareWithLog(source, head, trust, { heads, history, report });
  const usable = [...heads, ...logged];
  const events = history.events.map((event) => ({
    ...event,
    witnessed: intervalOf(event.entry.index, usable, trust.quorum),
  }));
  const believed = events.map(({ type, at, witnessed }) => ({
    type,
    interval: values['operator-time'] ? byOperator(witnessed, at) : witnessed,
  }));
  const isWhole = history.events.every(({ seq }, i) => seq === i);
  const possible = isWhole ? statesAt(believed, at, history.grant?.claims ?? null) : [];
  const decided = findings.count === 0 ? decide(possible, history) : null;
  const log = { origin: trust.log.name, vkey: trust.vkey };
  const folder = values.evidence ?? 'zusage-audit-evidence';
  const evidence = writeEvidence(folder, findings.list, log, head);
  const outcome = outcomeOf('prove', values.log ?? path, trust, head, findings, {
    checked: {
      proofs: history.events.length,
      checkpoints: usable.length,
      acts_of_the_person: events.filter(({ act }) => act === 'grant-key').length,
    },
    not_checked: [
      ...(evidence.failed === null ? [] : [evidence.failed]),
      ...notChecked(history, trust, {
        isWhole,
        hasLog: source !== null,
        operatorTime: values['operator-time'] === true,
        isWitnessed: events.every(({ witnessed }) => witnessed.before !== null),
      }),
    ],
    evidence: evidence.folders,
  });
  const exit: ExitCode = findings.count > 0 ? 1 : decided === null ? 3 : 0;
  return {
    ...outcome,
    exit,
    verified: exit === 0,
    grant: grant.data,
    at: iso(at) as string,
    state: decided,
    possible,
    events: events.map(eventOutcome),
  };
}

/** Without the grant its period is unknown: it may have expired while nobody ended it. */
function decide([state, ...others]: readonly GrantState[], { grant }: History): GrantState | null {
  if (state === undefined || others.length > 0) return null;
  return grant === null && state !== 'ended' && state !== 'not-registered' ? null : state;
}

function timeOf(text: string | undefined): number {
  const isTime = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(text ?? '');
  const time = Date.parse(text ?? '');
  if (!isTime || Number.isNaN(time)) {
    throw new UsageError('Name the time in UTC: --at 2026-11-22T05:00:00Z');
  }
  return time / 1000;
}

/** Where no witness says more, the operator's second. */
function byOperator(witnessed: Interval, at: number | null): Interval {
  return { after: witnessed.after ?? at, before: witnessed.before ?? at };
}

function eventOutcome(event: ProvenEvent & { witnessed: Interval }): EventOutcome {
  return {
    seq: event.seq,
    event: event.type,
    index: event.entry.index,
    operator_time: iso(event.at),
    after: iso(event.witnessed.after),
    before: iso(event.witnessed.before),
    act_checked_by: event.act,
  };
}

function notChecked(
  { closed, unplaced, grant }: History,
  trust: Trusted,
  said: { isWhole: boolean; hasLog: boolean; operatorTime: boolean; isWitnessed: boolean },
): string[] {
  const lines: string[] = [];
  if (!said.isWitnessed) {
    lines.push(
      said.operatorTime
        ? 'The times: where no witness cosigned, they are the operator’s word, as you allowed.'
        : 'The times: no witness cosigned the checkpoints around every event, and the operator’s word was not taken (--operator-time).',
    );
  }
  if (trust.keyFrom === 'log') {
    lines.push('The key is the log’s own word; give --key with one that you know.');
  }
  if (!said.hasLog) lines.push('What the log shows today (--log).');
  if (grant === null) {
    lines.push('Whose acts these are: the registration is not among the proofs, or was erased.');
  }
  if (!said.isWhole) lines.push('The whole history: numbers are missing between the proofs.');
  if (unplaced > 0) {
    lines.push(`${unplaced} openings without a proof, whose entries only a log can show (--log).`);
  }
  if (closed > 0) lines.push(`${closed} proofs that do not disclose grant, number and type.`);
  lines.push(
    'That no event is left out after the last one; who holds the stream’s epoch key sees that (verify --stream).',
    'That the key of the grant belongs to a particular person.',
  );
  return lines;
}
