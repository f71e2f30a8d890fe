/** The second way in: 16 random bytes on paper (SPEC §8.2 "Typed form", §19). */
import { decodeTyped, encodeTyped } from '@zusage/protocol/typed-code';
import { VaultCryptoError, VaultRefusal } from './errors.ts';
import { randomBytes, wipe } from './sodium.ts';
import {
  derivedKey,
  isWrappedKey,
  unwrapKey,
  type WrappedKey,
  wrapKey,
  wrappingData,
} from './wrapped-key.ts';
import type { Wrapping } from './wrapping.ts';

export interface RecoveryWrapping extends WrappedKey {
  readonly kind: 'recovery';
  /** 16 random bytes. */
  readonly salt: Uint8Array;
}

/** A new code and the wrapping it opens. The code is known to nobody afterwards but to who is given it here. */
export async function newRecovery(
  vaultKey: Uint8Array,
): Promise<{ code: string; wrapping: RecoveryWrapping }> {
  const secret = randomBytes(16);
  const salt = randomBytes(16);
  const kek = await derivedKey(secret, 'recovery', salt);
  const code = encodeTyped('recovery', secret);
  wipe(secret);
  const wrapped = wrapKey(vaultKey, kek, wrappingData('recovery', salt));
  return { code, wrapping: { kind: 'recovery', salt, ...wrapped } };
}

/**
 * The vault key. The code has 128 bits: guessing needs no delay.
 *
 * @throws VaultRefusal `vault/code` when it is mistyped, `vault/other-code` when it is the stop sheet's, `vault/no-kit`
 * @throws VaultCryptoError `vault/wrong-code` when it is well typed but not this vault's, such as that of an older kit
 */
export async function unwrapWithCode(
  wrappings: readonly Wrapping[],
  code: string,
): Promise<Uint8Array> {
  const secret = decodeTyped('recovery', code);
  if (typeof secret === 'string')
    throw new VaultRefusal(secret === 'other-kind' ? 'vault/other-code' : 'vault/code');
  const wrapping = wrappings.find(isRecoveryWrapping);
  if (wrapping === undefined) throw new VaultRefusal('vault/no-kit');
  const kek = await derivedKey(secret, 'recovery', wrapping.salt);
  wipe(secret);
  const vaultKey = unwrapKey(wrapping, kek, wrappingData('recovery', wrapping.salt));
  if (vaultKey === null) throw new VaultCryptoError('vault/wrong-code');
  return vaultKey;
}

export function isRecoveryWrapping(wrapping: Wrapping): wrapping is RecoveryWrapping {
  const { kind, salt } = wrapping as Partial<RecoveryWrapping>;
  return kind === 'recovery' && salt instanceof Uint8Array && isWrappedKey(wrapping as WrappedKey);
}
