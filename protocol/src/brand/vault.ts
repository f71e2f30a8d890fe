import type { LoopbackOption } from '../origin.ts';
import {
  METADATA_PATH,
  parseVaultKeys,
  parseVaultMetadata,
  type VaultKey,
  type VaultMetadata,
} from '../vault-metadata.ts';
import { ask, assertAccepted } from './http.ts';

/** Seconds between two readings of a vault's keys because of an unknown `kid`. */
const REREAD_AFTER = 60;
/** Seconds a vault's metadata and keys are used without asking again. */
const FRESH_FOR = 3600;

type Known = {
  metadata: VaultMetadata;
  keys: readonly VaultKey[];
  readAt: number;
  rereadAt: number;
};

const known = new Map<string, Promise<Known>>();

async function read(vault: string, now: number, options: LoopbackOption): Promise<Known> {
  const answer = await ask(vault + METADATA_PATH);
  assertAccepted(answer);
  const metadata = parseVaultMetadata(answer.text, vault, options);
  const keySet = await ask(metadata.jwks_uri);
  assertAccepted(keySet);
  return { metadata, keys: await parseVaultKeys(keySet.text), readAt: now, rereadAt: 0 };
}

async function lookUp(vault: string, now: number, options: LoopbackOption): Promise<Known> {
  const cached = await known.get(vault)?.catch(() => undefined);
  if (cached !== undefined && now - cached.readAt < FRESH_FOR) return cached;
  const reading = read(vault, now, options);
  known.set(vault, reading);
  reading.catch(() => known.delete(vault));
  return reading;
}

/**
 * What a vault service says of itself (RFC 8414), read once an hour.
 * @param vault its origin, trusted by the brand's configuration
 * @throws SdkError `vault/unreachable`, `vault/refused`; FormatError, VerificationError `metadata/*`
 */
export async function vaultMetadata(
  vault: string,
  now: number,
  options: LoopbackOption = {},
): Promise<VaultMetadata> {
  return (await lookUp(vault, now, options)).metadata;
}

/**
 * The vault's keys; when `kid` is not among them they are read again, at most once a minute.
 * @throws as `vaultMetadata`
 */
export async function vaultKeys(
  vault: string,
  kid: string | undefined,
  now: number,
  options: LoopbackOption = {},
): Promise<readonly VaultKey[]> {
  const current = await lookUp(vault, now, options);
  if (current.keys.some((key) => key.kid === kid) || now - current.rereadAt < REREAD_AFTER) {
    return current.keys;
  }
  current.rereadAt = now;
  const again = await read(vault, now, options);
  again.rereadAt = now;
  known.set(vault, Promise.resolve(again));
  return again.keys;
}
