import { ReceiptEvent } from '../receipt.ts';
import { base64urlOf, Hash, NumericDate, UuidUrn, z } from '../shape.ts';
import { isAttributeId } from '../vocabulary/attribute.ts';

/** What happened to a grant; `pad` stands for nothing. */
export const EventName = z.enum([...ReceiptEvent.options, 'pad']);
export type EventName = z.infer<typeof EventName>;

const Seq = z.int().check(z.nonnegative());
const Did = z.string().check(z.regex(/^did:[a-z0-9]+:[\x21-\x7e]{1,500}$/));
const Scope = z
  .array(z.string().check(z.refine(isAttributeId)))
  .check(z.refine((names) => names.every((name, i) => i === 0 || (names[i - 1] as string) < name)));

/** The fourteen fields under every lifecycle commitment; all but `type` may be null. */
const SHAPES = {
  type: EventName,
  brand: z.nullable(Did),
  /** Number of the entry in the brand's month. */
  brand_seq: z.nullable(Seq),
  /** Commitment of the brand's previous entry, across months. */
  brand_prev: z.nullable(Hash),
  /** RFC 7638 thumbprint of the request's key. */
  brand_key_id: z.nullable(Hash),
  grant: z.nullable(UuidUrn),
  grant_seq: z.nullable(Seq),
  /** The pseudonym. */
  subject: z.nullable(Hash),
  /** The datatypes, sorted. */
  scope: z.nullable(Scope),
  /** To the second, the service's word. */
  at: z.nullable(NumericDate),
  grant_hash: z.nullable(Hash),
  request_hash: z.nullable(Hash),
  terms_hash: z.nullable(Hash),
  /** SHA-256 of the JWS signing input of the act behind the entry. */
  actor_sig: z.nullable(Hash),
} as const;

export type FieldName = keyof typeof SHAPES;
export type Fields = { readonly [F in FieldName]: z.infer<(typeof SHAPES)[F]> };

export const FIELD_NAMES = Object.keys(SHAPES) as readonly FieldName[];
export const Salt = base64urlOf(16);

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(SHAPES, name);
}

export function isFieldValue(name: FieldName, value: unknown): boolean {
  return SHAPES[name].safeParse(value).success;
}
