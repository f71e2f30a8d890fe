import { type Bytes, concat, decodeBase64url, encodeBase64url, encodeUtf8 } from '../bytes.ts';
import type { Minute } from './entry.ts';
import { hkdf32, hmacSha256, sha256, u64be } from './hash.ts';

const COMMITMENT_KEY = sha256(encodeUtf8('grantlog/commit/v1'));
const TAG = encodeUtf8('tag');

/**
 * What an entry binds without showing it: HMAC-SHA-256(SHA-256("grantlog/commit/v1"), r ‖ u64be(length) ‖ payload).
 * @param r 32 random bytes, which can be destroyed alone
 * @returns base64url, as entries write it
 */
export function commit(r: Bytes, payload: string): string {
  const bytes = encodeUtf8(payload);
  return encodeBase64url(hmacSha256(COMMITMENT_KEY, concat(r, u64be(bytes.length), bytes)));
}

export type StreamKind = 'brand' | 'person';

/** `YYYY-MM` of a minute: a stream's keys last a month, and its numbers begin anew. */
export function monthOf(minute: Minute): string {
  return minute.slice(0, 7);
}

/**
 * The key of one stream in one month: HKDF-SHA-256(root, "grantlog/<kind>/v1/YYYY-MM"), 32 bytes.
 * @param root base64url, 32 bytes
 * @throws FormatError `bytes/base64url`
 */
export function epochKey(root: string, kind: StreamKind, month: string): Bytes {
  return hkdf32(decodeBase64url(root), `grantlog/${kind}/v1/${month}`);
}

/** Tag number `seq` of a stream's month: HMAC-SHA-256(key, "tag" ‖ u64be(seq))[:16], base64url. */
export function streamTag(key: Bytes, seq: number): string {
  return encodeBase64url(hmacSha256(key, concat(TAG, u64be(seq))).subarray(0, 16));
}
