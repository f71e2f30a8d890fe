import { importSigningKey, randomUuidUrn } from '@zusage/protocol/crypto';
import { isZusageError } from '@zusage/protocol/errors';
import type { PrivateJwk } from '@zusage/protocol/jwk';
import { type ReadAnswer, signRead } from '@zusage/protocol/read';
import { Hash } from '@zusage/protocol/shape';
import { openingOfProof, parseEntry, parseTlogProof, TlogError } from '@zusage/protocol/tlog';
import { type GrantProofs, vaultApi } from '../network/vault-api.ts';
import { ServiceError } from '../network/vault-service.ts';
import type { Services } from '../sharing/services.ts';
import { effectiveState, type StoredGrant } from '../sharing/stored-grant.ts';
import {
  type AwaitedEntry,
  type LoggedEntry,
  type LoggedRecord,
  type LogProblem,
  proofKey,
} from '../vault/log-records.ts';
import { lookForFollowing } from './follow.ts';
import { gapsIn } from './stream.ts';
import { ownGrant, ProofProblem, verifyProof } from './verify-proof.ts';
import { headOf, logTrust, seeHeads } from './watch.ts';

/** Beyond the 256 entries of a grant and what the service adds; a number that a service makes up goes no further. */
const MOST_ENTRIES = 300;

/** What a read told that proofs are held against. */
export type Told = Pick<ReadAnswer, 'state' | 'events' | 'seq' | 'stream_root'>;

/**
 * Fetches the proofs of what happened to one grant and has none yet, verifies each, and keeps it. Belongs to the read of
 * this grant: the service is asked about one pseudonym at a time (SPEC §8.3). What cannot be had stays awaited.
 * Nothing is asked and nothing is missing while the service goes on with another log and the person has not agreed.
 * @throws VaultError
 */
export async function readProofs(
  services: Services,
  grant: StoredGrant,
  told: Told,
): Promise<LoggedRecord> {
  const following = await followingOf(services, grant, told);
  if (following === 'followed') return awaitNothing(services, grant);
  const isUnknown = following === 'unknown';
  const since = (await services.vault.get('logWatch', grant.vaultService))?.since;
  const heard = isUnknown ? { ...told, stream_root: null } : told;
  const before = await expectEntries(services, grant, { told: heard, since });
  // What was done between two logs is awaited by nobody, and yet it is in the second: that one is asked once in any case.
  const isFirst = before.earlier !== undefined && before.answeredOn === undefined;
  if (isUnknown || (before.awaited.length === 0 && !isFirst)) return before;
  try {
    const trust = await logTrust(services, grant.vaultService);
    const answer = await ask(services, grant);
    if (!answer.ok && answer.status === null) return before;
    const proofs = answer.ok ? answer.value.proofs : [];
    const isOfPinned = ({ proof }: { proof: string }) => proof.includes(`\n\n${trust.log.name}\n`);
    if (!proofs.every(isOfPinned)) {
      const now = await lookForFollowing(services, grant.vaultService);
      if (now !== 'same') return now === 'followed' ? awaitNothing(services, grant) : before;
    }
    const taken = await take(services, { grant, told, before, trust, since }, proofs);
    // Kept on the disk one by one before they count.
    for (const { seq, proof } of taken.texts) {
      const key = proofKey(grant.jti, seq, trust.log.name);
      await services.vault.put('proof', key, { jti: grant.jti, seq, proof });
    }
    await seeHeads(services, grant.vaultService, taken.heads);
    const after = await keep(services, grant.jti, (current) =>
      // The person went on with another log meanwhile.
      current.earlier?.length === before.earlier?.length
        ? withTaken({ ...current, answeredOn: services.now() }, taken)
        : current,
    );
    return await lookForGaps(services, after);
  } catch (error) {
    if (error instanceof ServiceError || error instanceof TlogError || isZusageError(error)) {
      return before;
    }
    throw error;
  }
}

/**
 * Does the service go on with another log? Asked where an answer looks like it: a restored backup knows less, suspends
 * what was shared, and has streams of its own (SPEC §17.6).
 */
async function followingOf(services: Services, grant: StoredGrant, told: Told) {
  const { vault, now } = services;
  const { vaultService, jti, seq } = grant;
  if ((await vault.get('logWatch', vaultService))?.follow !== undefined) return 'followed';
  const root = (await vault.get('logged', jti))?.streamRoot ?? null;
  const looksLikeIt =
    told.seq < seq ||
    (root !== null && told.stream_root !== root) ||
    (told.state === 'suspended' && effectiveState(grant, now()) === 'active');
  return looksLikeIt ? lookForFollowing(services, vaultService) : 'same';
}

function awaitNothing(services: Services, { jti }: StoredGrant): Promise<LoggedRecord> {
  return keep(services, jti, (current) => ({ ...current, awaited: [] }));
}

/**
 * Notes what must be in the log by now, whether or not anything can be read of it.
 * @param since when this log began; what happened before is in another one
 */
function expectEntries(
  services: Services,
  grant: StoredGrant,
  { told, since }: { told: Told; since: number | undefined },
): Promise<LoggedRecord> {
  const now = services.now();
  const last = Math.min(Math.max(grant.seq, told.seq), MOST_ENTRIES);
  return keep(services, grant.jti, (current) => {
    const known = new Map(current.entries.map((entry) => [entry.seq, entry]));
    const awaited: AwaitedEntry[] = [];
    const problems: LogProblem[] = [];
    for (let seq = 0; seq <= last; seq++) {
      const event = told.events.find((one) => one.seq === seq);
      const entry = known.get(seq);
      if (entry !== undefined) {
        const changed = event !== undefined && event.event !== entry.event;
        if (changed) problems.push({ code: 'changed', seq, since: now, detail: 'event' });
        continue;
      }
      const isOfEarlier =
        since !== undefined &&
        (event === undefined ? seq <= told.seq || grant.retell !== undefined : event.at < since);
      if (isOfEarlier) continue;
      const first = current.awaited.find((one) => one.seq === seq)?.since ?? now;
      awaited.push({ seq, since: Math.min(first, event?.at ?? now) });
    }
    const root = told.stream_root;
    const { streamRoot } = current;
    const isRoot = root === null || Hash.safeParse(root).success;
    if (!isRoot || (streamRoot !== null && root !== null && root !== streamRoot)) {
      problems.push({ code: 'stream', seq: null, since: now, detail: 'root' });
    }
    const kept = streamRoot ?? (isRoot ? root : null);
    return withProblems({ ...current, awaited, streamRoot: kept }, problems);
  });
}

async function ask({ door, now }: Services, { jti, vaultService, key }: StoredGrant) {
  const signing = await importSigningKey(key as PrivateJwk);
  const claims = { aud: vaultService, jti: randomUuidUrn(), iat: now(), grant: jti, after: null };
  return vaultApi(door, vaultService).proofs(jti, await signRead(claims, signing));
}

type Taking = {
  readonly grant: StoredGrant;
  readonly told: Told;
  readonly before: LoggedRecord;
  readonly trust: Awaited<ReturnType<typeof logTrust>>;
  readonly since: number | undefined;
};

type Taken = {
  readonly entries: readonly LoggedEntry[];
  readonly problems: readonly LogProblem[];
  readonly texts: readonly { seq: number; proof: string }[];
  readonly heads: readonly NonNullable<Awaited<ReturnType<typeof headOf>>>[];
  readonly brandKeyId: string | undefined;
};

async function take(
  services: Services,
  { grant, told, before, trust, since }: Taking,
  proofs: GrantProofs['proofs'],
): Promise<Taken> {
  const now = services.now();
  const own = await ownGrant(grant, services.options);
  const notes = new Set<string>();
  const entries: LoggedEntry[] = [];
  const problems: LogProblem[] = [];
  const texts: { seq: number; proof: string }[] = [];
  let { brandKeyId } = before;
  for (const { seq, event: named, proof } of proofs.filter((one) => one.seq <= MOST_ENTRIES)) {
    const earlier = before.entries.find((entry) => entry.seq === seq);
    if (earlier !== undefined) {
      if (isOther(proof, earlier)) problems.push({ code: 'changed', seq, since: now });
      continue;
    }
    const heard = told.events.find((one) => one.seq === seq);
    const event = seq === 0 ? 'registered' : (heard?.event ?? named);
    try {
      const { streamRoot } = before;
      const expected = {
        stored: grant,
        grant: own,
        seq,
        event,
        streamRoot,
        at: heard?.at,
        brandKeyId,
        since,
        earlier: (before.earlier ?? []).map(({ log }) => log),
      };
      const verified = await verifyProof(proof, expected, trust);
      ({ brandKeyId } = verified);
      notes.add(verified.note);
      entries.push({ ...verified.entry, verifiedOn: now });
      texts.push({ seq, proof });
    } catch (error) {
      if (!(error instanceof ProofProblem)) throw error;
      const { code, detail } = error;
      problems.push({ code, seq, since: now, ...(detail !== undefined && { detail }) });
      // Kept as it came: whoever is asked about it wants to see it.
      if (code !== 'proof') texts.push({ seq, proof });
    }
  }
  const opened = await Promise.all([...notes].map((note) => headOf(note, trust, now)));
  return { entries, problems, texts, heads: opened.filter((head) => head !== null), brandKeyId };
}

/** Whether a proof that came again is of another entry. One that cannot be read says nothing new. */
function isOther(proof: string, { index, commitment }: LoggedEntry): boolean {
  try {
    const parsed = parseTlogProof(proof);
    const entry = parseEntry(openingOfProof(parsed).entry);
    return parsed.index !== index || entry.kind !== 'e' || entry.commitment !== commitment;
  } catch (error) {
    if (error instanceof TlogError) return false;
    throw error;
  }
}

function withTaken(current: LoggedRecord, taken: Taken): LoggedRecord {
  const fresh = taken.entries.filter(({ seq }) => !current.entries.some((e) => e.seq === seq));
  const entries = [...current.entries, ...fresh].sort((a, b) => a.seq - b.seq);
  const has = (seq: number | null) => entries.some((entry) => entry.seq === seq);
  const { brandKeyId } = taken;
  const after = {
    ...current,
    entries,
    awaited: current.awaited.filter(({ seq }) => !has(seq)),
    // A broken proof may be followed by a whole one; everything else stands, whatever is said later.
    problems: current.problems.filter(({ code, seq }) => code !== 'proof' || !has(seq)),
    ...(brandKeyId !== undefined && { brandKeyId }),
  };
  return withProblems(after, taken.problems);
}

function withProblems(current: LoggedRecord, problems: readonly LogProblem[]): LoggedRecord {
  const isNew = ({ code, seq }: LogProblem) =>
    !current.problems.some((known) => known.code === code && known.seq === seq);
  const fresh = problems.filter(isNew);
  return fresh.length === 0 ? current : { ...current, problems: [...current.problems, ...fresh] };
}

/** The streams' numbers leave none out; one that no grant of the pseudonym accounts for is told. */
async function lookForGaps(services: Services, logged: LoggedRecord): Promise<LoggedRecord> {
  const { streamRoot } = logged;
  if (streamRoot === null) return logged;
  const all = await services.vault.all('logged');
  const same = all.filter((other) => other.streamRoot === streamRoot);
  const [gap] = gapsIn(
    streamRoot,
    same.flatMap(({ entries }) => entries),
  );
  const now = services.now();
  return keep(services, logged.jti, (current) => {
    if (gap === undefined) {
      const problems = current.problems.filter(({ code }) => code !== 'gap');
      return problems.length === current.problems.length ? current : { ...current, problems };
    }
    return withProblems(current, [{ code: 'gap', seq: null, since: now, detail: gap }]);
  });
}

async function keep(
  { vault }: Services,
  jti: string,
  next: (current: LoggedRecord) => LoggedRecord,
): Promise<LoggedRecord> {
  const nothing: LoggedRecord = { jti, streamRoot: null, entries: [], awaited: [], problems: [] };
  return vault.update('logged', jti, (current) => next(current ?? nothing));
}
