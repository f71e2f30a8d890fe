import { decodeBase64url } from './bytes.ts';
import { Days } from './duration.ts';
import { FormatError } from './errors.ts';
import { parseJson } from './json.ts';
import { assertLink, assertOrigin, type LoopbackOption } from './origin.ts';
import { base64urlOf, NumericDate, parseShape, z } from './shape.ts';
import { BothLanguages, plainText } from './text.ts';

/** `transaction_data` type: what the person agrees to. A wallet must refuse a type it does not know. */
export const TERMS_TYPE = 'urn:zusage:terms:1';
export const CONSENT = 'https://w3id.org/dpv#Consent';

export const Notice = z.strictObject({ uri: z.string(), 'hash#sha-256': base64urlOf(32) });

/** At most `uses` uses in each window of `per`, counted from the grant's `nbf`. */
export const Frequency = z.strictObject({
  uses: z.int().check(z.minimum(1), z.maximum(100_000)),
  per: z.enum(['P1D', 'P7D', 'P30D']),
});
export type Frequency = z.infer<typeof Frequency>;

export const Recipients = z.array(plainText(120)).check(z.maxLength(16));

export const Benefit = z.strictObject({
  kind: z.enum([
    'discount',
    'early-access',
    'service',
    'relevance',
    'donation',
    'status',
    'fewer-contacts',
  ]),
  text: BothLanguages,
  due: Days,
});

export const Terms = z.strictObject({
  type: z.literal(TERMS_TYPE),
  credential_ids: z.tuple([z.string()]),
  transaction_data_hashes_alg: z.tuple([z.literal('sha-256')]),
  purpose: z
    .array(z.string().check(z.minLength(1), z.maxLength(200)))
    .check(z.minLength(1), z.maxLength(8)),
  text: BothLanguages,
  legal_basis: z.literal(CONSENT),
  period: z.strictObject({ from: NumericDate, until: NumericDate }),
  retention: Days,
  frequency: z.optional(Frequency),
  recipients: Recipients,
  benefit: z.optional(Benefit),
  vaults: z.array(z.string()).check(z.minLength(1), z.maxLength(16)),
  contact: z.strictObject({ erasure: z.string() }),
  notice: Notice,
});
export type Terms = z.infer<typeof Terms>;

/**
 * @param encoded the `transaction_data` string itself: base64url JSON
 * @throws FormatError `terms/type` (before anything else is looked at), `terms/*`, `origin/syntax`, `link/syntax`
 */
export function parseTerms(encoded: string, options: LoopbackOption = {}): Terms {
  const json = parseJson(decodeBase64url(encoded));
  if (
    typeof json !== 'object' ||
    json === null ||
    Array.isArray(json) ||
    json['type'] !== TERMS_TYPE
  ) {
    throw new FormatError('terms/type');
  }
  const terms = parseShape(Terms, json, 'terms');
  if (terms.period.until <= terms.period.from) throw new FormatError('terms/period');
  if (new Set(terms.purpose).size !== terms.purpose.length) throw new FormatError('terms/shape');
  for (const vault of terms.vaults) assertOrigin(vault, options);
  assertLink(terms.contact.erasure, options);
  assertLink(terms.notice.uri, options);
  return terms;
}
