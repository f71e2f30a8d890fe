import { associatedData } from './associated-data.ts';
import { VaultRefusal } from './errors.ts';
import { argon2id } from './sodium.ts';

const MEBIBYTE = 1024 * 1024;
const SALT_BYTES = 16;

/** How much work a passphrase costs. `memory` in bytes. */
export interface KdfCost {
  readonly passes: number;
  readonly memory: number;
}

/** Everything that, with the passphrase, gives the key-encryption key. Stored in the clear, authenticated as `ad`. */
export interface KdfParameters extends KdfCost {
  readonly algorithm: 'argon2id13';
  readonly parallelism: 1;
  readonly salt: Uint8Array;
}

export const DEFAULT_COST: KdfCost = { passes: 3, memory: 64 * MEBIBYTE };

/** The larger of both: a vault never becomes cheaper to guess. */
export function strongest(a: KdfCost, b: KdfCost): KdfCost {
  return { passes: Math.max(a.passes, b.passes), memory: Math.max(a.memory, b.memory) };
}

/**
 * Parameters as they may be run: Argon2id v1.3, p = 1, 16-byte salt, 3–10 passes, 64–512 MiB in whole KiB.
 * They come from disk, where someone else may have written them: too little work would give the passphrase away, too
 * much would hang the browser.
 *
 * @throws VaultRefusal `vault/kdf-parameters`
 */
export function checkedKdfParameters(value: unknown): KdfParameters {
  const p = (value ?? {}) as Partial<Record<keyof KdfParameters, unknown>>;
  const fine =
    p.algorithm === 'argon2id13' &&
    p.parallelism === 1 &&
    p.salt instanceof Uint8Array &&
    p.salt.length === SALT_BYTES &&
    within(p.passes, 3, 10) &&
    within(p.memory, 64 * MEBIBYTE, 512 * MEBIBYTE) &&
    p.memory % 1024 === 0;
  if (!fine) throw new VaultRefusal('vault/kdf-parameters');
  return p as KdfParameters;
}

/** The key-encryption key, 32 bytes; never stored. Blocks for about a quarter of a second at the default cost. */
export function keyEncryptionKey(passphrase: Uint8Array, parameters: unknown): Uint8Array {
  const { salt, passes, memory } = checkedKdfParameters(parameters);
  return argon2id(passphrase, salt, passes, memory);
}

/** The canonical encoding of all parameters: what a wrapping authenticates. */
export function encodedKdfParameters(p: KdfParameters): Uint8Array {
  return associatedData(p.algorithm, p.passes, p.memory, p.parallelism, p.salt);
}

function within(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
