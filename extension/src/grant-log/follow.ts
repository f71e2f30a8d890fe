import { isZusageError } from '@zusage/protocol/errors';
import {
  buildInclusion,
  leafHash,
  nodesFromTiles,
  openCheckpoint,
  parseEntry,
  parseVkey,
  secondsOf,
  TILE_WIDTH,
  TlogError,
  type VerifierKey,
  verifierKey,
  verifyInclusion,
} from '@zusage/protocol/tlog';
import { LogError, logAddress, logApi } from '../network/log-api.ts';
import { hasPinnedKey, readService, ServiceError } from '../network/vault-service.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import type {
  FollowingLog,
  FollowOutcome,
  KeptHead,
  LoggedRecord,
  LogWatchRecord,
} from '../vault/log-records.ts';
import type { ServiceRecord } from '../vault/records.ts';
import type { RecordWrite } from '../vault/sealed-store.ts';
import { compareHeads, keptHead } from './compare.ts';
import { compared, lookAtLog } from './watch.ts';

/** Logs between the pinned one and the present one that are looked through. */
const MOST_BETWEEN = 16;

/**
 * The regular look: whether the service goes on with another log, and if not, at the one it has.
 * @returns false when it gave no checkpoint
 * @throws ServiceError; VaultError; TlogError `vkey/*`
 */
export async function lookAtService(services: Services, origin: string): Promise<boolean> {
  if ((await lookForFollowing(services, origin)) === 'followed') return true;
  return lookAtLog(services, origin);
}

/**
 * Reads what the service says about itself. A log that follows the pinned one (SPEC §17.6) is checked as far as it can be
 * and noted, for the person to agree to; everything that the vault has of it is to be told again.
 * @returns `followed` while one is noted; `unknown` when the service does not say
 * @throws VaultError
 */
export async function lookForFollowing(
  services: Services,
  origin: string,
): Promise<'followed' | 'same' | 'unknown'> {
  const { vault, door, now, options } = services;
  const pinned = await vault.get('service', origin);
  if (pinned === undefined) return 'same';
  const watch = await vault.get('logWatch', origin);
  let read: ServiceRecord;
  try {
    read = await readService(door, origin, now(), options);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return watch?.follow === undefined ? 'unknown' : 'followed';
  }
  const isPinned = read.logVkey === pinned.logVkey;
  const follows = !isPinned && isLater(read, pinned) && (await hasPinnedKey(pinned, read));
  if (!follows) {
    // Nothing was believed of what is taken back.
    if (isPinned && watch?.follow !== undefined) await forget(services, origin);
    return !isPinned && watch?.follow !== undefined ? 'followed' : 'same';
  }
  const before = watch?.follow;
  const isNew = before?.service.logVkey !== read.logVkey;
  if (isNew || before.outcome === 'unread') {
    const found = await check(services, { pinned, read, known: watch?.head ?? null });
    await note(services, { origin, read, found, isNew });
  }
  return 'followed';
}

/** `<host>/log` and `<host>/log-<n>`: the second names a log that began later. */
function isLater(read: ServiceRecord, pinned: ServiceRecord): boolean {
  const [later, earlier] = [read, pinned].map(({ logVkey }) => placeOf(logVkey));
  return later?.host === earlier?.host && (later?.number ?? 0) > (earlier?.number ?? 1);
}

/** @param name a log's origin, or its vkey */
function placeOf(name: string): { host: string; number: number } | undefined {
  const [, host, number = '1'] = /^([^/+]+)[/]log(?:-([1-9][0-9]{0,8}))?(?:[+]|$)/.exec(name) ?? [];
  return host === undefined ? undefined : { host, number: Number(number) };
}

type Checked = Pick<FollowingLog, 'outcome' | 'lost' | 'since' | 'head'> & {
  /** What the watch of the log before becomes, where the two contradict each other. */
  readonly fork?: (watch: LogWatchRecord) => LogWatchRecord;
};

type Checking = {
  readonly pinned: ServiceRecord;
  readonly read: ServiceRecord;
  readonly known: KeptHead | null;
};

/** What can be known about a log that follows, before anybody believes it. */
async function check(services: Services, { pinned, read, known }: Checking): Promise<Checked> {
  const { origin } = read;
  const found = { lost: 0, since: 0, head: null as KeptHead | null };
  const as = (outcome: FollowOutcome, more: Partial<Checked> = {}) => ({
    ...found,
    outcome,
    ...more,
  });
  try {
    const old = parseVkey(pinned.logVkey);
    let key = parseVkey(read.logVkey);
    let first = await beginningOf(services, origin, key);
    Object.assign(found, { since: first.since, head: first.head });
    for (let i = 0; first.origin !== old.name && i < MOST_BETWEEN; i++) {
      const next = placeOf(first.origin);
      if (next?.host !== placeOf(old.name)?.host || first.checkpoint === null) break;
      // A log that came and went unseen: the same key has another name there, or it is not believed.
      key = verifierKey(first.origin, key.type, key.publicKey);
      await openCheckpoint(first.checkpoint, { log: key });
      first = await beginningOf(services, origin, key);
    }
    if (first.origin !== old.name) return as('unnamed');
    if (first.checkpoint === null) {
      return known === null ? as('same') : as('uncheckable', { lost: known.size });
    }
    const named = keptHead(await openCheckpoint(first.checkpoint, { log: old }), services.now());
    if (known === null) return as('same');
    const { tile } = logApi(services.door, logAddress(origin, old.name));
    const comparison = await compareHeads(known, named, tile);
    const lost = Math.max(0, known.size - named.size);
    switch (comparison.outcome) {
      case 'consistent':
        return as('same', { lost });
      case 'fork': {
        const seen = { kept: known, head: named, comparison };
        return as('fork', { lost, fork: (watch) => compared(watch, seen, services.now()) });
      }
      case 'unreachable':
        return as('unread');
      default:
        return as('uncheckable', { lost });
    }
  } catch (error) {
    if (error instanceof LogError) {
      // Its beginning was read, so what is missing is a log in between.
      const isGone = error.code === 'log-refused' && found.head !== null;
      return as(isGone ? 'uncheckable' : 'unread');
    }
    if (error instanceof TlogError || isZusageError(error)) return as('unnamed');
    throw error;
  }
}

/** The verified first entry of a log that follows another one. @throws LogError; TlogError; FormatError */
async function beginningOf({ door, now }: Services, service: string, log: VerifierKey) {
  const { checkpoint, tile, entries } = logApi(door, logAddress(service, log.name));
  const open = await openCheckpoint(await checkpoint(), { log });
  const { size, root } = open;
  // Begun, and nothing is in it yet.
  if (size === 0) throw new LogError('log-unreachable');
  const [bytes = new Uint8Array()] = await entries({ index: 0, width: Math.min(size, TILE_WIDTH) });
  const place = { index: 0, size, root };
  verifyInclusion(leafHash(bytes), place, await buildInclusion(place, nodesFromTiles(size, tile)));
  const entry = parseEntry(bytes);
  if (entry.kind !== 'k' || entry.type !== 'log-follows') throw new TlogError('entry/format');
  const { origin, checkpoint: last } = entry.body;
  if (typeof origin !== 'string' || (last !== null && typeof last !== 'string')) {
    throw new TlogError('entry/format');
  }
  const since = secondsOf(entry.minute);
  return { origin, checkpoint: last, since, head: keptHead(open, now()) };
}

async function note(
  { vault, now }: Services,
  {
    origin,
    read,
    found: { fork, ...found },
    isNew,
  }: { origin: string; read: ServiceRecord; found: Checked; isNew: boolean },
): Promise<void> {
  const grants = isNew ? await grantsAt(vault, origin) : [];
  await vault.putAll([
    {
      kind: 'logWatch',
      key: origin,
      change: (current) => {
        const before = current ?? { origin, head: null, waiting: [] };
        return { ...(fork?.(before) ?? before), follow: { ...found, service: read, on: now() } };
      },
    },
    // Before anything is known of what was lost: withdrawals are told again at once.
    ...grants.map(
      ({ jti }): RecordWrite => ({
        kind: 'grant',
        key: jti,
        change: (grant) => grant && { ...grant, retell: now() },
      }),
    ),
  ]);
}

/** Those that a service may still allow something by. */
async function grantsAt(vault: Services['vault'], origin: string): Promise<StoredGrant[]> {
  const grants = (await vault.all('grant')) as StoredGrant[];
  return grants.filter(({ vaultService }) => vaultService === origin);
}

async function forget({ vault }: Services, origin: string): Promise<void> {
  await vault.update('logWatch', origin, (current) => {
    const { follow, ...before } = current as LogWatchRecord;
    return before;
  });
}

/** May the person agree to it? Not to one that does not say what it follows. */
export function isOffered({ outcome, head }: FollowingLog): boolean {
  return head !== null && outcome !== 'unnamed' && outcome !== 'unread';
}

/**
 * The person agrees: the key is pinned, what was known of the log before becomes history, and everything is expected in
 * the new one from its beginning on. All at once or nothing.
 * @throws CommandFailure `unknown`: it is not the one that was checked; VaultError
 */
export async function goOnWith(services: Services, origin: string, vkey: string): Promise<void> {
  const { vault, now } = services;
  const pinned = await vault.get('service', origin);
  const follow = (await vault.get('logWatch', origin))?.follow;
  const isIt = (one: FollowingLog | undefined) =>
    one !== undefined && one.service.logVkey === vkey && isOffered(one);
  if (pinned === undefined || follow === undefined || !isIt(follow)) {
    throw new CommandFailure('unknown');
  }
  const log = parseVkey(pinned.logVkey).name;
  const grants = await grantsAt(vault, origin);
  await vault.putAll([
    {
      kind: 'logWatch',
      key: origin,
      change: (current) => {
        if (current === undefined || !isIt(current.follow)) throw new CommandFailure('unknown');
        return begunAnew(current, follow, { vkey: pinned.logVkey, until: now() });
      },
    },
    { kind: 'service', key: origin, value: { ...follow.service, pinnedAt: now() } },
    ...grants.flatMap(({ jti }): RecordWrite[] => [
      { kind: 'logged', key: jti, change: (logged) => logged && expectedAnew(logged, log) },
      { kind: 'grant', key: jti, change: (grant) => grant && countedAnew(grant as StoredGrant) },
    ]),
  ]);
}

function begunAnew(
  { origin, follow: _, search, earlier = [], ...known }: LogWatchRecord,
  { head, since, on }: FollowingLog,
  end: { vkey: string; until: number },
): LogWatchRecord {
  return {
    origin,
    head,
    since,
    waiting: [],
    seenOn: on,
    earlier: [...earlier, { ...known, ...end }],
  };
}

function expectedAnew(
  { entries, streamRoot, answeredOn, earlier = [], ...kept }: LoggedRecord,
  log: string,
): LoggedRecord {
  const history = [...earlier, { log, streamRoot, entries }];
  return { ...kept, streamRoot: null, entries: [], awaited: [], earlier: history };
}

/** The service may give numbers of uses again that it has lost: they are read from the first on, and counted by time. */
function countedAnew({ cursor, ...grant }: StoredGrant): StoredGrant {
  return { ...grant, countedUntil: Math.max(grant.countedUntil ?? 0, grant.readOn ?? 0) };
}
