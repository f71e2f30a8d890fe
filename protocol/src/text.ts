import { z } from './shape.ts';

/**
 * Other, unassigned, bidi, zero-width (all of category C), line and paragraph separators, and the letters that draw
 * nothing: whatever could make a sentence look like another one. Unassigned follows the engine's Unicode version.
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|\u034f|\u115f|\u1160|\u3164|\uffa0/u;

export function isPlainText(text: string): boolean {
  return (
    text.normalize('NFC') === text && !INVISIBLE.test(text) && text.trim() === text && text !== ''
  );
}

// Too long is the end of it: normalising takes quadratic time for a long run of combining marks.
export const plainText = (maxLength: number) =>
  z.string().check(z.maxLength(maxLength, { abort: true }), z.refine(isPlainText));

/** The same sentence in both languages, NFC, at most 300 characters. */
export const BothLanguages = z.strictObject({ en: plainText(300), de: plainText(300) });
export type BothLanguages = z.infer<typeof BothLanguages>;
