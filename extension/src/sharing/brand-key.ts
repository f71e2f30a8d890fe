import { generateKey, importSigningKey, type SigningKey } from '@zusage/protocol/crypto';
import type { PrivateJwk } from '@zusage/protocol/jwk';
import type { Services } from './services.ts';

/**
 * The person's key for this brand, and for nobody else: made when it is first needed, kept as a JWK inside an encrypted
 * record, imported non-extractable for each use.
 * @throws VaultError `vault/locked`, `vault/storage`, …
 */
export async function brandKey({ vault }: Services, did: string): Promise<SigningKey> {
  const known = await vault.get('brandKey', did);
  if (known !== undefined) return importSigningKey(known.privateJwk as PrivateJwk);
  const fresh = await generateKey();
  const { privateJwk } = await vault.update(
    'brandKey',
    did,
    (current) => current ?? { did, privateJwk: fresh },
  );
  return importSigningKey(privateJwk as PrivateJwk);
}
