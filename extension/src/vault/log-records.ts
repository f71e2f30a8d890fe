import type { ServiceRecord } from './records.ts';

/** What the vault keeps of a vault service's grant log. Every text that was signed is kept as it came. */

/** Key: the grant's `jti`. What the grant log has shown of it; the proofs themselves are `proof` records. */
export interface LoggedRecord {
  readonly jti: string;
  /** Root of the stream of this pseudonym, base64url; null until a read told it. */
  readonly streamRoot: string | null;
  /** When the service answered last about proofs, by the person's clock; absent before. */
  readonly answeredOn?: number;
  /** Thumbprint of the request's key, as the entries state it; a grant has one. */
  readonly brandKeyId?: string;
  /** By number; each was verified when it came. */
  readonly entries: readonly LoggedEntry[];
  /** What is not in the log yet, by number. */
  readonly awaited: readonly AwaitedEntry[];
  /** Whatever log they were found in. */
  readonly problems: readonly LogProblem[];
  /** Of the logs before this one (SPEC §17.6), the oldest first; they were verified then, and there. */
  readonly earlier?: readonly EarlierEntries[];
}

export interface EarlierEntries {
  /** The log's origin. */
  readonly log: string;
  readonly streamRoot: string | null;
  readonly entries: readonly LoggedEntry[];
}

/** A verified entry of the log. */
export interface LoggedEntry {
  readonly seq: number;
  readonly event: string;
  readonly index: number;
  /** base64url. */
  readonly commitment: string;
  readonly tag: string;
  /** As the entry states it, `2026-11-22T05:00Z`. */
  readonly minute: string;
  /** NumericDate, by the person's clock. */
  readonly verifiedOn: number;
}

/** Something that happened to the grant, and whose proof has not come. */
export interface AwaitedEntry {
  readonly seq: number;
  /** When it happened, or was first heard of. */
  readonly since: number;
}

/**
 * - `proof` – the proof does not hold: signature, inclusion, commitment
 * - `fields` – it holds, and says something else than the vault knows
 * - `act` – it names an act of the person that the person never signed
 * - `receipt` – the service's receipt promised another place
 * - `stream` – not under the person's tag, or the stream is another one
 * - `changed` – the service tells another entry than it did before
 * - `gap` – a number of the stream is nobody's
 */
export type LogProblemCode = 'proof' | 'fields' | 'act' | 'receipt' | 'stream' | 'changed' | 'gap';

export interface LogProblem {
  readonly code: LogProblemCode;
  /** Number of the entry in the grant; null when it is about the stream. */
  readonly seq: number | null;
  readonly since: number;
  /** Closed code of what did not hold. */
  readonly detail?: string;
}

/** Key: `proofKey`. A C2SP tlog-proof as it came, its opening in it. */
export interface ProofRecord {
  readonly jti: string;
  readonly seq: number;
  readonly proof: string;
}

/** Key: origin of the vault service. What its present log has shown, to everybody and to each pseudonym alike. */
export interface LogWatchRecord {
  readonly origin: string;
  /** The largest checkpoint that is consistent with all before it. */
  readonly head: KeptHead | null;
  /** Signed checkpoints not compared yet. */
  readonly waiting: readonly KeptHead[];
  /** When the log was asked last, and answered. */
  readonly seenOn?: number;
  readonly trouble?: LogTrouble;
  /** Two signed checkpoints that cannot both be true. Only ever added. */
  readonly fork?: ForkEvidence;
  readonly search?: LogSearch;
  /** The last search of the whole log that came to an end. */
  readonly searched?: LogSearched;
  /** When it began, by its first entry; absent for the first log of a service. */
  readonly since?: number;
  /** Another log that the service goes on with. Nothing in it counts before the person agrees. */
  readonly follow?: FollowingLog;
  /** Logs that this one followed, the oldest first, as they were known when the person went on. */
  readonly earlier?: readonly EarlierLog[];
}

/**
 * - `same` – its first entry names a checkpoint of the log before, and that one fits to all that was seen
 * - `uncheckable` – it names one, and the log before no longer has what it takes to compare it
 * - `fork` – it names one that contradicts what was seen
 * - `unnamed` – it does not name one that the pinned key signed
 * - `unread` – it could not be read yet
 */
export type FollowOutcome = 'same' | 'uncheckable' | 'fork' | 'unnamed' | 'unread';

export interface FollowingLog {
  /** As the service describes itself now; pinned when the person agrees. */
  readonly service: ServiceRecord;
  readonly on: number;
  readonly outcome: FollowOutcome;
  /** Entries that were seen in the log before and are beyond the checkpoint that is named. */
  readonly lost: number;
  /** The minute of its first entry, NumericDate. */
  readonly since: number;
  /** Its first checkpoint that was verified; null when none was. */
  readonly head: KeptHead | null;
}

export interface EarlierLog
  extends Pick<
    LogWatchRecord,
    'head' | 'waiting' | 'seenOn' | 'trouble' | 'fork' | 'searched' | 'since'
  > {
  readonly vkey: string;
  /** When the person went on with the next one. */
  readonly until: number;
}

export interface KeptHead {
  readonly size: number;
  /** base64url, 32 bytes. */
  readonly root: string;
  /** The signed note, as it was served. */
  readonly note: string;
  readonly on: number;
}

/**
 * - `signature` – a checkpoint that the pinned key did not sign
 * - `rollback` – the log shows less than it has signed before, and no longer has the rest
 * - `damaged` – its hashes do not lead to what it signed
 */
export interface LogTrouble {
  readonly code: 'signature' | 'rollback' | 'damaged';
  readonly since: number;
}

export interface ForkEvidence {
  readonly earlier: string;
  readonly later: string;
  /** Where the sizes differ: an RFC 6962 consistency proof that leads to one of them and away from the other. */
  readonly proof: ConsistencyExhibit | null;
  readonly on: number;
}

export interface ConsistencyExhibit {
  readonly older_size: number;
  readonly newer_size: number;
  /** base64 */
  readonly root_in_newer_tree: string;
  readonly proof: readonly string[];
}

/** How far a search of the whole log has come. */
export interface LogSearch {
  readonly target: KeptHead;
  readonly size: number;
  /** Roots of the perfect subtrees so far, base64url. */
  readonly roots: readonly string[];
  readonly found: readonly FoundEntry[];
}

/** An entry under a tag of the person's. */
export interface FoundEntry {
  readonly index: number;
  readonly minute: string;
  readonly commitment: string;
  readonly tag: string;
  readonly streamRoot: string;
}

export interface LogSearched {
  readonly on: number;
  readonly size: number;
  /** Entries under the person's tags. */
  readonly found: readonly FoundEntry[];
  /** The entries that were served are not those of the signed tree. */
  readonly damaged: boolean;
}

/** @param log its origin; proofs of several logs stand beside each other */
export function proofKey(jti: string, seq: number, log: string): string {
  const [, number] = /[/]log-([0-9]+)$/.exec(log) ?? [];
  return number === undefined ? `${jti} ${seq}` : `${jti} ${seq} ${number}`;
}

/** Numbers of a grant that were verified in one log or another. */
export function provenSeqs({
  entries,
  earlier = [],
}: Pick<LoggedRecord, 'entries' | 'earlier'>): Set<number> {
  return new Set([...earlier.flatMap((log) => log.entries), ...entries].map(({ seq }) => seq));
}
