import { type Bytes, decodeBase64url, encodeBase64url, encodeUtf8 } from './bytes.ts';
import { hashOf, randomBytes } from './crypto.ts';
import { FormatError } from './errors.ts';
import { parseJson } from './json.ts';
import { base64urlOf, z } from './shape.ts';
import { isAttributeId } from './vocabulary/attribute.ts';

/** What is disclosed about one attribute; `confirmed` is the month, so that it identifies nobody. */
export const DisclosedValue = z.strictObject({
  value: z.union([
    z.string().check(z.maxLength(2000)),
    z.int(),
    z.boolean(),
    z.array(z.string().check(z.maxLength(200))).check(z.maxLength(64)),
  ]),
  confirmed: z.string().check(z.regex(/^[0-9]{4}-(0[1-9]|1[0-2])$/)),
  precision: z.enum(['exact', 'band', 'yes-no']),
});
export type DisclosedValue = z.infer<typeof DisclosedValue>;

/** RFC 9901 §4.2.1, flat: `base64url([salt, name, value])`. */
export type Disclosure = {
  readonly encoded: string;
  /** base64url SHA-256 over the encoded form. */
  readonly digest: string;
  readonly name: string;
  readonly disclosed: DisclosedValue;
};

const Salt = base64urlOf(16);
const RESERVED = ['_sd', '...'];

export async function makeDisclosure(
  name: string,
  disclosed: DisclosedValue,
  salt: Bytes = randomBytes(16),
): Promise<Disclosure> {
  const json = JSON.stringify([encodeBase64url(salt), name, disclosed]);
  const encoded = encodeBase64url(encodeUtf8(json));
  return { encoded, digest: await hashOf(encoded), name, disclosed };
}

/** @throws FormatError `disclosure/shape`, `disclosure/reserved`, `bytes/*`, `json/*` */
export async function parseDisclosure(encoded: string): Promise<Disclosure> {
  const parts = parseJson(decodeBase64url(encoded));
  if (!Array.isArray(parts) || parts.length !== 3) throw new FormatError('disclosure/shape');
  const [salt, name, value] = parts;
  if (typeof name !== 'string' || !Salt.safeParse(salt).success)
    throw new FormatError('disclosure/shape');
  if (RESERVED.includes(name)) throw new FormatError('disclosure/reserved');
  const disclosed = DisclosedValue.safeParse(value);
  if (!isAttributeId(name) || !disclosed.success) throw new FormatError('disclosure/shape');
  return { encoded, digest: await hashOf(encoded), name, disclosed: disclosed.data };
}

/**
 * The `_sd` array: all digests, decoys up to a multiple of four, sorted, so that neither order nor count says more
 * than a bound (RFC 9901 §4.2.5).
 */
export async function sdArray(
  disclosures: readonly Disclosure[],
  random: (length: number) => Bytes = randomBytes,
): Promise<string[]> {
  const digests = disclosures.map(({ digest }) => digest);
  while (digests.length % 4 !== 0) digests.push(await hashOf(encodeBase64url(random(32))));
  return digests.sort();
}
