import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import type { wordLists } from '../../../word-lists.ts';
import { WORDS as GERMAN } from './words-de.ts';
import { WORDS as ENGLISH } from './words-en.ts';

/**
 * - `weak` – fewer than 10¹⁰ guesses; not accepted
 * - `fair` – fewer than 10¹⁴
 * - `strong` – more
 *
 * One guess is one Argon2id over 64 MiB, of which a fast graphics card manages about a thousand in a second: 10¹⁰
 * keep it busy for four months, 10¹⁴ for three thousand years. Somebody needs the browser's files to begin at all.
 */
export type Level = 'weak' | 'fair' | 'strong';

/** Why a passphrase is easy to guess, where there is one plain reason. */
export type Reason = 'common' | 'pattern' | 'date' | 'name' | 'word' | 'zusage';

export type Strength = { level: Level; reason: Reason | null };

const LEAST = { fair: 1e10, strong: 1e14 } as const;
/** Characters that are looked at: more only take time, and these are enough for any level. */
const LONGEST = 100;

const REASONS: { readonly [warning: string]: Reason } = {
  topTen: 'common',
  topHundred: 'common',
  common: 'common',
  similarToCommon: 'common',
  straightRow: 'pattern',
  keyPattern: 'pattern',
  simpleRepeat: 'pattern',
  extendedRepeat: 'pattern',
  sequences: 'pattern',
  recentYears: 'date',
  dates: 'date',
  namesByThemselves: 'name',
  commonNames: 'name',
  wordByItself: 'word',
  userInputs: 'zusage',
};

/** @returns how good a passphrase is, by the number of guesses it stands (zxcvbn) */
export function strengthOver({
  dictionary,
  graphs,
}: ReturnType<typeof wordLists>): (passphrase: string) => Strength {
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...dictionary, 'words-en': ENGLISH, 'words-de': GERMAN },
    graphs,
    maxLength: LONGEST,
  });
  return (passphrase) => {
    const { guesses, feedback } = zxcvbn.check(passphrase.normalize('NFKC'), ['zusage']);
    if (guesses >= LEAST.strong) return { level: 'strong', reason: null };
    const reason = REASONS[feedback.warning ?? ''] ?? null;
    return { level: guesses >= LEAST.fair ? 'fair' : 'weak', reason };
  };
}
