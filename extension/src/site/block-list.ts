import { VaultCryptoError } from '../vault/errors.ts';
import { SETTINGS } from '../vault/records.ts';
import type { Vault } from '../vault/vault.ts';

/**
 * The block list is a list of brand DIDs inside the vault. A site is blocked under the DID of its own host, so blocking
 * `www.shop.example` leaves `shop.example` alone, and blocking `shop.example` blocks that brand everywhere.
 */
function didOf(origin: string): string {
  return `did:web:${new URL(origin).host.replace(':', '%3A')}`;
}

/** True for every site while the list cannot be trusted. @throws VaultError `vault/locked`, `vault/storage` */
export function isSiteBlocked(vault: Pick<Vault, 'isBlocked'>, origin: string): Promise<boolean> {
  return vault.isBlocked(didOf(origin));
}

/** @throws VaultError `vault/locked`, `vault/read-only`, `vault/storage`, `vault/corrupt` */
export async function blockSite(
  vault: Pick<Vault, 'update'>,
  origin: string,
  blocked: boolean,
): Promise<void> {
  const did = didOf(origin);
  await vault.update('settings', SETTINGS, (settings) => {
    if (settings === undefined) throw new VaultCryptoError('vault/corrupt');
    const others = settings.blockedBrands.filter((other) => other !== did);
    return { ...settings, blockedBrands: blocked ? [...others, did] : others };
  });
}
