import * as z from 'zod/mini';
import { FormatError } from './errors.ts';

// zod compiles validators with `new Function` unless told not to, and the extension's CSP forbids that.
const { process } = globalThis as { process?: { versions?: { node?: string } } };
z.config({ jitless: process?.versions?.node === undefined });

export { z };

/** Nouns that tell an unknown member from every other wrong shape. */
type Noun = 'jwk' | 'request' | 'terms' | 'grant' | 'key-binding' | 'event' | 'receipt';

/**
 * Validates what the strict parser produced. zod's own messages stay in `cause`: they may quote values.
 * @throws FormatError `<noun>/unknown-member` or `<noun>/shape`
 */
export function parseShape<S extends z.core.$ZodType>(
  schema: S,
  value: unknown,
  noun: Noun,
): z.output<S> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const unknown = result.error.issues.some((issue) => issue.code === 'unrecognized_keys');
  throw new FormatError(unknown ? `${noun}/unknown-member` : `${noun}/shape`);
}

/** The end of the year 9999: the last second that every calendar and RFC 3339 can write. */
const LAST_SECOND = 253_402_300_799;

/** Seconds since 1970, UTC (RFC 7519 NumericDate, whole seconds). */
export const NumericDate = z.int().check(z.nonnegative(), z.maximum(LAST_SECOND));

/** Base64url of exactly `n` bytes, in its canonical spelling. */
export const base64urlOf = (n: number) => {
  const length = Math.ceil((n * 4) / 3);
  // The last character carries only the bits that are left over; the rest must be zero.
  const last = { 0: '[A-Za-z0-9_-]', 1: '[AQgw]', 2: '[AEIMQUYcgkosw048]' }[n % 3];
  return z.string().check(z.regex(new RegExp(`^[A-Za-z0-9_-]{${length - 1}}${last}$`)));
};

/** A SHA-256 digest, base64url. */
export const Hash = base64urlOf(32);

/** `urn:uuid:` and a version 4 UUID in lower case (RFC 9562). */
export const UuidUrn = z
  .string()
  .check(z.regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/));

/** Unpredictable single-use strings: at least 128 bits as base64url. */
export const Nonce = z.string().check(z.regex(/^[A-Za-z0-9_-]{22,128}$/));
