import type { Grant } from '../grant.ts';
import { type ActCheck, grantOfOpening, verifyAct } from '../tlog/act.ts';
import { TlogError } from '../tlog/errors.ts';
import type { EventName } from '../tlog/fields.ts';
import { type Opened, parseOpening, verifyOpening } from '../tlog/opening.ts';
import {
  openingOfProof,
  type ProvenEntry,
  parseTlogProof,
  proveEntry,
} from '../tlog/tlog-proof.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { PublishedHead } from './heads.ts';
import type { Material } from './material.ts';
import type { Trusted } from './trust.ts';

/** One event of a grant, proven to be in the log. */
export type ProvenEvent = {
  readonly seq: number;
  readonly type: EventName;
  /** To the second, the operator's word; null where it was not disclosed. */
  readonly at: number | null;
  readonly entry: ProvenEntry;
  /** Every checkpoint that one of the proofs came with. */
  readonly heads: readonly PublishedHead[];
  /** What the act was checked against; null when it could not be. */
  readonly act: ActCheck | null;
};

export type History = {
  readonly events: readonly ProvenEvent[];
  /** As the registration shows it. */
  readonly grant: Grant | null;
  /** Proofs that keep to themselves whose they are. */
  readonly closed: number;
  /** Openings without a proof, where no log was at hand to look for their entries. */
  readonly unplaced: number;
};

type Report = (finding: Finding) => void;
type Proven = { readonly file: string; readonly entry: ProvenEntry };

/** Looks an opened entry up in a log; null when the log does not hold it. */
export type Locate = (opened: Opened) => Promise<ProvenEntry | null>;

/**
 * Verifies every proof of one grant, and puts its events in order. Proofs of other grants are passed over.
 * @param locate for openings that come without a proof
 */
export async function readHistory(
  materials: readonly Material[],
  grantId: string,
  trust: Trusted,
  report: Report,
  locate: Locate | null = null,
): Promise<History> {
  const proven: Proven[] = [];
  let closed = 0;
  let unplaced = 0;
  for (const { file, kind, text } of materials) {
    const opened = await orReport(report, file, 'opening/invalid', async () =>
      verifyOpening(kind === 'opening' ? parseOpening(text) : openingOfProof(parseTlogProof(text))),
    );
    if (opened === null) continue;
    const { grant, grant_seq, type } = opened.fields;
    if (grant === undefined || grant_seq == null || type === undefined) closed++;
    if (grant !== grantId || grant_seq == null || type === undefined) continue;
    if (kind === 'opening' && locate === null) {
      unplaced++;
      continue;
    }
    const entry = await orReport(report, file, 'proof/invalid', () =>
      kind === 'opening' && locate !== null ? locate(opened) : proveEntry(text, trust),
    );
    if (entry === null) {
      if (kind === 'opening') report({ code: 'opening/not-in-log', path: file });
    } else if (entry.checkpoint.cosignatures.length < trust.quorum) {
      report({ code: 'checkpoint/quorum', path: file });
    } else {
      proven.push({ file, entry });
    }
  }
  const grouped = inOrder(proven, report);
  const isErased = grouped.some(([{ entry }]) => entry.fields.type === 'erased');
  const grant = await grantIn(grouped, isErased, report);
  const events: ProvenEvent[] = [];
  for (const proofs of grouped) events.push(await eventOf(proofs, grant, isErased, report));
  return { events, grant, closed, unplaced };
}

/** Proofs of the same event together. Two entries under one number contradict each other. */
function inOrder(proven: readonly Proven[], report: Report): (readonly [Proven, ...Proven[]])[] {
  const bySeq = new Map<number, [Proven, ...Proven[]]>();
  for (const proof of proven) {
    const seq = proof.entry.fields.grant_seq as number;
    const others = bySeq.get(seq);
    if (others === undefined) bySeq.set(seq, [proof]);
    else if (others[0].entry.opening.entry === proof.entry.opening.entry) others.push(proof);
    else report({ code: 'history/contradiction', path: proof.file, detail: `number ${seq}` });
  }
  return [...bySeq].sort(([a], [b]) => a - b).map(([, proofs]) => proofs);
}

/** After erasure the person's fields and acts are gone from every entry of the grant: that is no fault. */
function isTombstone({ opening, fields }: ProvenEntry, isErased: boolean): boolean {
  return isErased && opening.act === undefined && fields.actor_sig === undefined;
}

async function grantIn(
  grouped: readonly (readonly [Proven, ...Proven[]])[],
  isErased: boolean,
  report: Report,
): Promise<Grant | null> {
  const first = grouped[0]?.[0];
  if (first?.entry.fields.type !== 'registered' || isTombstone(first.entry, isErased)) return null;
  return orReport(report, first.file, 'act/invalid', () => grantOfOpening(first.entry));
}

async function eventOf(
  [proof, ...more]: readonly [Proven, ...Proven[]],
  grant: Grant | null,
  isErased: boolean,
  report: Report,
): Promise<ProvenEvent> {
  const { entry, file } = proof;
  const { type, grant_seq, at } = entry.fields;
  const isKnown = grant !== null || type === 'replaced';
  const act =
    isKnown && !isTombstone(entry, isErased)
      ? await orReport(report, file, 'act/invalid', () => verifyAct(entry, grant))
      : null;
  const heads = [proof, ...more].map(({ entry, file }) => ({ ...entry.checkpoint, path: file }));
  return { seq: grant_seq as number, type: type as EventName, at: at ?? null, entry, heads, act };
}

async function orReport<T>(
  report: Report,
  path: string,
  code: FindingCode,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    report({ code, path, detail: error.code });
    return null;
  }
}
