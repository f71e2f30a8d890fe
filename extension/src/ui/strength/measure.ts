import { lists } from 'virtual:word-lists';
import type { Lang } from '../../messages.ts';
import { strengthOver } from './strength.ts';
import { WORDS as GERMAN } from './words-de.ts';
import { WORDS as ENGLISH } from './words-en.ts';

// Large: import this file only when somebody chooses a passphrase.

export const strengthOf = strengthOver(lists);

export function wordsIn(lang: Lang): readonly string[] {
  return lang === 'de' ? GERMAN : ENGLISH;
}
