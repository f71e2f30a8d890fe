/**
 * The plaintext of a row: `revision (u48be) ‖ length of the name (u32be) ‖ name ‖ JSON of the value`, the name being
 * `kind U+0000 key`, text in UTF-8. What the index needs stands in front, so that opening a vault parses no value.
 */
import { VaultCryptoError } from './errors.ts';
import { parsed } from './record.ts';

export interface Entry {
  readonly kind: string;
  readonly key: string;
  /** That of the change which wrote it. */
  readonly revision: number;
  /** The value, not parsed. */
  readonly json: Uint8Array;
}

const FRONT = 10;
const HIGH = 2 ** 32;
const utf8 = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function jsonOf(value: unknown): Uint8Array {
  return utf8.encode(JSON.stringify(value));
}

export function encodeEntry({ kind, key, revision, json }: Entry): Uint8Array {
  const name = utf8.encode(`${kind}\0${key}`);
  const bytes = new Uint8Array(FRONT + name.length + json.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(revision / HIGH));
  view.setUint32(2, revision % HIGH);
  view.setUint32(6, name.length);
  bytes.set(name, FRONT);
  bytes.set(json, FRONT + name.length);
  return bytes;
}

/**
 * The opposite of `encodeEntry`; `json` is a part of `plaintext`, not a copy.
 *
 * @param version the schema version that the row was written by
 * @throws VaultCryptoError `vault/corrupt`
 */
export function decodeEntry(version: number, plaintext: Uint8Array): Entry {
  if (version === 1) return firstEntry(plaintext);
  const end = plaintext.length < FRONT ? Number.NaN : FRONT + u32be(plaintext, 6);
  if (!(end <= plaintext.length)) throw new VaultCryptoError('vault/corrupt');
  const name = text(plaintext, FRONT, end);
  const split = name.indexOf('\0');
  const revision = (u32be(plaintext, 0) >>> 16) * HIGH + u32be(plaintext, 2);
  if (split === -1 || revision === 0) throw new VaultCryptoError('vault/corrupt');
  return {
    kind: name.slice(0, split),
    key: name.slice(split + 1),
    revision,
    json: plaintext.subarray(end),
  };
}

/** Version 1 wrote all of it as JSON. */
function firstEntry(plaintext: Uint8Array): Entry {
  const { kind, key, revision, value } = (parsed(plaintext) ?? {}) as Partial<
    Entry & { value: unknown }
  >;
  if (typeof kind !== 'string' || typeof key !== 'string' || !revision)
    throw new VaultCryptoError('vault/corrupt');
  return { kind, key, revision, json: jsonOf(value) };
}

/** Quicker for thousands of rows than a view of each. */
function u32be(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as [
    number,
    number,
    number,
    number,
  ];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** Nearly every name is ASCII and short, for which a decoder would cost more than all the rest of the entry. */
function text(bytes: Uint8Array, from: number, end: number): string {
  const units: number[] = [];
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80 || units.length === 256) return decoded(bytes.subarray(from, end));
    units.push(byte);
  }
  return String.fromCharCode(...units);
}

function decoded(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw new VaultCryptoError('vault/corrupt');
  }
}
