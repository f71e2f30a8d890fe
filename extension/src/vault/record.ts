/**
 * One sealed row: `schema version (1 byte) ‖ nonce (24) ‖ XChaCha20-Poly1305`. The plaintext is JSON, padded to a
 * multiple of 256 bytes. Associated data is the table, the row's id and the schema version, so a row opens only where it
 * was put, and under the version it was written by.
 */
import { associatedData } from './associated-data.ts';
import { VaultCryptoError } from './errors.ts';
import { decrypt, encrypt, NONCE_BYTES, pad, randomBytes, unpad } from './sodium.ts';

/** What this build writes. A vault whose header says more is only read. */
export const SCHEMA_VERSION = 1;

const BLOCK = 256;
const utf8 = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The tables whose rows are sealed. The manifest's row lies among the records and must not open as one. */
export type SealedTable = 'records' | 'manifest';

/** Seals a JSON value under the records subkey with a fresh random nonce. */
export function seal(key: Uint8Array, table: SealedTable, id: string, value: unknown): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const plaintext = pad(utf8.encode(JSON.stringify(value)), BLOCK);
  const ad = associatedData(table, id, SCHEMA_VERSION);
  const ciphertext = encrypt(plaintext, ad, nonce, key);
  const sealed = new Uint8Array(1 + NONCE_BYTES + ciphertext.length);
  sealed[0] = SCHEMA_VERSION;
  sealed.set(nonce, 1);
  sealed.set(ciphertext, 1 + NONCE_BYTES);
  return sealed;
}

/**
 * What `seal` was given.
 *
 * @throws VaultCryptoError `vault/corrupt` when it was altered, or belongs to another id, table or version.
 */
export function open(key: Uint8Array, table: SealedTable, id: string, sealed: unknown): unknown {
  if (!(sealed instanceof Uint8Array) || sealed.length < 1 + NONCE_BYTES)
    throw new VaultCryptoError('vault/corrupt');
  const ad = associatedData(table, id, sealed[0] as number);
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const padded = decrypt(sealed.subarray(1 + NONCE_BYTES), ad, nonce, key);
  const plaintext = padded && unpad(padded, BLOCK);
  if (plaintext === null) throw new VaultCryptoError('vault/corrupt');
  try {
    return JSON.parse(strict.decode(plaintext));
  } catch {
    throw new VaultCryptoError('vault/corrupt');
  }
}
