import { createHmac, hkdfSync } from 'node:crypto';

/** Bytes of a stream's root, and of a tag. */
export const STREAM_ROOT_SIZE = 32;
export const TAG_SIZE = 16;

export type StreamKind = 'brand' | 'person';

/**
 * HKDF-SHA-256 of a stream's root for one UTC month (RFC 5869), empty salt, 32 bytes. Whoever holds it finds every entry of the stream
 * in that month, and no other.
 * @param month `2026-11`
 */
export function epochKey(root: Buffer, kind: StreamKind, month: string): Buffer {
  return Buffer.from(hkdfSync('sha256', root, '', `grantlog/${kind}/v1/${month}`, 32));
}

/** HMAC-SHA-256(epoch key, "tag" ‖ u64be(seq))[:16]. @param seq from 1 in each month */
export function tagOf(epoch: Buffer, seq: number): Buffer {
  const message = Buffer.from('tag\0\0\0\0\0\0\0\0', 'latin1');
  message.writeBigUInt64BE(BigInt(seq), 3);
  return createHmac('sha256', epoch).update(message).digest().subarray(0, TAG_SIZE);
}
