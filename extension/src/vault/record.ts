/**
 * One sealed row: `schema version (1 byte) ‖ nonce (24) ‖ XChaCha20-Poly1305`. The plaintext is padded to a multiple of
 * 256 bytes. Associated data is the table, the row's id and the schema version, so a row opens only where it was put,
 * and under the version it was written by.
 */
import { associatedData } from './associated-data.ts';
import { VaultCryptoError } from './errors.ts';
import { Decrypter, decrypt, encrypt, NONCE_BYTES, pad, randomBytes, unpad } from './sodium.ts';

/**
 * What this build writes. A vault whose header says more is only read. One of version 1, with one manifest for all
 * records and JSON around each value, is read as it is and becomes version 2 with the first write.
 */
export const SCHEMA_VERSION = 2;

const BLOCK = 256;
const utf8 = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The tables whose rows are sealed. The manifest's rows lie among the records and must not open as one. */
export type SealedTable = 'records' | 'manifest' | 'shard';

/** Seals bytes under the records subkey with a fresh random nonce. */
export function seal(
  key: Uint8Array,
  table: SealedTable,
  id: string,
  plaintext: Uint8Array,
): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const ad = associatedData(table, id, SCHEMA_VERSION);
  const ciphertext = encrypt(pad(plaintext, BLOCK), ad, nonce, key);
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
export function open(key: Uint8Array, table: SealedTable, id: string, sealed: unknown): Uint8Array {
  const row = checkedRow(sealed);
  const ad = associatedData(table, id, row[0] as number);
  const nonce = row.subarray(1, 1 + NONCE_BYTES);
  return unpadded(decrypt(row.subarray(1 + NONCE_BYTES), ad, nonce, key));
}

/** Opens the rows of one table one after the other, quicker than `open`; to be closed afterwards. */
export class RowOpener {
  readonly #decrypter: Decrypter;
  readonly #table: SealedTable;
  #ad: { readonly bytes: Uint8Array; readonly idAt: number; readonly idLength: number };

  constructor(key: Uint8Array, table: SealedTable) {
    this.#decrypter = new Decrypter(key);
    this.#table = table;
    this.#ad = this.#adFor('');
  }

  /** As `open`; the bytes are to be copied before the next call. @throws as `open` */
  open(id: string, sealed: unknown): Uint8Array {
    const row = checkedRow(sealed);
    const name = String(id);
    // Ids are of one length, so only they and the version change from row to row.
    const { idAt, idLength } = this.#ad;
    let { bytes } = this.#ad;
    // Ids are base64url; what is anything else is encoded whole. A loop is quicker than an encoder for so few.
    let isPlain = name.length === idLength;
    for (let i = 0; isPlain && i < idLength; i++) {
      const code = name.charCodeAt(i);
      isPlain = code < 0x80;
      bytes[idAt + i] = code;
    }
    if (!isPlain) {
      this.#ad = this.#adFor(name);
      bytes = this.#ad.bytes;
    }
    bytes[bytes.length - 1] = row[0] as number;
    return unpadded(this.#decrypter.decrypt(row, 1, bytes));
  }

  close(): void {
    this.#decrypter.close();
  }

  #adFor(id: string) {
    const bytes = associatedData(this.#table, id, SCHEMA_VERSION);
    const idAt = associatedData(this.#table, '').length;
    const idLength = bytes.length - idAt - associatedData(SCHEMA_VERSION).length;
    return { bytes, idAt, idLength };
  }
}

/** Seals a JSON value. */
export function sealJson(key: Uint8Array, table: SealedTable, id: string, value: unknown) {
  return seal(key, table, id, utf8.encode(JSON.stringify(value)));
}

/** What `sealJson` was given. @throws as `open`, also when it is not JSON. */
export function openJson(
  key: Uint8Array,
  table: SealedTable,
  id: string,
  sealed: unknown,
): unknown {
  return parsed(open(key, table, id, sealed));
}

/** @throws VaultCryptoError `vault/corrupt` when these bytes are not JSON. */
export function parsed(json: Uint8Array): unknown {
  try {
    return JSON.parse(strict.decode(json));
  } catch {
    throw new VaultCryptoError('vault/corrupt');
  }
}

function checkedRow(sealed: unknown): Uint8Array {
  if (!(sealed instanceof Uint8Array) || sealed.length < 1 + NONCE_BYTES)
    throw new VaultCryptoError('vault/corrupt');
  return sealed;
}

function unpadded(padded: Uint8Array | null): Uint8Array {
  const plaintext = padded && unpad(padded, BLOCK);
  if (plaintext === null) throw new VaultCryptoError('vault/corrupt');
  return plaintext;
}
