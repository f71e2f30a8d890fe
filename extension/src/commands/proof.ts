import { decodeBase64url } from '@zusage/protocol/bytes';
import { base64urlOf, z } from '@zusage/protocol/shape';
import type { Proof as ShownProof } from '../messages.ts';
import type { Proof } from '../vault/proof.ts';

/** The vault itself limits a passphrase; this only bounds the message. */
export const PassphraseArg = z.string().check(z.maxLength(4096));

/** A credential id has at most 1,023 bytes (WebAuthn §4). */
export const CredentialId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,1364}$/));

/** 32 bytes. */
export const Bytes32 = base64urlOf(32);

export const ProofArg = z.union([
  z.strictObject({ passphrase: PassphraseArg }),
  z.strictObject({ code: z.string().check(z.maxLength(200)) }),
  z.strictObject({ passkey: z.strictObject({ id: CredentialId, prf: Bytes32 }) }),
]);

export function proofOf(shown: ShownProof): Proof {
  if (!('passkey' in shown)) return shown;
  const { id, prf } = shown.passkey;
  return { passkey: { id, prf: decodeBase64url(prf) } };
}
