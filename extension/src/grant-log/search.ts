import { decodeBase64url, encodeBase64url } from '@zusage/protocol/bytes';
import { isZusageError } from '@zusage/protocol/errors';
import { leafHash, parseEntry, RightEdge, TILE_WIDTH, TlogError } from '@zusage/protocol/tlog';
import { LogError } from '../network/log-api.ts';
import type { Services } from '../sharing/services.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import {
  type FoundEntry,
  type LoggedRecord,
  type LogSearch,
  type LogSearched,
  type LogWatchRecord,
  provenSeqs,
} from '../vault/log-records.ts';
import { StreamSearch } from './stream.ts';
import { change, pinnedLog } from './watch.ts';

/** Bundles of 256 entries read at a time; between two steps everything is on the disk. */
const BUNDLES = 8;

/** How far a search has come; null when no checkpoint was verified yet, and so there is nothing to search. */
export type Progress = { readonly done: number; readonly of: number; readonly finished: boolean };

/**
 * One step of reading the whole log for entries under the person's own tags. All entries are read, as by everybody who
 * audits the log, so the service learns nothing from it; they count only when they lead to the signed root.
 * @param again from the beginning, up to the checkpoint that is known now
 * @throws LogError; ServiceError; VaultError
 */
export async function searchStep(
  services: Services,
  origin: string,
  again: boolean,
): Promise<Progress | null> {
  const { vault } = services;
  const watch = await vault.get('logWatch', origin);
  const search = again ? begun(watch) : (watch?.search ?? begun(watch));
  if (search === null) return null;
  const { target } = search;
  if (search.size >= target.size) {
    await finish(services, origin, search, false);
    return { done: target.size, of: target.size, finished: true };
  }
  const next = await advance(services, origin, search);
  if (next === 'damaged' || next.size >= target.size) {
    await finish(services, origin, next === 'damaged' ? search : next, next === 'damaged');
    return { done: target.size, of: target.size, finished: true };
  }
  await change(services, origin, (before) => ({ ...before, search: next }));
  return { done: next.size, of: target.size, finished: false };
}

function begun(watch: LogWatchRecord | undefined): LogSearch | null {
  if (watch?.head == null) return null;
  return { target: watch.head, size: 0, roots: [], found: [] };
}

async function advance(
  services: Services,
  origin: string,
  { target, size, roots, found }: LogSearch,
): Promise<LogSearch | 'damaged'> {
  const { entries } = await pinnedLog(services, origin);
  const first = Math.floor(size / TILE_WIDTH);
  const places = Array.from({ length: BUNDLES }, (_, i) => first + i)
    .filter((index) => index * TILE_WIDTH < target.size)
    .map((index) => ({ index, width: Math.min(TILE_WIDTH, target.size - index * TILE_WIDTH) }));
  try {
    const bundles = await Promise.all(places.map(entries));
    const edge = new RightEdge(size, roots.map(decodeBase64url));
    const streams = new StreamSearch(await rootsAt(services, origin), found);
    const own = [...found];
    for (const bytes of bundles.flat()) {
      const index = edge.size;
      edge.append(leafHash(bytes));
      const entry = parseEntry(bytes);
      if (entry.kind !== 'e') continue;
      const streamRoot = streams.find(entry);
      if (streamRoot === null) continue;
      const { minute, commitment, personTag: tag } = entry;
      own.push({ index, minute, commitment, tag, streamRoot });
    }
    return {
      target,
      size: edge.size,
      roots: edge.roots.map(encodeBase64url),
      found: own,
    };
  } catch (error) {
    // It signed them, so it has to have them; without network the step is made again.
    if (error instanceof TlogError || isZusageError(error)) return 'damaged';
    if (error instanceof LogError && error.code === 'log-refused') return 'damaged';
    throw error;
  }
}

async function finish(
  services: Services,
  origin: string,
  { target, size, roots, found }: LogSearch,
  broken: boolean,
): Promise<void> {
  const root = encodeBase64url(new RightEdge(size, roots.map(decodeBase64url)).root());
  const searched: LogSearched = {
    on: services.now(),
    size: target.size,
    found,
    damaged: broken || root !== target.root,
  };
  await change(services, origin, ({ search: _, ...before }) => ({ ...before, searched }));
  await askSoon(services, searched);
}

/** The grants that an unexplained entry may be of are read at the worker's next moments, one at a time as always. */
async function askSoon(services: Services, searched: LogSearched): Promise<void> {
  const { open } = await unexplainedIn(services, searched);
  const roots = new Set(open.map(({ streamRoot }) => streamRoot));
  for (const { jti, streamRoot } of await services.vault.all('logged')) {
    if (streamRoot === null || !roots.has(streamRoot)) continue;
    await services.vault.update('grant', jti, (grant) => ({
      ...(grant as StoredGrant),
      proofsDue: services.now(),
    }));
  }
}

async function rootsAt({ vault }: Services, origin: string): Promise<string[]> {
  const at = new Set(
    (await vault.all('grant')).flatMap(({ jti, vaultService }) =>
      vaultService === origin ? [jti] : [],
    ),
  );
  const logged = await vault.all('logged');
  const roots = logged.flatMap(({ jti, streamRoot }) =>
    at.has(jti) && streamRoot !== null ? [streamRoot] : [],
  );
  return [...new Set(roots)];
}

/** What a search found beyond the verified proofs. */
export type Unexplained = {
  /** Nothing in the vault accounts for them, and the vault service was asked since. */
  readonly unexpected: readonly FoundEntry[];
  /** The vault service has not been asked about them yet. */
  readonly open: readonly FoundEntry[];
};

/**
 * Entries under the person's tags that no verified proof accounts for. Some are on their way: what the person did or was
 * told of, and whose proof is awaited. The rest counts only when all grants of the pseudonym were read after the search.
 */
export async function unexplainedIn(
  { vault }: Services,
  { found, on }: Pick<LogSearched, 'found' | 'on'>,
): Promise<Unexplained> {
  const logged = await vault.all('logged');
  const known = new Set(logged.flatMap(({ entries }) => entries.map((entry) => entry.commitment)));
  const unknown = found.filter(({ commitment }) => !known.has(commitment));
  const unexpected: FoundEntry[] = [];
  const open: FoundEntry[] = [];
  for (const root of new Set(unknown.map(({ streamRoot }) => streamRoot))) {
    const own = unknown.filter(({ streamRoot }) => streamRoot === root);
    const grants = await grantsOf(vault, logged, root);
    if (grants.some(({ grant }) => (grant.readOn ?? 0) <= on)) {
      open.push(...own);
      continue;
    }
    const awaited = grants.reduce(
      (sum, { grant, awaited: told, ...logged }) =>
        sum + Math.max(told.length, grant.seq + 1 - provenSeqs(logged).size),
      0,
    );
    // What is awaited is the latest.
    unexpected.push(...own.slice(0, Math.max(0, own.length - awaited)));
  }
  return { unexpected, open };
}

async function grantsOf(vault: Services['vault'], all: readonly LoggedRecord[], root: string) {
  const logged = all.filter(({ streamRoot }) => streamRoot === root);
  const grants = await Promise.all(
    logged.map(async (one) => ({
      ...one,
      grant: (await vault.get('grant', one.jti)) as StoredGrant,
    })),
  );
  return grants.filter(({ grant }) => grant !== undefined);
}
