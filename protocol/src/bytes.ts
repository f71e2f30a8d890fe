import { fromBase64url, toBase64url } from '#primitives';
import { FormatError } from './errors.ts';

/** Bytes that WebCrypto accepts: never over a SharedArrayBuffer. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
// ignoreBOM keeps a BOM in the text, where the check below sees it; fatal refuses what is not UTF-8.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeUtf8(text: string): Bytes {
  return encoder.encode(text) as Bytes;
}

/** @throws FormatError `bytes/utf8` for invalid UTF-8 or a byte order mark. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new FormatError('bytes/utf8', { cause });
  }
  if (text.startsWith('\uFEFF')) throw new FormatError('bytes/utf8');
  return text;
}

export function encodeBase64url(bytes: Uint8Array): string {
  return toBase64url(bytes);
}

/** The characters that may end a text whose last byte leaves four bits over, or two: all others would lose bits. */
const LAST = [/[AQgw]$/, /[AEIMQUYcgkosw048]$/] as const;

/**
 * Strict base64url (RFC 4648 §5, no padding): the only accepted spelling is the one we would write, so that two
 * different texts never stand for the same bytes.
 * @throws FormatError `bytes/base64url`
 */
export function decodeBase64url(text: string): Bytes {
  const rest = text.length % 4;
  if (
    !/^[A-Za-z0-9_-]*$/.test(text) ||
    rest === 1 ||
    (rest > 1 && !(LAST[rest - 2] as RegExp).test(text))
  ) {
    throw new FormatError('bytes/base64url');
  }
  return fromBase64url(text);
}

export function concat(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export function u32be(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
