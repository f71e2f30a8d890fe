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
  | 'input_until_missing'
  | 'input_until_past';

/** What keeps a draft from being saved, or null. The worker checks the value again against its schema. */
export function problemOf(attribute: AttributeView, draft: Draft): Problem | null {
  const { input } = attribute;
  const { value, until } = draft;
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return 'input_missing';
  if (input.kind === 'number') {
    const n = Number(value);
    if (!Number.isFinite(n) || n < input.min || n > input.max) return 'input_range';
  }
  if (input.kind === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(String(value)))
    return 'input_email';
  if (attribute.hasUntil) {
    if (!until) return 'input_until_missing';
    if (until < today()) return 'input_until_past';
  }
  return null;
}

/** The problem as a sentence. */
export function problemText(input: InputView, problem: Problem): string {
  if (problem !== 'input_range' || input.kind !== 'number')
    return t(problem as Exclude<Problem, 'input_range'>);
  const number = new Intl.NumberFormat(locale());
  return t('input_range', number.format(input.min), number.format(input.max));
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
