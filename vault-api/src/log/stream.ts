import { bytesOf, HASH_SIZE, type Mac, macUnder } from './hash.ts';

/** Bytes of a stream's root, and of a tag. */
export const STREAM_ROOT_SIZE = 32;
export const TAG_SIZE = 16;

/** RFC 5869 §2: a missing salt is a hash of zeros; an output of one hash is one block. */
const extract = macUnder(Buffer.alloc(HASH_SIZE));
const FIRST_BLOCK = Buffer.of(1);

export type StreamKind = 'brand' | 'person';

/**
 * HKDF-SHA-256 of a stream's root for one UTC month (RFC 5869), empty salt, 32 bytes. Whoever holds it finds every entry of the stream
 * in that month, and no other.
 * @param month `2026-11`
 */
export function epochKey(root: Buffer, kind: StreamKind, month: string): Buffer {
  const extracted = bytesOf(extract(root));
  return bytesOf(macUnder(extracted)(`grantlog/${kind}/v1/${month}`, FIRST_BLOCK));
}

/** HMAC-SHA-256(epoch key, "tag" ‖ u64be(seq))[:16]. @param seq from 1 in each month */
export function tagOf(epoch: Buffer, seq: number): Buffer {
  return tagUnder(macUnder(epoch), seq);
}

/** The same, for many tags under one key. */
export function tagUnder(epoch: Mac, seq: number): Buffer {
  const message = Buffer.from('tag\0\0\0\0\0\0\0\0', 'latin1');
  message.writeBigUInt64BE(BigInt(seq), 3);
  return bytesOf(epoch(message)).subarray(0, TAG_SIZE);
}
