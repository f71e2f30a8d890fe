import { isZusageError } from '../errors.ts';
import type { Grant } from '../grant.ts';
import { allowLoopback } from '../origin.ts';
import { vaultOfStatusUri } from '../status-list.ts';
import {
  METADATA_PATH,
  parseVaultKeys,
  parseVaultMetadata,
  type VaultKey,
} from '../vault-metadata.ts';
import { Undecided, UsageError } from './finding.ts';
import { sourceOptions } from './options.ts';
import type { ReceiptFile } from './receipt-file.ts';
import { openSource } from './source.ts';

/** The service that a grant's status list belongs to; null when its address is none. */
export function vaultOfGrant(grant: Grant): string | null {
  try {
    return vaultOfStatusUri(grant.claims.status.status_list.uri);
  } catch (error) {
    if (!isZusageError(error)) throw error;
    return null;
  }
}

/** The keys by the service's own address (RFC 8414). @throws UsageError, Undecided */
export async function askVault(
  address: string,
  vault: string | null,
  values: Parameters<typeof sourceOptions>[0],
): Promise<{ keys: VaultKey[]; vkey: string }> {
  const origin = URL.canParse(address) ? new URL(address).origin : '';
  if (vault !== null && origin !== vault) {
    throw new UsageError(`The grant is of the service ${vault}, not of ${address}.`);
  }
  const source = openSource(origin, sourceOptions(values));
  const text = async (path: string) => {
    const bytes = await source.read(path, 1 << 16);
    if (bytes === null) throw new Undecided(`${origin}/${path} is not there.`);
    return new TextDecoder().decode(bytes);
  };
  try {
    const metadata = parseVaultMetadata(await text(METADATA_PATH.slice(1)), origin, {
      [allowLoopback]: true,
    });
    const keys = await parseVaultKeys(await text(metadata.jwks_uri.slice(origin.length + 1)));
    return { keys, vkey: metadata.log_vkey };
  } catch (error) {
    if (!isZusageError(error)) throw error;
    throw new Undecided(`${origin} answers nothing that fits (${error.code}).`);
  }
}

/** The keys that the file brings along: a hint, no more. @throws UsageError */
export async function keysOfFile(file: ReceiptFile, path: string): Promise<VaultKey[]> {
  try {
    return await parseVaultKeys(JSON.stringify(file.vault_jwks));
  } catch (error) {
    if (!isZusageError(error)) throw error;
    throw new UsageError(`${path} holds no keys of the service (${error.code}).`);
  }
}
