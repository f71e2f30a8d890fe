import { isZusageError } from '@zusage/protocol/errors';
import { openCheckpoint, parseVkey, TlogError, type Trust } from '@zusage/protocol/tlog';
import { LogError, logAddress, logApi } from '../network/log-api.ts';
import { pinnedService } from '../sharing/pinned-service.ts';
import type { Services } from '../sharing/services.ts';
import type { ForkEvidence, KeptHead, LogTrouble, LogWatchRecord } from '../vault/log-records.ts';
import { type Comparison, compareHeads, keptHead } from './compare.ts';

/** Checkpoints kept until they can be compared; each answer brings one. */
const MOST_WAITING = 8;

/** The log whose key is pinned, to be read. @throws ServiceError; VaultError; TlogError `vkey/*` */
export async function pinnedLog(services: Services, origin: string) {
  const trust = await logTrust(services, origin);
  return { trust, ...logApi(services.door, logAddress(origin, trust.log.name)) };
}

/** The log's key as it was pinned at set-up. @throws ServiceError; VaultError; TlogError `vkey/*` */
export async function logTrust(services: Services, origin: string): Promise<Trust> {
  return { log: parseVkey((await pinnedService(services, origin)).logVkey) };
}

/**
 * Asks the log for its checkpoint and compares it with what was seen before. What could not be compared waits.
 * @returns false when the log gave no checkpoint
 * @throws ServiceError; VaultError; TlogError `vkey/*`
 */
export async function lookAtLog(services: Services, origin: string): Promise<boolean> {
  const { trust, checkpoint } = await pinnedLog(services, origin);
  let note: string;
  try {
    note = await checkpoint();
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    return false;
  }
  const head = await headOf(note, trust, services.now());
  if (head === null) {
    const now = services.now();
    await change(services, origin, (watch) => ({
      ...troubled(watch, 'signature', now),
      seenOn: now,
    }));
    return true;
  }
  await change(services, origin, (watch) => withoutTrouble(watch, 'signature'));
  await seeHeads(services, origin, [head]);
  return true;
}

/** @returns null for one that the pinned key did not sign */
export async function headOf(note: string, trust: Trust, on: number): Promise<KeptHead | null> {
  try {
    return keptHead(await openCheckpoint(note, trust), on);
  } catch (error) {
    if (error instanceof TlogError || isZusageError(error)) return null;
    throw error;
  }
}

/**
 * Remembers signed checkpoints, then compares each that waits with the largest that is known to be good.
 * @param heads whose signatures were verified
 * @throws ServiceError; VaultError; TlogError `vkey/*`
 */
export async function seeHeads(
  services: Services,
  origin: string,
  heads: readonly KeptHead[],
): Promise<void> {
  // On the disk before anything is asked: a worker killed meanwhile compares them the next time.
  let watch = await change(services, origin, (before) => ({
    ...before,
    seenOn: services.now(),
    waiting: waitingWith(before, heads),
  }));
  const { tile } = await pinnedLog(services, origin);
  for (const head of watch.waiting) {
    const { head: kept } = watch;
    const comparison: Comparison =
      kept === null ? { outcome: 'consistent' } : await compareHeads(kept, head, tile);
    if (comparison.outcome === 'unreachable') return;
    watch = await change(services, origin, (before) =>
      compared(before, { kept, head, comparison }, services.now()),
    );
  }
}

function waitingWith({ head, waiting }: LogWatchRecord, seen: readonly KeptHead[]): KeptHead[] {
  const all = [...waiting];
  for (const one of seen) {
    const isKnown = [head, ...all].some((other) => other && sameTree(one, other));
    if (!isKnown) all.push(one);
  }
  // One of the log before is compared with nothing of this one.
  const own = head === null ? all : all.filter((one) => logOf(one) === logOf(head));
  // The smallest sizes first: each that fits lets the next be compared with it.
  return own.sort((a, b) => a.size - b.size).slice(-MOST_WAITING);
}

/** Origin of the log that a checkpoint is of. */
export function logOf({ note }: Pick<KeptHead, 'note'>): string {
  return note.slice(0, note.indexOf('\n'));
}

function sameTree(one: KeptHead, other: KeptHead): boolean {
  return one.size === other.size && one.root === other.root;
}

type Compared = {
  readonly kept: KeptHead | null;
  readonly head: KeptHead;
  readonly comparison: Comparison;
};

/** What is known after one comparison. */
export function compared(
  before: LogWatchRecord,
  { kept, head, comparison }: Compared,
  now: number,
): LogWatchRecord {
  // Another comparison was faster: this one is made again the next time.
  if (before.head !== kept && !(before.head && kept && sameTree(before.head, kept))) return before;
  const waiting = before.waiting.filter((other) => !sameTree(other, head));
  switch (comparison.outcome) {
    case 'consistent': {
      const grows = kept === null || head.size > kept.size;
      const after = { ...before, waiting, head: grows ? head : kept };
      if (waiting.length > 0) return after;
      return withoutTrouble(withoutTrouble(after, 'damaged'), 'rollback');
    }
    case 'fork': {
      if (kept === null) return before;
      const [earlier, later] = kept.on <= head.on ? [kept, head] : [head, kept];
      const fork: ForkEvidence = {
        earlier: earlier.note,
        later: later.note,
        proof: comparison.proof,
        on: now,
      };
      // The first evidence is enough for ever.
      return { ...before, waiting, fork: before.fork ?? fork };
    }
    case 'damaged':
      return troubled(before, 'damaged', now);
    case 'missing':
      // A checkpoint smaller than the known one may come from a copy that lags behind; then the larger one's tiles come later.
      return troubled(before, kept !== null && head.size < kept.size ? 'rollback' : 'damaged', now);
    case 'unreachable':
      return before;
  }
}

function troubled(before: LogWatchRecord, code: LogTrouble['code'], now: number): LogWatchRecord {
  const { trouble } = before;
  return trouble?.code === code ? before : { ...before, trouble: { code, since: now } };
}

function withoutTrouble(watch: LogWatchRecord, code: LogTrouble['code']): LogWatchRecord {
  if (watch.trouble?.code !== code) return watch;
  const { trouble: _, ...good } = watch;
  return good;
}

/** Changes what is kept about a log with no other write in between. */
export async function change(
  { vault }: Services,
  origin: string,
  next: (before: LogWatchRecord) => LogWatchRecord,
): Promise<LogWatchRecord> {
  return vault.update('logWatch', origin, (current) =>
    next(current ?? { origin, head: null, waiting: [] }),
  );
}
