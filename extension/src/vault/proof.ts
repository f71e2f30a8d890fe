import { VaultCryptoError } from './errors.ts';
import { unwrapWithPasskey } from './passkey.ts';
import { passphraseBytes } from './passphrase.ts';
import { unwrapWithCode } from './recovery-code.ts';
import { wipe } from './sodium.ts';
import { unwrapWithPassphrase, type Wrapping } from './wrapping.ts';

/** What a person shows to be let in. `prf`: the 32 bytes that the passkey `id` (base64url) answered; wiped after use. */
export type Proof =
  | { readonly passphrase: string }
  | { readonly code: string }
  | { readonly passkey: { readonly id: string; readonly prf: Uint8Array } };

/**
 * The vault key, by whichever way `proof` is.
 *
 * @throws VaultRefusal, VaultCryptoError as that way says.
 */
export async function unwrapBy(
  wrappings: readonly Wrapping[] | undefined,
  proof: Proof,
): Promise<Uint8Array> {
  if (!Array.isArray(wrappings)) throw new VaultCryptoError('vault/corrupt');
  if ('code' in proof) return unwrapWithCode(wrappings, proof.code);
  if ('passkey' in proof) return unwrapWithPasskey(wrappings, proof.passkey.id, proof.passkey.prf);
  const bytes = passphraseBytes(proof.passphrase);
  try {
    return unwrapWithPassphrase(wrappings, bytes);
  } finally {
    wipe(bytes);
  }
}
