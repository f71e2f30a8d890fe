/** First byte of what was packed; a text begins with a letter. */
const PACKED = 1;
/** Bytes of an ES256 signature (RFC 7518 §3.4). */
const SIGNATURE_SIZE = 64;

/**
 * A compact JWS as the bytes its three parts stand for: 0x01 ‖ u16be length of the header ‖ header ‖ payload ‖ signature.
 * What would not come back byte for byte stays the text it is.
 */
export function packJws(compact: string): Buffer {
  const [header, payload, signature] = compact
    .split('.')
    .map((part) => Buffer.from(part, 'base64url'));
  if (header !== undefined && payload !== undefined && signature !== undefined) {
    const start = Buffer.of(PACKED, header.length >> 8, header.length & 255);
    const packed = Buffer.concat([start, header, payload, signature]);
    if (unpackJws(packed) === compact) return packed;
  }
  return Buffer.from(compact);
}

/** The text that was packed, or was kept as it is. */
export function unpackJws(kept: Uint8Array): string {
  const bytes = Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength);
  if (bytes[0] !== PACKED) return bytes.toString();
  const payload = 3 + bytes.readUInt16BE(1);
  const signature = bytes.length - SIGNATURE_SIZE;
  const part = (from: number, to?: number) => bytes.subarray(from, to).toString('base64url');
  return `${part(3, payload)}.${part(payload, signature)}.${part(signature)}`;
}
