/**
 * What a backup file holds, before it is encrypted: lines of JSON in UTF-8. The first says what it is; each other one is
 * a record of the vault: `[kind, key, value]`.
 */
import { decodeUtf8, encodeUtf8 } from '@zusage/protocol/bytes';
import { isZusageError } from '@zusage/protocol/errors';
import { z } from '@zusage/protocol/shape';
import type { VaultEntry } from '../vault/records.ts';
import { BackupCryptoError, BackupRefusal } from './errors.ts';

export interface BackupContents {
  /** NumericDate. */
  readonly made: number;
  readonly entries: readonly VaultEntry[];
}

/** Version of the shapes of the records, whatever the version they are sealed under on a disk. */
const SHAPES_VERSION = 1;

/** What stays with the vault it belongs to: what can be undone for some minutes. */
const LEFT_OUT: readonly string[] = ['undo'];

const First = z.object({
  zusage: z.literal('backup'),
  schema: z.int().check(z.positive()),
  made: z.int().check(z.nonnegative()),
});
const Line = z.tuple([z.string(), z.string(), z.record(z.string(), z.unknown())]);

export const isKept = ({ kind }: VaultEntry): boolean => !LEFT_OUT.includes(kind);

/** The lines of a backup, each with its end. */
export function* linesOf({ made, entries }: BackupContents): Generator<Uint8Array> {
  const line = (value: unknown) => encodeUtf8(`${JSON.stringify(value)}\n`);
  yield line({ zusage: 'backup', schema: SHAPES_VERSION, made });
  for (const { kind, key, value } of entries.filter(isKept)) yield line([kind, key, value]);
}

/** Takes the plaintext piece by piece and gives the contents when there is no more. */
export class ContentsReader {
  readonly #entries: VaultEntry[] = [];
  readonly #pieces: Uint8Array[] = [];
  #made: number | undefined;

  /** @throws BackupRefusal `backup-newer`; BackupCryptoError `backup-damaged` */
  push(plaintext: Uint8Array): void {
    let from = 0;
    for (;;) {
      const end = plaintext.indexOf(0x0a, from);
      if (end === -1) break;
      this.#pieces.push(plaintext.subarray(from, end));
      this.#line();
      from = end + 1;
    }
    if (from < plaintext.length) this.#pieces.push(plaintext.slice(from));
  }

  /** @throws BackupCryptoError `backup-damaged` */
  end(): BackupContents {
    if (this.#pieces.length > 0 || this.#made === undefined)
      throw new BackupCryptoError('backup-damaged');
    return { made: this.#made, entries: this.#entries.filter(isKept) };
  }

  #line(): void {
    const value = jsonOf(this.#pieces.splice(0));
    if (this.#made === undefined) {
      const first = z.safeParse(First, value);
      if (!first.success) throw new BackupCryptoError('backup-damaged');
      if (first.data.schema > SHAPES_VERSION) throw new BackupRefusal('backup-newer');
      this.#made = first.data.made;
      return;
    }
    const line = z.safeParse(Line, value);
    if (!line.success) throw new BackupCryptoError('backup-damaged');
    const [kind, key, record] = line.data;
    this.#entries.push({ kind, key, value: record } as unknown as VaultEntry);
  }
}

function jsonOf(pieces: readonly Uint8Array[]): unknown {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || isZusageError(error))
      throw new BackupCryptoError('backup-damaged');
    throw error;
  }
}
