import { randomBytes } from 'node:crypto';
import { commitmentDigest, commitTo, type Field, R_SIZE, SALT_SIZE } from './commitment.ts';
import { HASH_SIZE, leafHash, leafOver, rootOf } from './hash.ts';
import { randomsOf } from './randoms.ts';

/** A check or a search as it is committed to. */
export type CheckFields = {
  readonly kind: string;
  readonly brand: string;
  /** `jti`; null when there is none for the caller. */
  readonly grant: string | null;
  readonly purpose: string;
  readonly attributes: readonly string[];
  /** NumericDate */
  readonly at: number;
  readonly decision: boolean;
};

const BRAND_FIELDS = 6;
/** Bytes that open a check, as a whole: `r`. It is made for each check, so a salt for each field would cost too much. */
export const CHECK_OPENING_SIZE = R_SIZE;
const BRAND_OPENING_SIZE = R_SIZE + BRAND_FIELDS * SALT_SIZE;

/** Fresh random bytes that will open so many checks, one after the other. */
export const newCheckOpenings = randomsOf(CHECK_OPENING_SIZE);

/** What opens the check at a place among those that follow one another. */
export function checkOpeningAt(openings: Buffer, place: number): Buffer {
  return openings.subarray(place * CHECK_OPENING_SIZE, (place + 1) * CHECK_OPENING_SIZE);
}

/** But for their grants. */
export function areAlike(one: CheckFields, other: CheckFields): boolean {
  return (
    one.kind === other.kind &&
    one.brand === other.brand &&
    one.purpose === other.purpose &&
    one.at === other.at &&
    one.decision === other.decision &&
    one.attributes.length === other.attributes.length &&
    one.attributes.every((attribute, place) => attribute === other.attributes[place])
  );
}

/** The last payload that was written, without its grant: the next check is alike as a rule. */
let last: { readonly check: CheckFields; readonly before: string; readonly after: string } | null =
  null;

/** What is committed to: JSON with these members in this order. */
export function checkPayload(check: CheckFields): string {
  if (last === null || !areAlike(last.check, check)) {
    const { kind, brand, purpose, attributes, at, decision } = check;
    const attribute = [...attributes].sort();
    const before = JSON.stringify({ v: 1, kind, brand }).slice(0, -1);
    const after = JSON.stringify({ purpose, attribute, at, result: decision }).slice(1);
    last = { check, before, after };
  }
  return `${last.before},"grant":${JSON.stringify(check.grant)},${last.after}`;
}

/** RFC 6962 leaf over the commitment to a check. */
export function checkLeaf(check: CheckFields, r: Buffer): Buffer {
  return leafOver(commitmentDigest(r, checkPayload(check)));
}

/** All checks of one brand in one minute. */
export type BrandMinute = {
  readonly brand: string;
  /** floor(NumericDate / 60) */
  readonly interval: number;
  /** How many there were, and the root over their leaf hashes in the order in which they were recorded. */
  readonly n: number;
  readonly root: Buffer;
  /** Number of the brand's last lifecycle entry in its month; 0 before the first. */
  readonly headSeq: number;
  /** base64url commitment of the brand's record before this one. */
  readonly prev: string | null;
};

export type BrandRecord = BrandMinute & {
  /** `r` and six salts. */
  readonly opening: Buffer;
  readonly commitment: Buffer;
};

export type AccessBatch = {
  readonly interval: number;
  readonly records: readonly BrandRecord[];
  /** Leaf hashes of the tree over the records' commitments and the dummies between them. */
  readonly leaves: readonly Buffer[];
  readonly root: Buffer;
};

/** A minute without any checks is a batch, too. */
export function accessBatch(interval: number, minutes: readonly BrandMinute[]): AccessBatch {
  const records = minutes.map(recordOf);
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, records.length)));
  const dummies = Array.from({ length: size - records.length }, () => randomBytes(HASH_SIZE));
  const commitments = [...records.map(({ commitment }) => commitment), ...dummies];
  // Commitments look random, so in their own order they are in any.
  const leaves = commitments.sort(Buffer.compare).map(leafHash);
  return { interval, records, leaves, root: rootOf(leaves) };
}

function recordOf(minute: BrandMinute): BrandRecord {
  const { brand, interval, n, root, headSeq, prev } = minute;
  const opening = randomBytes(BRAND_OPENING_SIZE);
  const fields: Field[] = [
    ['brand', brand],
    ['interval', interval],
    ['n', n],
    ['root', root.toString('base64url')],
    ['head_seq', headSeq],
    ['prev', prev],
  ];
  const { commitment } = commitTo(fields, opening.subarray(R_SIZE), opening.subarray(0, R_SIZE));
  return { ...minute, opening, commitment };
}
