/**
 * How a record of a backup and the one that is there become one. Whatever was signed or proved is kept, a withdrawal
 * counts wherever it was made, and of what the person entered nothing is overwritten unasked.
 */
import type { LoggedRecord, LogWatchRecord } from '../vault/log-records.ts';
import type {
  AttributeRecord,
  GrantRecord,
  Kind,
  Kinds,
  SettingsRecord,
  VaultEntry,
} from '../vault/records.ts';

type Merge<K extends Kind> = (mine: Kinds[K], theirs: Kinds[K]) => Kinds[K];

const MERGES: { readonly [K in Kind]?: Merge<K> } = {
  grant: mergeGrants,
  logged: mergeLogged,
  logWatch: mergeWatches,
  answered: (mine, theirs) => (theirs.exp > mine.exp ? theirs : mine),
};

/** The one record; what is there stays as it is where there is nothing to unite. */
export function merged({ kind, value }: VaultEntry, mine: unknown): Kinds[Kind] {
  if (mine === undefined) return value;
  const merge = MERGES[kind] as Merge<Kind> | undefined;
  return merge === undefined ? (mine as Kinds[Kind]) : merge(mine as never, value as never);
}

/** Do both hold the same value? When it was entered or confirmed does not matter. */
export function sameValue(one: AttributeRecord, other: AttributeRecord): boolean {
  return JSON.stringify(one.value) === JSON.stringify(other.value);
}

/** The later state by the service's own number; receipts of both; a withdrawal that nobody was told of stays to be told. */
function mergeGrants(mine: GrantRecord, theirs: GrantRecord): GrantRecord {
  const [later, earlier] = theirs.seq > mine.seq ? [theirs, mine] : [mine, theirs];
  const receipts = [...new Set([...earlier.receipts, ...later.receipts])];
  const isPending = later['withdrawalPending'] === true || earlier['withdrawalPending'] === true;
  if (!isPending || later.state === 'ended') return { ...later, receipts };
  return { ...later, receipts, withdrawalPending: true };
}

function mergeLogged(mine: LoggedRecord, theirs: LoggedRecord): LoggedRecord {
  // Of two logs; the proofs of both are kept, and what only the backup's said is asked again.
  if (mine.earlier?.length !== theirs.earlier?.length) {
    const problems = united(mine.problems, theirs.problems, ({ code, seq }) => `${code} ${seq}`);
    return { ...mine, problems };
  }
  const entries = united(mine.entries, theirs.entries, ({ seq }) => seq);
  const known = new Set(entries.map(({ seq }) => seq));
  const awaited = united(mine.awaited, theirs.awaited, ({ seq }) => seq);
  return {
    ...theirs,
    ...mine,
    streamRoot: mine.streamRoot ?? theirs.streamRoot,
    entries: entries.sort((a, b) => a.seq - b.seq),
    awaited: awaited.filter(({ seq }) => !known.has(seq)).sort((a, b) => a.seq - b.seq),
    problems: united(mine.problems, theirs.problems, ({ code, seq }) => `${code} ${seq}`),
  };
}

/** A checkpoint of the backup is compared with what was seen here, like any other; evidence is only ever added. */
function mergeWatches(mine: LogWatchRecord, theirs: LogWatchRecord): LogWatchRecord {
  const isOther = mine.earlier?.length !== theirs.earlier?.length;
  if (isOther) return mine;
  const fork = mine.fork ?? theirs.fork;
  const heads = [theirs.head, ...theirs.waiting].flatMap((head) => head ?? []);
  const known = (size: number, root: string) =>
    [mine.head, ...mine.waiting].some((head) => head?.size === size && head.root === root);
  const waiting = [...mine.waiting, ...heads.filter(({ size, root }) => !known(size, root))];
  return { ...mine, waiting: waiting.sort((a, b) => a.size - b.size), ...(fork && { fork }) };
}

function united<T>(mine: readonly T[], theirs: readonly T[], nameOf: (one: T) => unknown): T[] {
  const names = new Set(mine.map(nameOf));
  return [...mine, ...theirs.filter((one) => !names.has(nameOf(one)))];
}

/**
 * The settings of a backup that a new vault begins with. Not among them: its address, which the person states; the stop
 * root and what was printed of it, which a restored vault has anew; and what is this browser's.
 */
export function settingsToRestore(entries: readonly VaultEntry[]): Partial<SettingsRecord> {
  const kept = settingsOf(entries);
  if (kept === undefined) return {};
  const { vaultService, stopRoot, nextStopIndex, kit, passkeys, backup, ...rest } = kept;
  return rest;
}

export function settingsOf(entries: readonly VaultEntry[]): SettingsRecord | undefined {
  return entries.find((entry) => entry.kind === 'settings')?.value as SettingsRecord | undefined;
}
