import { GRANT_PHRASES, RECEIPT_PHRASES } from './jws-phrases.ts';

/** First byte of what was packed: its phrases, or none; a text begins with a letter. */
const PLAIN = 2;
const PHRASES: { readonly [first: number]: readonly string[] } = {
  3: GRANT_PHRASES,
  4: RECEIPT_PHRASES,
};
/** Bytes of an ES256 signature (RFC 7518 §3.4). */
const SIGNATURE_SIZE = 64;

/**
 * A compact JWS in a third of its length: a byte that names phrases ‖ u16be length of the header ‖ header and payload as
 * bytes, with control characters for the phrases ‖ signature. Not DEFLATE, which takes ten times as long for somewhat
 * less. What would not come back byte for byte stays the text it is.
 */
export function packJws(compact: string): Buffer {
  const parts = compact.split('.').map((part) => Buffer.from(part, 'base64url'));
  const [header, payload, signature] = parts;
  const isExact = parts.map((part) => part.toString('base64url')).join('.') === compact;
  if (!isExact || parts.length !== 3 || signature?.length !== SIGNATURE_SIZE) {
    return Buffer.from(compact);
  }
  const { length } = header as Buffer;
  const content = `${header?.toString('latin1')}${payload?.toString('latin1')}`;
  const first = phrasesOf(content);
  const kept = first === PLAIN ? content : packed(content, PHRASES[first] as readonly string[]);
  const start = Buffer.of(first, length >> 8, length & 255);
  return Buffer.concat([start, Buffer.from(kept, 'latin1'), signature]);
}

/** The text that was packed, or was kept as it is. */
export function unpackJws({ buffer, byteOffset, length: size }: Uint8Array): string {
  const bytes = Buffer.from(buffer, byteOffset, size);
  const first = bytes[0] as number;
  const phrases = PHRASES[first];
  if (first !== PLAIN && phrases === undefined) return bytes.toString();
  const kept = bytes.toString('latin1', 3, size - SIGNATURE_SIZE);
  const content = Buffer.from(phrases === undefined ? kept : unpacked(kept, phrases), 'latin1');
  const length = bytes.readUInt16BE(1);
  return [content.subarray(0, length), content.subarray(length), bytes.subarray(-SIGNATURE_SIZE)]
    .map((part) => part.toString('base64url'))
    .join('.');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none (RFC 8259 §7), unless it is indented.
const CONTROL = /[\0-\x1f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the numbers of the phrases.
const PHRASE = /([\0-\x1e])/;
/** Before the number, from `FIRST_PIECE`, of a piece that is repeated. */
const AGAIN = '\x1f';
const FIRST_PIECE = 32;
/** Characters of the two together. */
const REFERENCE = 2;

function phrasesOf(content: string): number {
  if (CONTROL.test(content)) return PLAIN;
  const known = Object.keys(PHRASES).find((first) =>
    content.startsWith(PHRASES[Number(first)]?.[0] as string),
  );
  return known === undefined ? PLAIN : Number(known);
}

/** Each phrase where it next occurs is its number, and a piece between two of them that stood there before is that place. */
function packed(content: string, phrases: readonly string[]): string {
  const pieces: string[] = [];
  let kept = '';
  let at = 0;
  const keep = (piece: string) => {
    const known = piece.length > REFERENCE ? pieces.indexOf(piece) : -1;
    kept += known === -1 ? piece : AGAIN + String.fromCharCode(FIRST_PIECE + known);
    pieces.push(piece);
  };
  for (let n = 0; n < phrases.length; n++) {
    const phrase = phrases[n] as string;
    const found = content.indexOf(phrase, at);
    if (found === -1) continue;
    keep(content.slice(at, found));
    kept += String.fromCharCode(n);
    at = found + phrase.length;
  }
  keep(content.slice(at));
  return kept;
}

function unpacked(kept: string, phrases: readonly string[]): string {
  const pieces: string[] = [];
  return kept
    .split(PHRASE)
    .map((part, place) => {
      if (place % 2 === 1) return phrases[part.charCodeAt(0)];
      const piece = part.startsWith(AGAIN)
        ? pieces[part.charCodeAt(AGAIN.length) - FIRST_PIECE]
        : part;
      pieces.push(piece as string);
      return piece;
    })
    .join('');
}
