import { equalBytes } from '../tlog/hash.ts';
import { compareHeads, noteExhibit } from './compare-heads.ts';
import type { Finding } from './finding.ts';
import { type PublishedHead, PublishedHeads } from './heads.ts';
import type { History } from './history.ts';
import { reportFork } from './judge.ts';
import type { LogSource } from './source.ts';
import type { Trusted } from './trust.ts';

/**
 * The proofs' checkpoints must be of the tree the log shows today.
 * @returns its notes that narrow the intervals
 */
export async function compareWithLog(
  source: LogSource,
  head: PublishedHead,
  trust: Trusted,
  {
    heads,
    history,
    report,
  }: { heads: readonly PublishedHead[]; history: History; report: (finding: Finding) => void },
): Promise<PublishedHead[]> {
  const published = await PublishedHeads.of(source, trust, []);
  const near = await published.around(
    history.events.map(({ entry }) => entry.index),
    report,
  );
  for (const other of [...heads, ...near]) {
    if (other.size === head.size && !equalBytes(other.root, head.root)) {
      await reportFork(source, other, head, report);
      continue;
    }
    const [older, newer] = other.size <= head.size ? [other, head] : [head, other];
    const { outcome } = await compareHeads(source, older, newer);
    if (outcome === 'consistent') continue;
    if (outcome === 'fork') {
      await reportFork(source, other, head, report);
      continue;
    }
    const code = newer === other ? 'checkpoint/rollback' : 'proof/consistency';
    const exhibits = [noteExhibit(other, 'earlier'), noteExhibit(head, 'later')];
    report({ code, path: other.path, detail: outcome, exhibits });
  }
  return [...near, head];
}
