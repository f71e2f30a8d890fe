import { describe, expect, test } from 'vitest';
import { wordLists } from '../../../word-lists.ts';
import { strengthOver } from './strength.ts';
import { suggest } from './suggest.ts';
import { WORDS as GERMAN } from './words-de.ts';
import { WORDS as ENGLISH } from './words-en.ts';

const strengthOf = strengthOver(wordLists());

describe('how good a passphrase is', () => {
  test.each([
    ['', null],
    ['password', 'common'],
    ['P4ssw0rd', 'common'],
    ['qwertzuiop', 'pattern'],
    ['aaaaaaaaaaaaaaaaaaaa', 'pattern'],
    ['24.12.1984', 'date'],
    ['zusage', 'zusage'],
    ['Sommer2026', null],
    ['geheim123', null],
  ])('“%s” is not accepted', (passphrase, reason) => {
    const found = strengthOf(passphrase);
    expect(found.level).toBe('weak');
    if (reason !== null) expect(found.reason).toBe(reason);
  });

  test.each(['Enzian-Sattelplatz-Nebelhorn-4711-Quendel', 'my uncle paints green trams'])(
    '“%s” is strong',
    (passphrase) => {
      expect(strengthOf(passphrase)).toEqual({ level: 'strong', reason: null });
    },
  );

  test('there is something between: accepted, and could be better', () => {
    expect(strengthOf('tulpe kran zwerg').level).toBe('fair');
  });

  test('the longest passphrase takes no longer than a person notices', () => {
    expect(strengthOf('ab1'.repeat(2000)).level).toBeTypeOf('string');
    expect(strengthOf('x7!kQ '.repeat(200)).level).toBeTypeOf('string');
  });
});

describe.each([
  ['en', ENGLISH],
  ['de', GERMAN],
])('suggested words (%s)', (_, words) => {
  test('are distinct and can be typed on any keyboard', () => {
    expect(new Set(words).size).toBe(words.length);
    for (const word of words) expect(word).toMatch(/^[a-z]{4,9}$/);
  });

  test('hold at least 60 bits, as stated, and are strong even to who has the list', () => {
    const { words: passphrase, bits } = suggest(words);
    expect(bits).toBeGreaterThanOrEqual(60);
    expect(bits).toBe(Math.floor(passphrase.split(' ').length * Math.log2(words.length)));
    expect(strengthOf(passphrase).level).toBe('strong');
  });

  test('are all drawn, about equally often', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      for (const word of suggest(words).words.split(' '))
        counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    expect(counts.size).toBe(words.length);
    // 60,000 draws: about 49 of each, and six standard deviations are 42.
    for (const count of counts.values()) expect(count).toBeLessThan(100);
  });
});
