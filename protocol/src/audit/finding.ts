/** What a log can do wrong. A closed union: scripts read these codes from `--json`. */
export const FINDINGS = {
  'checkpoint/format': 'The checkpoint is no signed note of three lines.',
  'checkpoint/origin': 'The checkpoint names another log.',
  'checkpoint/unsigned': 'No signature of the checkpoint is by the log’s key.',
  'checkpoint/signature': 'The log’s signature under the checkpoint does not hold.',
  'checkpoint/cosignature': 'A witness’s cosignature under the checkpoint does not hold.',
  'checkpoint/quorum': 'Fewer witnesses cosigned the checkpoint than were demanded.',
  'checkpoint/root': 'The signed root is not the root of the entries that are served.',
  'checkpoint/stale': 'The log shows an old checkpoint.',
  'checkpoint/rollback': 'The log signed a larger tree before and no longer serves it.',
  'fork/same-size': 'The log signed two different trees of the same size.',
  'fork/larger': 'The log signed a larger tree that does not contain the earlier one.',
  'fork/smaller': 'The log signed a smaller tree that the earlier one does not contain.',
  'note/missing': 'The checkpoint is not kept among the published notes.',
  'note/format': 'A published note is no checkpoint of the size it is filed under.',
  'entries/missing': 'A full bundle of entries is missing.',
  'entries/truncated': 'A bundle of entries ends too early.',
  'entries/trailing': 'A bundle of entries holds more than its entries.',
  'entries/changed': 'An entry is not the one the log signed.',
  'entries/reordered': 'Entries are not in the order the log signed.',
  'tile/missing': 'A full tile is missing.',
  'tile/length': 'A tile has the wrong length.',
  'tile/changed': 'A tile is not the one the log signed.',
  'partial/missing': 'A partial tile or bundle of a published size is missing.',
  'partial/changed': 'A partial tile or bundle is not the beginning of what the log signed.',
  'entry/format': 'An entry is none of the three kinds, so nobody can open it.',
  'entry/time': 'An entry’s minute is before that of the entry in front of it.',
  'stream/gap': 'A number of the stream is missing.',
  'stream/unopened': 'An entry carries the stream’s tag and nobody can open it.',
  'opening/not-in-log': 'An opening’s entry is not in the log at its place.',
  'opening/invalid': 'An opening does not hold.',
  'proof/inclusion': 'The log’s own tiles do not prove an entry’s place.',
  'proof/consistency': 'The log’s own tiles do not prove that one tree contains another.',
  'proof/invalid': 'A proof does not hold.',
  'act/invalid': 'An event is not backed by an act of the person it names.',
  'grant/invalid': 'The grant is none, or its signature does not hold.',
  'request/invalid': 'The request is none, or not the one the grant answers.',
  'request/wider': 'The grant goes beyond what was asked for.',
  'receipt/invalid': 'A receipt of the service does not hold.',
  'receipt/contradiction': 'A receipt names another place in the log than the proof.',
  'status/invalid': 'The status list does not hold.',
  'history/contradiction': 'Two proofs say different things about the same event.',
} as const;

export type FindingCode = keyof typeof FINDINGS;

/** Bytes worth keeping: a file name and what was served. */
export type Exhibit = { readonly name: string; readonly bytes: Uint8Array };

export type Finding = {
  readonly code: FindingCode;
  /** Where: a path below the log’s prefix, or a file. */
  readonly path?: string;
  /** Of the first entry it is about. */
  readonly index?: number;
  /** Of the tile it is about. */
  readonly level?: number;
  /** A code of the formats behind it, or a number of further places. */
  readonly detail?: string;
  /** Signed notes and files that show it to others. */
  readonly exhibits?: readonly Exhibit[];
};

/** How many findings are listed; one is enough to distrust a log. */
const MAX_FINDINGS = 50;

export class Findings {
  readonly list: Finding[] = [];
  /** All, also those beyond the list. */
  count = 0;

  add(finding: Finding): void {
    this.count++;
    if (this.list.length < MAX_FINDINGS) this.list.push(finding);
  }
  has(code: FindingCode): boolean {
    return this.list.some((finding) => finding.code === code);
  }
}

/** The log could not be read, or what was asked cannot be decided from what there is. Exit code 3. */
export class Undecided extends Error {
  override readonly name = 'Undecided';
}

/** The command line or a file of the user's is wrong. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
