import type en from '../../public/_locales/en/messages.json';
import { browser } from './browser.ts';

/** Every sentence the extension can say; the word list is the description of `extension_name`. */
export type Key = keyof typeof en;

/** Words that exist once for each plural form: `<base>_one`, `<base>_other`. */
export type PluralKey = Key extends infer K ? (K extends `${infer B}_other` ? B : never) : never;

type Snake<S extends string> = S extends `${infer A}-${infer B}` ? `${A}_${Snake<B>}` : S;

/** A code as it is written inside a key, so that the compiler demands a sentence for each code. */
export function snake<S extends string>(code: S): Snake<S> {
  return code.replaceAll('-', '_') as Snake<S>;
}

/** The sentence for `key` in the person's language; `subs` fill its placeholders in order. */
export function t(key: Key, ...subs: string[]): string {
  return browser.i18n.getMessage(key, subs);
}

/**
 * How numbers and dates are written: as in the text that the log keeps, whatever the region, so that the prompt and
 * its record say the same.
 */
export function locale(): string {
  return t('language_code') === 'de' ? 'de-DE' : 'en-GB';
}

/** The sentence for a number of things; the first placeholder is the number, written in the person's way. */
export function count(base: PluralKey, n: number, ...subs: string[]): string {
  const form = new Intl.PluralRules(locale()).select(n) === 'one' ? 'one' : 'other';
  return t(`${base}_${form}`, new Intl.NumberFormat(locale()).format(n), ...subs);
}

/** "a, b and c" in the person's language. */
export function list(items: string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(items);
}
