/**
 * What lies on the disk: rows of a random id and ciphertext, and one header. Kinds, brands, times and values are inside
 * the ciphertext.
 */
import { Dexie, type EntityTable } from 'dexie';
import { VaultError, VaultRefusal } from './errors.ts';
import type { Wrapping } from './wrapping.ts';

export interface SealedRow {
  /** 16 random bytes, base64url. */
  readonly id: string;
  readonly sealed: Uint8Array;
}

export interface Header {
  readonly id: typeof HEADER_ID;
  /** Schema version of the vault. It lives here and never in IndexedDB's own version: raising that one could not be undone by an older build. */
  readonly version: number;
  /** Each wrapping with its own KDF parameters. */
  readonly wrappings: readonly Wrapping[];
  /** Id of the manifest's row among the records. */
  readonly manifest: string;
}

export const HEADER_ID = 'vault';

export class VaultDatabase extends Dexie {
  declare readonly records: EntityTable<SealedRow, 'id'>;
  declare readonly header: EntityTable<Header, 'id'>;

  constructor(name = 'zusage-vault') {
    // Strict: a stop index or an answered nonce that was handed out must survive a power cut. Chromium's default does not promise it.
    super(name, { chromeTransactionDurability: 'strict', cache: 'disabled' });
    this.version(1).stores({ records: 'id', header: 'id' });
  }
}

/**
 * Runs database work; whatever storage itself throws (quota, closed, blocked) becomes one code and the transaction has
 * left the old state.
 *
 * @throws VaultRefusal `vault/storage`; a VaultError of `work` passes unchanged.
 */
export async function stored<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VaultError) throw error;
    throw new VaultRefusal('vault/storage');
  }
}
