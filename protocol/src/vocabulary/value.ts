// Whether a value fits its attribute, and what of it is shared at a coarser precision.
import type { Attribute, Precision, Value, ValueSchema } from './attribute.ts';
import { dayNumber } from './day.ts';
import { splitUntil } from './intent.ts';

/**
 * - `value/type` – not the JSON type of the kind
 * - `value/option` – not an option or band of this attribute, or one named twice
 * - `value/length` – empty, too long, too many
 * - `value/range` – a number outside its limits or between its steps
 * - `value/format` – a date, address, number or text that is not well formed; a missing `until`
 * - `value/precision` – this attribute is not shared that way
 */
export type ValueProblem =
  | 'value/type'
  | 'value/option'
  | 'value/length'
  | 'value/range'
  | 'value/format'
  | 'value/precision';

// Control, format (bidi, zero width), surrogate, private, unassigned; line and paragraph separators.
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;
const EMAIL =
  /^[^\s@"(),:;<>[\\\]]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\d-]{2,}$/u;
const PHONE = /^\+[1-9]\d{6,14}$/;
const MONTH = /^\d{4}-\d{2}$/;

/** null when `value` may be kept (`exact`) or shared at this precision, otherwise what is wrong. */
export function checkValue(
  attribute: Attribute,
  value: unknown,
  precision: Precision = 'exact',
): ValueProblem | null {
  if (!attribute.precisions.includes(precision)) return 'value/precision';
  if (precision === 'yes-no') return typeof value === 'boolean' ? null : 'value/type';
  if (precision === 'band') return checkBand(attribute, value);
  return checkExact(attribute.value, value);
}

/**
 * The value as it is shared. `exact` puts several choices into the order of the vocabulary, since the
 * order in which they were ticked would tell something about the person; `band` gives the band's id (a
 * date: its month, YYYY-MM); `yes-no` gives true: there is one.
 * null when the precision is not allowed or the value does not fit the attribute.
 */
export function atPrecision(
  attribute: Attribute,
  value: Value,
  precision: Precision,
): Value | null {
  if (!attribute.precisions.includes(precision)) return null;
  if (checkExact(attribute.value, value) !== null) return null;
  if (precision === 'yes-no') return true;
  if (precision === 'band') {
    if (attribute.value.kind === 'date') return String(value).slice(0, 7);
    return attribute.bands?.find((band) => inBand(band, value))?.id ?? null;
  }
  if (attribute.value.kind !== 'choices') return value;
  return attribute.value.options
    .map(({ id }) => id)
    .filter((id) => (value as string[]).includes(id));
}

function inBand(band: NonNullable<Attribute['bands']>[number], value: Value): boolean {
  if ('options' in band) return band.options.includes(String(value));
  return typeof value === 'number' && value >= band.min && value <= band.max;
}

function checkBand(attribute: Attribute, value: unknown): ValueProblem | null {
  if (typeof value !== 'string') return 'value/type';
  if (attribute.value.kind === 'date') {
    return MONTH.test(value) && dayNumber(`${value}-01`) !== null ? null : 'value/format';
  }
  return attribute.bands?.some((band) => band.id === value) ? null : 'value/option';
}

function checkExact(schema: ValueSchema, value: unknown): ValueProblem | null {
  switch (schema.kind) {
    case 'yes-no':
      return typeof value === 'boolean' ? null : 'value/type';
    case 'number':
      if (typeof value !== 'number') return 'value/type';
      // The wire carries safe integers only (§1).
      if (!Number.isSafeInteger(value) || value < schema.min || value > schema.max) {
        return 'value/range';
      }
      return (value - schema.min) % schema.step === 0 ? null : 'value/range';
    case 'choices':
      return checkChoices(schema, value);
    default:
      return typeof value === 'string' ? checkString(schema, value) : 'value/type';
  }
}

function checkChoices(
  schema: Extract<ValueSchema, { kind: 'choices' }>,
  value: unknown,
): ValueProblem | null {
  if (!Array.isArray(value)) return 'value/type';
  if (value.length === 0 || value.length > schema.max) return 'value/length';
  if (!value.every((id) => typeof id === 'string')) return 'value/type';
  const known = value.every((id) => schema.options.some((option) => option.id === id));
  return known && new Set(value).size === value.length ? null : 'value/option';
}

function checkString(
  schema: Extract<ValueSchema, { kind: 'choice' | 'text' | 'date' | 'email' | 'phone' }>,
  value: string,
): ValueProblem | null {
  switch (schema.kind) {
    case 'date':
      return dayNumber(value) === null ? 'value/format' : null;
    case 'phone':
      return PHONE.test(value) ? null : 'value/format';
    case 'email':
      if (value.length > 254) return 'value/length';
      return EMAIL.test(value) && !INVISIBLE.test(value) ? null : 'value/format';
  }
  let plain = value;
  if (schema.until) {
    const dated = splitUntil(value);
    if (dated === null || dayNumber(dated.until) === null) return 'value/format';
    plain = dated.value;
  }
  if (schema.kind === 'choice') {
    return schema.options.some(({ id }) => id === plain) ? null : 'value/option';
  }
  const length = [...plain].length;
  if (length === 0 || length > schema.maxLength) return 'value/length';
  const tidy = plain.trim() === plain && plain.normalize('NFC') === plain;
  return tidy && !INVISIBLE.test(plain) ? null : 'value/format';
}
