import { decodeBase64url, encodeBase64url, encodeUtf8 } from '../bytes.ts';
import { FormatError } from '../errors.ts';
import { type Json, parseJson } from '../json.ts';
import { Hash, z } from '../shape.ts';
import { commit } from './commitment.ts';
import { type LifecycleEntry, parseEntry } from './entry.ts';
import { TlogError } from './errors.ts';
import { FIELD_NAMES, type Fields, isFieldName, isFieldValue, Salt } from './fields.ts';
import { sha256 } from './hash.ts';

/** Characters; a request or a grant beside it is at most 64 KB. */
const MAX_OPENING = 262_144;

const Shape = z.strictObject({
  v: z.literal(1),
  /** The text of the entry. */
  entry: z.string(),
  /** The commitment's random bytes. */
  r: Hash,
  payload: z.string(),
  /** As SD-JWT's: `base64url([salt, name, value])`; any subset, for fields open one by one. */
  disclosures: z.array(z.string()).check(z.maxLength(FIELD_NAMES.length)),
  /** The JWS of the person's or the brand's act. */
  act: z.optional(z.string()),
  /** S_i of a stop. */
  stop: z.optional(Hash),
});

/** What lets its holder show what an entry says. Its commitment authenticates it, nothing around it does. */
export type Opening = z.infer<typeof Shape>;

/** @throws TlogError `opening/format` */
export function parseOpening(json: string): Opening {
  if (json.length > MAX_OPENING) throw new TlogError('opening/format');
  const parsed = z.safeParse(Shape, jsonOf(json, 'opening/format'));
  if (!parsed.success) throw new TlogError('opening/format');
  return parsed.data;
}

/** The one order of members that is written. */
export function formatOpening({ v, entry, r, payload, disclosures, act, stop }: Opening): string {
  return JSON.stringify({ v, entry, r, payload, disclosures, act, stop });
}

/** An opening that holds. */
export type Opened = {
  readonly opening: Opening;
  readonly entry: LifecycleEntry;
  /** The disclosed ones. A member that is missing was not disclosed, which is not null. */
  readonly fields: Partial<Fields>;
};

/**
 * The entry commits to the payload, the payload to every disclosure. Neither the log nor the act is looked at.
 * @throws TlogError `opening/*`, `entry/*`
 */
export function verifyOpening(opening: Opening): Opened {
  const entry = parseEntry(opening.entry);
  if (entry.kind !== 'e') throw new TlogError('opening/format');
  if (commit(decodeBase64url(opening.r), opening.payload) !== entry.commitment) {
    throw new TlogError('opening/commitment');
  }
  const digests = digestsOf(opening.payload);
  if (digests.length !== FIELD_NAMES.length) throw new TlogError('opening/payload');
  const disclosed = discloseFrom(digests, opening.disclosures);
  for (const [name, value] of disclosed) {
    if (!isFieldName(name) || !isFieldValue(name, value)) throw new TlogError('opening/field');
  }
  return { opening, entry, fields: Object.fromEntries(disclosed) };
}

const Payload = z.strictObject({ _sd: z.array(Hash), v: z.literal(1) });

/** The digests of `{"_sd":[sorted],"v":1}`, written in no other way. @throws TlogError `opening/payload` */
export function digestsOf(payload: string): string[] {
  const parsed = z.safeParse(Payload, jsonOf(payload, 'opening/payload'));
  if (!parsed.success) throw new TlogError('opening/payload');
  const { _sd } = parsed.data;
  const sorted = [...new Set(_sd)].sort();
  if (JSON.stringify({ _sd: sorted, v: 1 }) !== payload) throw new TlogError('opening/payload');
  return _sd;
}

/**
 * Names and values of disclosures (RFC 9901 §4.2.1), each under one of the digests and each name once.
 * @throws TlogError `opening/disclosure`
 */
export function discloseFrom(
  digests: readonly string[],
  disclosures: readonly string[],
): Map<string, Json> {
  const values = new Map<string, Json>();
  for (const encoded of disclosures) {
    const digest = encodeBase64url(sha256(encodeUtf8(encoded)));
    const [salt, name, value, ...more] = partsOf(encoded);
    if (
      !digests.includes(digest) ||
      !Salt.safeParse(salt).success ||
      typeof name !== 'string' ||
      value === undefined ||
      more.length > 0 ||
      values.has(name)
    ) {
      throw new TlogError('opening/disclosure');
    }
    values.set(name, value);
  }
  return values;
}

function partsOf(encoded: string): readonly Json[] {
  try {
    const json = parseJson(decodeBase64url(encoded));
    return Array.isArray(json) ? json : [];
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new TlogError('opening/disclosure', { cause });
  }
}

function jsonOf(text: string, code: 'opening/format' | 'opening/payload'): Json {
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new TlogError(code, { cause });
  }
}
