import type { AttributeView, Day, InputView, Value } from '../messages.ts';
import { day, today } from './dates.ts';
import { list, locale, t } from './words.ts';

/** A value while it is being entered. */
export type Draft = { value: Value | undefined; until: Day | undefined };

export function draftOf(attribute: AttributeView): Draft {
  return { value: attribute.held?.value, until: attribute.held?.until };
}

export type Problem =
  | 'input_missing'
  | 'input_range'
  | 'input_email'
  | 'input_phone'
  | 'input_until_missing'
  | 'input_until_past';

/** What keeps a draft from being saved, or null. The worker checks the value again against its schema. */
export function problemOf(attribute: AttributeView, draft: Draft): Problem | null {
  const { input } = attribute;
  const { value, until } = draft;
  if (isEmpty(value)) return 'input_missing';
  if (input.kind === 'number') {
    const n = Number(value);
    const inSteps = Number.isInteger((n - input.min) / input.step);
    if (!inSteps || n < input.min || n > input.max) return 'input_range';
  }
  if (input.kind === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(String(value)))
    return 'input_email';
  if (input.kind === 'phone' && !/^\+[1-9]\d{6,14}$/.test(String(value))) return 'input_phone';
  if (attribute.hasUntil) {
    if (!until) return 'input_until_missing';
    if (until < today()) return 'input_until_past';
  }
  return null;
}

function isEmpty(value: Value | undefined): value is undefined {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** What was typed as the schema wants it: telephone numbers carry no blanks or marks (E.164). */
export function typed(input: InputView, text: string): Value | undefined {
  if (text === '') return undefined;
  if (input.kind === 'phone') return text.replace(/[\s()/.-]/g, '');
  return input.kind === 'email' ? text.trim() : text;
}

/** The value to be saved: without blanks around what was typed, which are kept only while typing. */
export function finished(value: Value): Value {
  return typeof value === 'string' ? value.trim() : value;
}

/** The problem as a sentence. */
export function problemText(input: InputView, problem: Problem): string {
  if (problem !== 'input_range' || input.kind !== 'number') return t(problem);
  const number = new Intl.NumberFormat(locale());
  return t(problem, ...[input.min, input.max, input.step].map(number.format));
}

/** A value just entered, in words: what sharing it would tell. */
export function inWords(input: InputView, value: Value): string {
  switch (input.kind) {
    case 'choice':
      return labelOf(input.options, String(value));
    case 'choices':
      return list((value as string[]).map((id) => labelOf(input.options, id)));
    case 'yes-no':
      return t(value ? 'yes' : 'no');
    case 'number': {
      const n = new Intl.NumberFormat(locale()).format(Number(value));
      return input.unit ? `${n} ${input.unit}` : n;
    }
    case 'date':
      return day(String(value));
    default:
      return String(value);
  }
}

function labelOf(options: { id: string; label: string }[], id: string): string {
  return options.find((option) => option.id === id)?.label ?? id;
}
