import { deriveSubkey } from './sodium.ts';

/** Number and context of each subkey. A number is never given a second meaning. */
const SUBKEYS = {
  records: { id: 1, context: 'zs_recrd' },
  index: { id: 2, context: 'zs_index' },
  backup: { id: 3, context: 'zs_bckup' },
} as const;

/** The vault key encrypts nothing itself: this is the 32-byte key for one use of it. */
export function subkey(vaultKey: Uint8Array, use: keyof typeof SUBKEYS): Uint8Array {
  const { id, context } = SUBKEYS[use];
  return deriveSubkey(vaultKey, id, context);
}
