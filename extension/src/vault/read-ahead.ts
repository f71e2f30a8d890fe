/**
 * What an unlock reads, read while the person still enters the passphrase: rows as they lie on the disk, of which nothing
 * can be opened without the key.
 */
import { HEADER_ID, type Header, type SealedRow, stored, type VaultDatabase } from './database.ts';

/** Milliseconds that rows are kept for an unlock that does not come. */
const KEPT = 60_000;

/** Header and rows of one moment; the rows are on their way when the header is there. */
export interface Read {
  readonly header: Header | undefined;
  readonly rows: Promise<readonly SealedRow[]>;
}

export class ReadAhead {
  readonly #database: VaultDatabase;
  #begun: Promise<Read> | null = null;
  /** What was begun, once all of it is there. */
  #done: { header: Header | undefined; rows: readonly SealedRow[] } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(database: VaultDatabase) {
    this.#database = database;
  }

  /** Begins to read, unless that was begun before. What fails is read again when it is needed. */
  begin(): void {
    if (this.#begun !== null) return;
    const begun = this.#read();
    this.#begun = begun;
    this.#timer = setTimeout(() => this.drop(), KEPT);
    const keep = async () => {
      const { header, rows } = await begun;
      const read = await rows;
      if (this.#begun === begun) this.#done = { header, rows: read };
    };
    keep().catch(() => {
      if (this.#begun === begun) this.drop();
    });
  }

  /**
   * Header and rows: those that were read ahead when the store still holds the same, else those of now.
   *
   * @throws VaultRefusal `vault/storage`
   */
  async take(): Promise<Read> {
    if (this.#begun === null) return this.#read();
    // Still on its way: it is as new as what would be read now.
    if (this.#done === null) return this.#begun;
    const { header, rows } = this.#done;
    const now = await this.#state();
    const before = rows.find(({ id }) => id === header?.manifest);
    // Every write seals the root of the manifest anew, under another nonce.
    const same = before && now.root && areSame(before.sealed, now.root.sealed);
    return same ? { header: now.header, rows: Promise.resolve(rows) } : this.#read();
  }

  /** Forgets what was read. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#begun = null;
    this.#done = null;
  }

  async #read(): Promise<Read> {
    const { records, header: headers } = this.#database;
    const header = Promise.withResolvers<Header | undefined>();
    const rows = stored(() =>
      this.#database.transaction('r', records, headers, async () => {
        const both = [headers.get(HEADER_ID), records.toArray()] as const;
        header.resolve(await both[0]);
        return both[1];
      }),
    );
    rows.catch(header.reject);
    return { header: await header.promise, rows };
  }

  /** The header, and the root of its manifest. */
  #state(): Promise<{ header: Header | undefined; root: SealedRow | undefined }> {
    const { records, header: headers } = this.#database;
    return stored(() =>
      this.#database.transaction('r', records, headers, async () => {
        const header = await headers.get(HEADER_ID);
        return { header, root: header && (await records.get(header.manifest)) };
      }),
    );
  }
}

function areSame(a: unknown, b: unknown): boolean {
  return (
    a instanceof Uint8Array &&
    b instanceof Uint8Array &&
    a.length === b.length &&
    a.every((byte, i) => byte === b[i])
  );
}
