import type en from '../../public/_locales/en/messages.json';
import type { Lang } from '../messages.ts';

/** The sentences of the worker, and those of the prompt that the log repeats; their published wording has a version, which every grant names (SPEC §5 `shown`). */
export type Word = Extract<
  keyof typeof en,
  `worker_${string}` | `benefit_${string}` | 'from_when' | 'out_of_bounds' | 'risk' | 'special_text'
>;
export type Words = (key: Word, ...substitutions: string[]) => string;

/** Raised whenever a sentence around the terms changes its meaning. */
export const WORDING = '1';

export function wordsOver(getMessage: (key: string, substitutions: string[]) => string): Words {
  return (key, ...substitutions) => getMessage(key, substitutions);
}

const LOCALE = { en: 'en-GB', de: 'de-DE' } as const;

/** NumericDate → "22 November 2026" where the person is. */
export function dateWords(at: number, lang: Lang): string {
  return new Intl.DateTimeFormat(LOCALE[lang], { dateStyle: 'long' }).format(at * 1000);
}

/** 90 → "90 days" */
export function dayWords(days: number, lang: Lang): string {
  return new Intl.NumberFormat(LOCALE[lang], {
    style: 'unit',
    unit: 'day',
    unitDisplay: 'long',
  }).format(days);
}

/** "a, b and c" */
export function listWords(items: readonly string[], lang: Lang): string {
  return new Intl.ListFormat(LOCALE[lang], { type: 'conjunction' }).format(items);
}
