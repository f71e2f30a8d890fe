/**
 * The third way in: a passkey of this device, by the PRF extension of WebAuthn (Level 3, §10.1.4). The page makes the
 * passkey and asks it; the vault only sees the 32 bytes it answers, and keeps what the question needs.
 */
import { encodeBase64url } from '@zusage/protocol/bytes';
import { VaultCryptoError } from './errors.ts';
import { wipe } from './sodium.ts';
import {
  derivedKey,
  isWrappedKey,
  unwrapKey,
  type WrappedKey,
  wrapKey,
  wrappingData,
} from './wrapped-key.ts';
import type { Wrapping } from './wrapping.ts';

/** What a passkey is asked: which one it is, and the input of its PRF. Both are bytes. */
export interface PasskeyQuestion {
  readonly id: Uint8Array;
  /** 32 random bytes of this passkey alone. */
  readonly salt: Uint8Array;
}

export interface PasskeyWrapping extends WrappedKey, PasskeyQuestion {
  readonly kind: 'passkey';
}

/** `prf`, the 32 bytes that the passkey answered, is wiped. */
export async function wrapForPasskey(
  vaultKey: Uint8Array,
  { id, salt }: PasskeyQuestion,
  prf: Uint8Array,
): Promise<PasskeyWrapping> {
  const kek = await derivedKey(prf, 'passkey', salt);
  wipe(prf);
  return {
    kind: 'passkey',
    id,
    salt,
    ...wrapKey(vaultKey, kek, wrappingData('passkey', id, salt)),
  };
}

/**
 * The vault key; `id` is base64url, `prf` is wiped.
 *
 * @throws VaultCryptoError `vault/wrong-passkey` when it is not (or no longer) one of this vault's.
 */
export async function unwrapWithPasskey(
  wrappings: readonly Wrapping[],
  id: string,
  prf: Uint8Array,
): Promise<Uint8Array> {
  const wrapping = passkeys(wrappings).find((known) => encodeBase64url(known.id) === id);
  if (wrapping === undefined) throw new VaultCryptoError('vault/wrong-passkey');
  const kek = await derivedKey(prf, 'passkey', wrapping.salt);
  wipe(prf);
  const ad = wrappingData('passkey', wrapping.id, wrapping.salt);
  const vaultKey = unwrapKey(wrapping, kek, ad);
  if (vaultKey === null) throw new VaultCryptoError('vault/wrong-passkey');
  return vaultKey;
}

export function passkeys(wrappings: readonly Wrapping[]): PasskeyWrapping[] {
  return wrappings.filter((wrapping): wrapping is PasskeyWrapping => {
    const { kind, id, salt } = wrapping as Partial<PasskeyWrapping>;
    return (
      kind === 'passkey' &&
      id instanceof Uint8Array &&
      salt instanceof Uint8Array &&
      isWrappedKey(wrapping as WrappedKey)
    );
  });
}
