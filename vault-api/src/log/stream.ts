import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

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
  const pseudorandom = createSecretKey(createHmac('sha256', NO_SALT).update(root).digest());
  // One block of output, so one round of the expansion.
  const info = `grantlog/${kind}/v1/${month}\u0001`;
  return createHmac('sha256', pseudorandom).update(info).digest();
}

// Key objects: node:crypto takes five times as long to find out what another kind of key is.
const NO_SALT = createSecretKey(Buffer.alloc(32));

/** HMAC-SHA-256(epoch key, "tag" ‖ u64be(seq))[:16]. @param seq from 1 in each month */
export function tagOf(epoch: KeyObject, seq: number): Buffer {
  const message = Buffer.from('tag\0\0\0\0\0\0\0\0', 'latin1');
  message.writeBigUInt64BE(BigInt(seq), 3);
  return createHmac('sha256', epoch).update(message).digest().subarray(0, TAG_SIZE);
}
