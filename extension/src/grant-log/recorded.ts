import type { GrantView } from '../messages.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import { type LoggedRecord, provenSeqs } from '../vault/log-records.ts';

/** Seconds in which an entry comes to the log: two for the service, the rest for the moment a person reads it. */
export const PATIENCE = 600;
/** Seconds after an act when its proof is looked for at the earliest; the worker's alarms add some minutes. */
export const FIRST_LOOK = 60;
/** Seconds after which proofs that nobody answers about are missing, too. */
const LONG = 86_400;

/** What the public log shows of a grant, and what is wrong with it. */
export function recordedOf(
  grant: StoredGrant,
  logged: LoggedRecord | undefined,
): GrantView['recorded'] {
  const warnings = warningsOf(grant, logged);
  const all = [...(logged?.earlier ?? []), ...(logged === undefined ? [] : [logged])];
  const entries = all.flatMap((log) => log.entries);
  const proven = logged === undefined ? 0 : provenSeqs(logged).size;
  const on = Math.max(0, ...entries.map(({ verifiedOn }) => verifiedOn));
  const complete = proven > grant.seq;
  const state = warnings.length > 0 ? 'warning' : complete ? 'recorded' : 'pending';
  return { state, on: on === 0 ? null : on, entries: proven, warnings };
}

function warningsOf(
  { readOn = 0 }: StoredGrant,
  logged: LoggedRecord | undefined,
): GrantView['recorded']['warnings'] {
  if (logged === undefined) return [];
  const { problems, awaited, answeredOn = 0 } = logged;
  const late = awaited.some(
    ({ since }) => answeredOn >= since + PATIENCE || readOn >= since + LONG,
  );
  const codes = problems
    // Another grant's proof may only be on its way.
    .filter(({ code, since }) => code !== 'gap' || answeredOn >= since + PATIENCE)
    .map(({ code }) => code);
  return [...(late ? (['missing'] as const) : []), ...new Set(codes)];
}

/** When proofs are looked for again; null when none is awaited, or it is known by now that it is missing. */
export function nextProofs({ awaited, answeredOn = 0 }: LoggedRecord, now: number): number | null {
  const open = awaited.filter(({ since }) => answeredOn < since + PATIENCE);
  if (open.length === 0) return null;
  return Math.max(now + FIRST_LOOK, ...open.map(({ since }) => Math.min(since, now) + PATIENCE));
}
