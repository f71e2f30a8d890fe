import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { JWS_DICTIONARY } from './jws-dictionary.ts';

/** First byte of what was packed, with the one dictionary there is or as plain bytes; a text begins with a letter. */
const DEFLATED = 1;
const PLAIN = 2;
/** Bytes of an ES256 signature (RFC 7518 §3.4). */
const SIGNATURE_SIZE = 64;
/** A window that holds the dictionary and a message, and little memory: most of the time is its allocation. */
const OPTIONS = {
  level: 6,
  windowBits: 13,
  memLevel: 6,
  chunkSize: 2048,
  dictionary: JWS_DICTIONARY,
};

/**
 * A compact JWS in about a quarter of its length: 0x01 ‖ u16be length of the header ‖ DEFLATE (RFC 1951) of header and
 * payload as bytes ‖ signature. In three quarters of it, in a tenth of the time: 0x02, and the same without DEFLATE.
 * What would not come back byte for byte stays the text it is.
 */
export function packJws(compact: string, { isDeflated }: { isDeflated: boolean }): Buffer {
  const parts = compact.split('.').map((part) => Buffer.from(part, 'base64url'));
  const [header, payload, signature] = parts;
  const isExact = parts.map((part) => part.toString('base64url')).join('.') === compact;
  if (!isExact || parts.length !== 3 || signature?.length !== SIGNATURE_SIZE) {
    return Buffer.from(compact);
  }
  const { length } = header as Buffer;
  const start = Buffer.of(isDeflated ? DEFLATED : PLAIN, length >> 8, length & 255);
  const content = Buffer.concat([header as Buffer, payload as Buffer]);
  const kept = isDeflated ? deflateRawSync(content, OPTIONS) : content;
  return Buffer.concat([start, kept, signature]);
}

/** The text that was packed, or was kept as it is. */
export function unpackJws({ buffer, byteOffset, length: size }: Uint8Array): string {
  const bytes = Buffer.from(buffer, byteOffset, size);
  if (bytes[0] !== DEFLATED && bytes[0] !== PLAIN) return bytes.toString();
  const kept = bytes.subarray(3, -SIGNATURE_SIZE);
  const content = bytes[0] === DEFLATED ? inflateRawSync(kept, OPTIONS) : kept;
  const length = bytes.readUInt16BE(1);
  return [content.subarray(0, length), content.subarray(length), bytes.subarray(-SIGNATURE_SIZE)]
    .map((part) => part.toString('base64url'))
    .join('.');
}
