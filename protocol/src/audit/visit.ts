import { secondsOf } from '../tlog/entry.ts';
import { AccessMinutes } from './access-minutes.ts';
import { compareHeads, noteExhibit } from './compare-heads.ts';
import { Edge } from './edge.ts';
import type { Finding, Findings } from './finding.ts';
import { currentHead, isFinding, type PublishedHead, PublishedHeads } from './heads.ts';
import { judge, reportFork } from './judge.ts';
import type { Progress } from './progress.ts';
import { proveFromTiles } from './proofs-from-tiles.ts';
import type { LogSource } from './source.ts';
import type { State } from './state-file.ts';
import type { Position, StreamWatch } from './streams.ts';
import type { Trusted } from './trust.ts';
import { Walk } from './walk.ts';
import type { Walked } from './walked.ts';

export type VisitOptions = {
  readonly source: LogSource;
  readonly trust: Trusted;
  /** What an earlier visit verified; null to begin with nothing. */
  readonly state: State | null;
  /** Heads kept from elsewhere: other people's checkpoints, proofs. */
  readonly known: readonly PublishedHead[];
  readonly watch: StreamWatch;
  /** Seconds that the newest entry may be old; null when age says nothing. */
  readonly maxAge: number | null;
  /** Seconds since 1970. */
  readonly now: number;
  readonly findings: Findings;
  readonly progress: (total: number) => Progress;
};

export type Visit = {
  readonly head: PublishedHead | null;
  readonly walked: Walked | null;
  readonly published: { readonly checked: number; readonly listed: boolean };
  readonly proofs: { readonly inclusions: number; readonly consistencies: number };
  readonly streams: readonly Position[];
  readonly access: { readonly batches: number; readonly gaps: readonly string[] };
};

/** A visit that saw nothing. */
export const NOTHING: Visit = {
  head: null,
  walked: null,
  published: { checked: 0, listed: false },
  proofs: { inclusions: 0, consistencies: 0 },
  streams: [],
  access: { batches: 0, gaps: [] },
};

/** Reads the checkpoint and everything new under it, and reports every way in which they do not fit. */
export async function visitLog(options: VisitOptions): Promise<Visit> {
  const { source, trust, state, known, findings, watch } = options;
  const report = (finding: Finding) => findings.add(finding);
  const head = await currentHead(source, trust);
  if (isFinding(head)) {
    report(head);
    return NOTHING;
  }
  if (head.cosignatures.length < trust.quorum) {
    const detail = `${head.cosignatures.length} of ${trust.quorum}`;
    report({ code: 'checkpoint/quorum', detail, exhibits: [noteExhibit(head, 'signed')] });
  }
  const earlier = [...(state === null ? [] : [state.head]), ...known];
  for (const other of earlier) {
    if (other.size > head.size) await reportSmaller(source, other, head, report);
  }
  const start = state?.edge ?? new Edge();
  if (start.size > head.size) return { ...NOTHING, head };

  const published = await PublishedHeads.of(source, trust, known);
  for (const larger of await published.between(head.size, Number.MAX_SAFE_INTEGER, report)) {
    if (!known.includes(larger)) await reportSmaller(source, larger, head, report);
  }
  await published.assertPublished(head, report);
  if (state !== null && start.size === head.size) {
    if (!state.head.root.every((byte, i) => byte === head.root[i])) {
      await reportFork(source, state.head, head, report);
    }
    reportAge(options, head, state.minute);
    return { ...NOTHING, head, published, streams: state.streams };
  }

  const minutes = new AccessMinutes(state?.minute ?? null);
  const bar = options.progress(head.size - start.size);
  const walked = await new Walk({
    source,
    size: head.size,
    start,
    startMinute: state?.minute ?? null,
    heads: published,
    report,
    onEntry: (index, entry, bytes) => {
      watch.see(index, entry, bytes);
      minutes.see(entry);
    },
    progress: (size) => bar.to(size - start.size),
  }).run();
  bar.end();
  await judge(source, walked, head, state?.head ?? null, report);
  const streams = walked.complete ? watch.finish(start.size === 0) : [];
  reportAge(options, head, walked.lastMinute);
  const access = { batches: minutes.batches, gaps: minutes.said() };
  if (findings.count > 0) {
    return { ...NOTHING, head, walked, published, streams, access };
  }
  const sample = [...earlier, ...(await published.sample(head.size, 64, report))];
  const proofs = await proveFromTiles(source, head, { from: start.size, heads: sample }, report);
  return { head, walked, published, proofs, streams, access };
}

/**
 * The log signed a larger tree before. While it still serves that tree, the checkpoint is only old; a log that cannot
 * show it any more went back; and the smaller tree may be another one.
 */
async function reportSmaller(
  source: LogSource,
  larger: PublishedHead | State['head'],
  head: PublishedHead,
  report: (finding: Finding) => void,
): Promise<void> {
  const { outcome } = await compareHeads(source, head, larger);
  if (outcome === 'fork') {
    await reportFork(source, larger, head, report);
    return;
  }
  const exhibits = [noteExhibit(larger, 'earlier'), noteExhibit(head, 'later')];
  const code = outcome === 'consistent' ? 'checkpoint/stale' : 'checkpoint/rollback';
  report({ code, detail: `${head.size} after ${larger.size}`, exhibits });
}

function reportAge(
  { maxAge, now, findings }: VisitOptions,
  head: PublishedHead,
  minute: string | null,
): void {
  if (maxAge === null || minute === null) return;
  const age = now - secondsOf(minute);
  if (age <= maxAge) return;
  const exhibits = [noteExhibit(head, 'signed')];
  findings.add({ code: 'checkpoint/stale', detail: `newest entry of ${minute}`, exhibits });
}
