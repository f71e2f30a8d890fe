import {
  type Attribute,
  checkValue,
  type Option,
  splitUntil,
  type Value,
  type ValueProblem,
  withUntil,
} from '@zusage/protocol/vocabulary/index';
import type { ImportProblem } from '../messages.ts';

const PROBLEMS: Readonly<Record<ValueProblem, ImportProblem>> = {
  'value/type': 'type',
  'value/option': 'option',
  'value/length': 'length',
  'value/range': 'range',
  'value/format': 'format',
  'value/precision': 'type',
};
const YES = new Set(['yes', 'ja', 'true']);
const NO = new Set(['no', 'nein', 'false']);
const GERMAN_DAY = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;

/**
 * The value of a file as the vault keeps it. Text counts as what the attribute wants: an option by its id or either
 * label, several with `|` between them, a number, yes or no, a day also as 31.12.2027.
 */
export function readValue(
  what: Attribute,
  raw: Value,
  until?: string,
): { kept: Value } | { problem: ImportProblem } {
  const dated = 'until' in what.value && what.value.until === true;
  const inside = dated && until === undefined && typeof raw === 'string' ? splitUntil(raw) : null;
  const day = readDay(inside?.until ?? until ?? '');
  if (dated && day === '') return { problem: 'until-missing' };
  if (!dated && day !== '') return { problem: 'until-unwanted' };
  const plain = inside?.value ?? raw;
  const value = typeof plain === 'string' ? readText(what, plain.trim().normalize('NFC')) : plain;
  if (value === null) return { problem: 'type' };
  const kept = dated ? withUntil(String(value), day) : value;
  const problem = checkValue(what, kept);
  return problem === null ? { kept } : { problem: PROBLEMS[problem] };
}

/** null when the text is nothing of that kind. */
function readText({ value: schema }: Attribute, text: string): Value | null {
  switch (schema.kind) {
    case 'choice':
      return optionOf(schema.options, text);
    case 'choices': {
      const whole = optionOf(schema.options, text);
      if (schema.options.some(({ id }) => id === whole)) return [whole];
      return text.split(/[|;,]/).map((part) => optionOf(schema.options, part.trim()));
    }
    case 'number':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : null;
    case 'yes-no': {
      const word = text.toLowerCase();
      return YES.has(word) ? true : NO.has(word) ? false : null;
    }
    case 'date':
      return readDay(text);
    case 'phone':
      return text.replace(/[\s()/.-]/g, '');
    case 'email':
    case 'text':
      return text;
  }
}

function optionOf(options: readonly Option[], text: string): string {
  const wanted = text.toLowerCase();
  const found = options.find(({ id, label }) =>
    [id, label.en, label.de].some((name) => name.toLowerCase() === wanted),
  );
  return found?.id ?? text;
}

function readDay(text: string): string {
  const [, day, month, year] = GERMAN_DAY.exec(text.trim()) ?? [];
  if (!day || !month || !year) return text.trim();
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** Several choices are the same in any order. */
export function isSameValue(a: Value, b: Value): boolean {
  const text = (value: Value) =>
    JSON.stringify(typeof value === 'object' ? [...value].sort() : value);
  return text(a) === text(b);
}
