import { equalBytes } from '../tlog/hash.ts';
import { compareHeads, type Head, noteExhibit } from './compare-heads.ts';
import type { Finding } from './finding.ts';
import { exhibitOf } from './read-tiles.ts';
import type { LogSource } from './source.ts';
import type { Difference, Walked } from './walked.ts';

/**
 * Says what the differences of a walk mean. Entries and tiles were grown into a tree each; whichever leads to the
 * signed root is what the log signed, and the other was changed.
 * @param start the head from which the walk went on; null when it began with nothing
 */
export async function judge(
  source: LogSource,
  walked: Walked,
  signed: Head,
  start: Head | null,
  report: (finding: Finding) => void,
): Promise<void> {
  if (!walked.complete) return;
  const byEntries = equalBytes(walked.byEntries.root(), signed.root);
  const byTiles = equalBytes(walked.byTiles.root(), signed.root);
  if (!byEntries && !byTiles) {
    await judgeRoot(source, walked, signed, start, report);
    return;
  }
  if (walked.differences.length > 0) {
    report(
      isEntryWrong(walked, byEntries) ? wrongEntry(walked, signed) : wrongTile(walked, signed),
    );
  }
  for (const { level, path, served, ...mismatch } of walked.tiles) {
    if (byEntries ? mismatch.byEntries : mismatch.byTiles) continue;
    const exhibits = [noteExhibit(signed, 'signed'), exhibitOf(served)];
    report({ code: 'tile/changed', level, path, exhibits });
  }
  for (const { head, ...mismatch } of walked.heads) {
    if (!(byEntries ? mismatch.byEntries : mismatch.byTiles))
      await reportFork(source, head, signed, report);
  }
}

/** Both trees are right when only entries that were known before differ; then what is known decides. */
function isEntryWrong({ differences }: Walked, byEntries: boolean): boolean {
  const [{ known, ofEntry }] = differences as [Difference, ...Difference[]];
  return known === null ? !byEntries : !equalBytes(ofEntry, known);
}

function exhibitsOf({ bundle, tile }: Difference, signed: Head) {
  return [
    noteExhibit(signed, 'signed'),
    ...[bundle, tile].filter((served) => served !== null).map(exhibitOf),
  ];
}

function wrongEntry({ differences }: Walked, signed: Head): Finding {
  const [first] = differences as [Difference, ...Difference[]];
  const sorted = (hashes: readonly Uint8Array[]) =>
    hashes
      .map((hash) => Buffer.from(hash).toString('hex'))
      .sort()
      .join();
  const sameEntries =
    sorted(differences.map(({ ofEntry }) => ofEntry)) ===
    sorted(differences.map(({ ofTile }) => ofTile));
  return {
    code: sameEntries ? 'entries/reordered' : 'entries/changed',
    index: first.index,
    ...(first.bundle !== null && { path: first.bundle.path }),
    detail: `${differences.length}`,
    exhibits: exhibitsOf(first, signed),
  };
}

function wrongTile({ differences }: Walked, signed: Head): Finding {
  const [first] = differences as [Difference, ...Difference[]];
  return {
    code: 'tile/changed',
    level: 0,
    index: first.index,
    ...(first.tile !== null && { path: first.tile.path }),
    detail: `${differences.length}`,
    exhibits: exhibitsOf(first, signed),
  };
}

/** Neither tree has the signed root: another history, if the tiles prove it, otherwise a root of nothing. */
async function judgeRoot(
  source: LogSource,
  { heads, differences }: Walked,
  signed: Head,
  start: Head | null,
  report: (finding: Finding) => void,
): Promise<void> {
  const sameSize = heads.find(
    ({ head }) => head.size === signed.size && !equalBytes(head.root, signed.root),
  );
  if (sameSize !== undefined) {
    await reportFork(source, sameSize.head, signed, report);
    return;
  }
  if (start !== null && start.size > 0) {
    const { outcome } = await compareHeads(source, start, signed);
    if (outcome === 'fork') {
      await reportFork(source, start, signed, report);
      return;
    }
  }
  const [first] = differences;
  report({
    code: 'checkpoint/root',
    path: 'checkpoint',
    ...(first !== undefined && { index: first.index }),
    exhibits: first === undefined ? [noteExhibit(signed, 'signed')] : exhibitsOf(first, signed),
  });
}

/** Two signed heads that no one tree has. @param other the one kept, or published earlier */
export async function reportFork(
  source: LogSource,
  other: Head,
  signed: Head,
  report: (finding: Finding) => void,
): Promise<void> {
  const notes = [noteExhibit(other, 'earlier'), noteExhibit(signed, 'later')];
  if (other.size === signed.size) {
    report({ code: 'fork/same-size', exhibits: notes });
    return;
  }
  const [older, newer] = other.size < signed.size ? [other, signed] : [signed, other];
  const comparison = await compareHeads(source, older, newer);
  const proof = comparison.outcome === 'fork' ? [comparison.exhibit] : [];
  const code = older === other ? 'fork/larger' : 'fork/smaller';
  report({ code, exhibits: [...notes, ...proof] });
}
