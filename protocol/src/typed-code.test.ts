import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { decodeTyped, encodeTyped, TYPED_GROUPS, type TypedKind } from './typed-code.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const root = fc.uint8Array({ minLength: 16, maxLength: 16 });
const kind = fc.constantFrom<TypedKind>('recovery', 'stop');
const plain = (text: string) => text.replaceAll('-', '');

test('the form is pinned: what is printed today is read in years', () => {
  const counting = Uint8Array.from({ length: 16 }, (_, i) => i);
  expect(encodeTyped('recovery', new Uint8Array(16))).toBe('0000-0000-0000-0000-0000-0000-0000');
  expect(encodeTyped('stop', new Uint8Array(16))).toBe('0000-0000-0000-0000-0000-0000-0001');
  expect(encodeTyped('recovery', counting)).toBe('0004-1061-050R-3GG2-8A1C-60T3-GFFK');
  expect(encodeTyped('stop', new Uint8Array(16).fill(255))).toBe(
    '7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZ3C',
  );
});

test.prop([kind, root])('every 16 bytes come back from seven groups of four', (of, bytes) => {
  const text = encodeTyped(of, bytes);
  expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(text.split('-')).toHaveLength(TYPED_GROUPS);
  expect(decodeTyped(of, text)).toEqual(bytes);
});

test.prop([kind, root])('small letters, O, I, l, spaces and other dashes are read', (of, bytes) => {
  const text = encodeTyped(of, bytes);
  expect(decodeTyped(of, text.toLowerCase())).toEqual(bytes);
  expect(decodeTyped(of, text.replaceAll('0', 'O').replaceAll('1', 'l'))).toEqual(bytes);
  expect(decodeTyped(of, text.replaceAll('0', 'o').replaceAll('1', 'I'))).toEqual(bytes);
  expect(decodeTyped(of, ` ${text.replaceAll('-', '\u2013 ')}\n`)).toEqual(bytes);
  expect(decodeTyped(of, plain(text))).toEqual(bytes);
});

test.prop([kind, root])('every single wrong character is noticed', (of, bytes) => {
  const text = plain(encodeTyped(of, bytes));
  for (let at = 0; at < text.length; at += 1)
    for (const wrong of ALPHABET)
      if (wrong !== text[at])
        expect(typeof decodeTyped(of, text.slice(0, at) + wrong + text.slice(at + 1))).toBe(
          'string',
        );
});

test.prop([kind, root])('any two characters that changed places are noticed', (of, bytes) => {
  const text = plain(encodeTyped(of, bytes));
  for (let i = 0; i < text.length; i += 1)
    for (let j = i + 1; j < text.length; j += 1) {
      if (text[i] === text[j]) continue;
      const swapped = [...text];
      [swapped[i], swapped[j]] = [swapped[j] as string, swapped[i] as string];
      expect(typeof decodeTyped(of, swapped.join(''))).toBe('string');
    }
});

test.prop([root])('the code of one sheet is never taken for the other, and says so', (bytes) => {
  expect(decodeTyped('stop', encodeTyped('recovery', bytes))).toBe('other-kind');
  expect(decodeTyped('recovery', encodeTyped('stop', bytes))).toBe('other-kind');
});

test.prop([kind, fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 28, maxLength: 28 })])(
  'what is read has one spelling',
  (of, text) => {
    const read = decodeTyped(of, text);
    if (typeof read !== 'string') expect(plain(encodeTyped(of, read))).toBe(text);
  },
);

test('too short, too long, a character that does not exist', () => {
  const text = encodeTyped('stop', new Uint8Array(16).fill(7));
  expect(decodeTyped('stop', '')).toBe('incomplete');
  expect(decodeTyped('stop', text.slice(1))).toBe('incomplete');
  expect(decodeTyped('stop', `${text}0`)).toBe('incomplete');
  expect(decodeTyped('stop', `${text.slice(0, -1)}U`)).toBe('mistyped');
  expect(decodeTyped('stop', `${text.slice(0, -1)}ß`)).toBe('incomplete');
});
