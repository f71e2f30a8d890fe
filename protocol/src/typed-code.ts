/**
 * Sixteen bytes as a person types them (SPEC §8.2 "Typed form"): Crockford base32 in groups of four, with two check
 * characters. Imports nothing, because a page without modules carries these functions as they stand.
 */

/** What a code is for. One typed in the place of another is recognised before it is used. */
export type CodePurpose = 'recovery' | 'stop';

/**
 * - `length` – not 28 characters
 * - `letters` – a character that is in no code
 * - `check` – mistyped
 * - `other-code` – a code of the other purpose
 */
export type CodeProblem = 'length' | 'letters' | 'check' | 'other-code';

/** `bytes` (16) as seven groups: `0123-4567-…`. @throws RangeError for any other length */
export function typedCode(bytes: Uint8Array, purpose: CodePurpose): string {
  if (bytes.length !== 16) throw new RangeError('wrong length');
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  const check = (Number(value % 1021n) + (purpose === 'stop' ? 1 : 2)) % 1021;
  let text = '';
  for (let i = 0; i < 26; i++) {
    text = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  text += '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(check >> 5);
  text += '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(check & 31);
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

/**
 * The bytes of a typed code. Case, spaces and dashes do not matter; O is 0, I and L are 1. Every wrong character and
 * every two that changed places are found.
 */
export function readTypedCode(typed: string, purpose: CodePurpose): Uint8Array | CodeProblem {
  const text = typed
    .toUpperCase()
    .replace(/[\s\-\u2010-\u2015]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  if (/[^0-9A-HJKMNP-TV-Z]/.test(text)) return 'letters';
  if (text.length !== 28) return 'length';
  let value = 0n;
  for (const character of text.slice(0, 26)) {
    value = (value << 5n) | BigInt('0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(character));
  }
  const digit = (at: number) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(text.charAt(at));
  const check = digit(26) * 32 + digit(27);
  const sum = Number(value % 1021n);
  const own = purpose === 'stop' ? 1 : 2;
  if (value >> 128n !== 0n || check >= 1021) return 'check';
  if (check === (sum + 3 - own) % 1021) return 'other-code';
  if (check !== (sum + own) % 1021) return 'check';
  const bytes = new Uint8Array(16);
  for (let i = 15; i >= 0; i--) {
    bytes[i] = Number(value & 255n);
    value >>= 8n;
  }
  return bytes;
}
