import { type Bytes, concat, encodeUtf8 } from '../bytes.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { TlogError } from './errors.ts';
import { sha256 } from './hash.ts';

/** C2SP signed-note: 0x01 Ed25519 over the text, 0x04 Ed25519 cosignature over a time and the text. */
export const KeyType = { ed25519: 0x01, cosignature: 0x04 } as const;
export type KeyType = (typeof KeyType)[keyof typeof KeyType];

/** A C2SP verifier key. */
export type VerifierKey = {
  readonly name: string;
  /** Eight hexadecimal digits: SHA-256(name ‖ LF ‖ type ‖ public key)[:4]. */
  readonly id: string;
  readonly type: KeyType;
  /** Raw Ed25519, 32 bytes. */
  readonly publicKey: Bytes;
};

const NAME = /^[^\s+\p{Cc}]{1,255}$/u;

export function isKeyName(name: string): boolean {
  return NAME.test(name);
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function verifierKey(name: string, type: KeyType, publicKey: Bytes): VerifierKey {
  const digest = sha256(concat(encodeUtf8(`${name}\n`), Uint8Array.of(type), publicKey));
  return { name, id: hexOf(digest.subarray(0, 4)), type, publicKey };
}

/** `name+hex8(key id)+base64(type ‖ key)`. */
export function formatVkey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${id}+${encodeBase64(concat(Uint8Array.of(type), publicKey))}`;
}

/** @throws TlogError `vkey/format`, `vkey/type` (not Ed25519), `vkey/id` (not the hash of name and key), `base64/format` */
export function parseVkey(vkey: string): VerifierKey {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey) ?? [];
  if (name === undefined || id === undefined || encoded === undefined || !isKeyName(name)) {
    throw new TlogError('vkey/format');
  }
  const typed = decodeBase64(encoded);
  const type = Object.values(KeyType).find((known) => known === typed[0]);
  if (type === undefined) throw new TlogError('vkey/type');
  if (typed.length !== 33) throw new TlogError('vkey/format');
  const key = verifierKey(name, type, typed.slice(1));
  if (key.id !== id) throw new TlogError('vkey/id');
  return key;
}
