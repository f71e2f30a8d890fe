import { decodeBase64url, encodeBase64url } from '@zusage/protocol/bytes';
import { isZusageError } from '@zusage/protocol/errors';
import { type Grant, parseGrant, verifyGrant } from '@zusage/protocol/grant';
import { parseJws } from '@zusage/protocol/jws';
import type { LoopbackOption } from '@zusage/protocol/origin';
import { RECEIPT_TYP } from '@zusage/protocol/receipt';
import { CLOCK_SKEW } from '@zusage/protocol/request';
import {
  FIELD_NAMES,
  type Fields,
  minuteAt,
  type ProvenEntry,
  proveEntry,
  TlogError,
  type Trust,
  verifyAct,
} from '@zusage/protocol/tlog';
import { sha256 } from '@zusage/protocol/tlog/hash';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import type { LoggedEntry, LogProblemCode } from '../vault/log-records.ts';
import { numberOfTag } from './stream.ts';

/** A proof that does not say what the vault knows. The message is the code. */
export class ProofProblem extends Error {
  override readonly name = 'ProofProblem';
  readonly code: LogProblemCode;
  /** Code of what did not hold underneath. */
  readonly detail: string | undefined;
  constructor(code: LogProblemCode, detail?: string) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

/** What a proof of one entry of a grant has to agree with. */
export type Expected = {
  readonly stored: StoredGrant;
  /** Parsed from `stored`. */
  readonly grant: Grant;
  readonly seq: number;
  readonly event: string;
  /** base64url; null until a read told it, and then no tag can be checked. */
  readonly streamRoot: string | null;
  /** As the last read told it; undefined when it is not among its entries. */
  readonly at: number | undefined;
  /** The key of the request in an earlier entry of the grant; a grant has one. */
  readonly brandKeyId: string | undefined;
  /** When the log began that followed another one: what was promised before, was promised of that one. */
  readonly since: number | undefined;
  /** Origins of those before. */
  readonly earlier: readonly string[];
};

export type Verified = {
  readonly entry: Omit<LoggedEntry, 'verifiedOn'>;
  readonly brandKeyId: string;
  /** The signed checkpoint that the proof leads to. */
  readonly note: string;
};

/**
 * One `.tlog-proof` held against everything the vault knows: the checkpoint under the pinned key, inclusion, the
 * commitment, all fourteen fields, the person's own act, the tag of the stream, and the place that a receipt promised.
 * @throws ProofProblem
 */
export async function verifyProof(
  text: string,
  expected: Expected,
  trust: Trust,
): Promise<Verified> {
  const proven = await orProblem('proof', () => proveEntry(text, trust));
  const { fields } = proven;
  assertFields(fields, expected);
  // Ours is every act under the grant's key: it never leaves the vault.
  await orProblem('act', () => verifyAct(proven, expected.grant));
  assertTag(proven, expected.streamRoot);
  assertReceipts(proven, expected, trust);
  const { index, entry, checkpoint } = proven;
  const { seq, event } = expected;
  const { commitment, personTag: tag, minute } = entry;
  return {
    entry: { seq, event, index, commitment, tag, minute },
    brandKeyId: fields.brand_key_id as string,
    note: checkpoint.note,
  };
}

/** The grant as the vault signed it. @throws FormatError, VerificationError when the vault is damaged */
export async function ownGrant({ grant }: StoredGrant, options: LoopbackOption): Promise<Grant> {
  const parsed = await parseGrant(grant, options);
  await verifyGrant(parsed);
  return parsed;
}

function assertFields(fields: Partial<Fields>, expected: Expected): void {
  const { grant, seq, event, at, brandKeyId } = expected;
  const { claims, details, hash, pseudonym } = grant;
  const closed = FIELD_NAMES.find((name) => fields[name] === undefined);
  if (closed !== undefined) throw new ProofProblem('fields', closed);
  const known: Partial<Fields> = {
    type: event as Fields['type'],
    brand: claims.aud,
    grant: claims.jti,
    grant_seq: seq,
    subject: pseudonym,
    scope: [...details.datatypes].sort(),
    grant_hash: hash,
    request_hash: claims.request_hash,
    terms_hash: claims.terms_hash,
    ...(at !== undefined && { at }),
    ...(brandKeyId !== undefined && { brand_key_id: brandKeyId }),
  };
  for (const [name, value] of Object.entries(known)) {
    const told = fields[name as keyof Fields];
    if (JSON.stringify(told) !== JSON.stringify(value)) throw new ProofProblem('fields', name);
  }
  // These three are the service's and the brand's to say; null they may not be.
  for (const name of ['brand_seq', 'brand_key_id', 'at'] as const) {
    if (fields[name] === null) throw new ProofProblem('fields', name);
  }
}

function assertTag({ entry, fields }: ProvenEntry, root: string | null): void {
  // An entry is written after what it is about; the service's clocks may differ a little among themselves.
  if (minuteAt((fields.at as number) - CLOCK_SKEW) > entry.minute)
    throw new ProofProblem('fields', 'minute');
  if (root !== null && numberOfTag(root, entry) === null) throw new ProofProblem('stream', 'tag');
}

/** Receipts were verified when they came. */
function assertReceipts(
  { index, leaf }: ProvenEntry,
  { stored, seq, event, streamRoot, since = 0, earlier }: Expected,
  { log }: Trust,
): void {
  for (const compact of stored.receipts) {
    const { payload } = parseJws(compact, { typ: [RECEIPT_TYP], key: ['kid'] });
    const { log: place, stream, iat } = payload;
    const { origin } = (place ?? {}) as { origin?: string };
    if ((iat as number) < since || earlier.includes(origin ?? '')) continue;
    if (stream !== null && streamRoot !== null && stream !== hashOf(streamRoot)) {
      throw new ProofProblem('stream', 'root');
    }
    if (payload['seq'] !== seq) continue;
    if (payload['event'] !== event) throw new ProofProblem('receipt', 'event');
    if (place === null) continue;
    const promised = { origin: log.name, index, leaf: encodeBase64url(leaf) };
    const told = place as Partial<typeof promised>;
    for (const name of ['origin', 'index', 'leaf'] as const) {
      if (told[name] !== promised[name]) throw new ProofProblem('receipt', name);
    }
  }
}

/** How a receipt names a stream: base64url of SHA-256. */
export function hashOf(streamRoot: string): string {
  return encodeBase64url(sha256(decodeBase64url(streamRoot)));
}

async function orProblem<T>(code: LogProblemCode, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TlogError || isZusageError(error)) {
      throw new ProofProblem(code, error.code);
    }
    throw error;
  }
}
