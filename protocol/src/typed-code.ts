/**
 * 16 bytes as a person writes them on paper and types them back (SPEC §8.2 "Typed form"): Crockford's base32 with two
 * check characters, in seven groups of four.
 *
 * Two things are printed in this form that must never be taken for each other: what opens a vault, and what ends
 * grants. The check says which it is.
 */
import type { Bytes } from './bytes.ts';

export type TypedKind = 'recovery' | 'stop';

/** `incomplete`: not 28 characters. `mistyped`: a character is wrong. `other-kind`: right, but the other sheet's code. */
export type TypedProblem = 'incomplete' | 'mistyped' | 'other-kind';

export const TYPED_GROUPS = 7;

/** Crockford: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 28;
const CHECK = 1024n;

/**
 * The largest prime below 32². As a prime it divides no difference of two characters, and the order of 32 modulo 1021
 * (204) is above 28, so no exchange of two: each wrong character and each two that changed places are noticed.
 */
const MODULUS = 1021n;
const REMAINDER: Readonly<Record<TypedKind, bigint>> = { recovery: 0n, stop: 1n };

/** `bytes` are 16; the answer is `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`. */
export function encodeTyped(kind: TypedKind, bytes: Uint8Array): string {
  const number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const check = (((REMAINDER[kind] - number * CHECK) % MODULUS) + MODULUS) % MODULUS;
  let rest = number * CHECK + check;
  let text = '';
  for (let i = 0; i < CHARACTERS; i += 1) {
    if (i > 0 && i % 4 === 0) text = `-${text}`;
    text = `${ALPHABET[Number(rest % 32n)]}${text}`;
    rest /= 32n;
  }
  return text;
}

/** As a person types it: spaces and dashes anywhere, small letters, O for 0, I and L for 1. */
export function tidyTyped(text: string): string {
  return text
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
}

/** The 16 bytes, or what is wrong with what was typed. */
export function decodeTyped(kind: TypedKind, text: string): Bytes | TypedProblem {
  const typed = tidyTyped(text);
  if (typed.length !== CHARACTERS) return 'incomplete';
  let whole = 0n;
  for (const character of typed) {
    const digit = ALPHABET.indexOf(character);
    if (digit === -1) return 'mistyped';
    whole = whole * 32n + BigInt(digit);
  }
  const other: TypedKind = kind === 'stop' ? 'recovery' : 'stop';
  let number = whole / CHECK;
  if (number >= 1n << 128n || whole % CHECK >= MODULUS) return 'mistyped';
  if (whole % MODULUS === REMAINDER[other]) return 'other-kind';
  if (whole % MODULUS !== REMAINDER[kind]) return 'mistyped';
  const bytes = new Uint8Array(16);
  for (let i = 15; i >= 0; i -= 1) {
    bytes[i] = Number(number & 0xffn);
    number >>= 8n;
  }
  return bytes;
}
