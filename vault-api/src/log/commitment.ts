import { hash } from 'node:crypto';
import { bytesOf, type Digest, macUnder } from './hash.ts';

/** Bytes of a salt, as in SD-JWT, and of `r`. */
export const SALT_SIZE = 16;
export const R_SIZE = 32;

/** Key of all commitments: it separates them from other uses of HMAC and is no secret. */
const mac = macUnder(hash('sha256', 'grantlog/commit/v1', 'buffer'));

/** A field that opens by itself. */
export type Field = readonly [name: string, value: unknown];

/** base64url([salt, name, value]), as in SD-JWT (RFC 9901 §4.2.1). */
export function disclosureOf(salt: Buffer, [name, value]: Field): string {
  const text = JSON.stringify([salt.toString('base64url'), name, value]);
  return Buffer.from(text).toString('base64url');
}

/** base64url SHA-256 of the ASCII disclosure. */
export function digestOf(disclosure: string): string {
  return hash('sha256', disclosure, 'base64url');
}

/** `{"_sd":[sorted digests],"v":1}` */
export function payloadOf(digests: readonly string[]): string {
  return `{"_sd":${JSON.stringify([...digests].sort())},"v":1}`;
}

/** u64be, filled anew for each commitment. */
const LENGTH = Buffer.alloc(8);

/** HMAC-SHA-256(Kc, r ‖ u64be(length) ‖ payload), 32 bytes. @param r 32 random bytes, of this entry alone */
export function commitmentOf(r: Buffer, payload: string): Buffer {
  return bytesOf(commitmentDigest(r, payload));
}

export function commitmentDigest(r: Buffer, payload: string): Digest {
  LENGTH.writeUIntBE(Buffer.byteLength(payload), 2, 6);
  return mac(r, LENGTH, payload);
}

/** All of it: fields with one salt each, in their order. @param salts 16 bytes for each field, one after the other */
export function commitTo(
  fields: readonly Field[],
  salts: Buffer,
  r: Buffer,
): { readonly payload: string; readonly commitment: Buffer; readonly digests: readonly string[] } {
  const digests = fields.map((field, i) => digestOf(disclosureOf(saltAt(salts, i), field)));
  const payload = payloadOf(digests);
  return { payload, commitment: commitmentOf(r, payload), digests };
}

export function saltAt(salts: Buffer, place: number): Buffer {
  return salts.subarray(place * SALT_SIZE, (place + 1) * SALT_SIZE);
}
