import { expect, test } from 'vitest';
import { passphraseBytes } from './passphrase.ts';

const refused = expect.objectContaining({ code: 'vault/passphrase' });

test('composed, decomposed and compatibility spellings are one passphrase', () => {
  const composed = passphraseBytes('Gr\u00fc\u00dfe \ufb01x');
  expect(passphraseBytes('Gru\u0308\u00dfe fix')).toEqual(composed);
  expect(passphraseBytes('Gruesse fix')).not.toEqual(composed);
});

test('1 to 1,024 bytes of UTF-8 after NFKC are accepted, nothing else', () => {
  expect(passphraseBytes('x')).toHaveLength(1);
  expect(passphraseBytes('ü'.repeat(512))).toHaveLength(1024);
  expect(() => passphraseBytes('')).toThrow(refused);
  expect(() => passphraseBytes(`${'ü'.repeat(512)}x`)).toThrow(refused);
  // 400 characters of three bytes are within, but NFKC spells each out as eighteen characters.
  expect(() => passphraseBytes('\ufdfa'.repeat(400))).toThrow(refused);
});

test('a lone surrogate is refused, because two of them would be the same passphrase', () => {
  expect(() => passphraseBytes('a\ud800')).toThrow(refused);
});
