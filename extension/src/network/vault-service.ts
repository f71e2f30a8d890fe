import { publicOf, thumbprint } from '@zusage/protocol/jwk';
import type { LoopbackOption } from '@zusage/protocol/origin';
import {
  METADATA_PATH,
  parseVaultKeys,
  parseVaultMetadata,
  type VaultKey,
} from '@zusage/protocol/vault-metadata';
import type { ServiceRecord } from '../vault/records.ts';
import { type Door, NetworkError } from './fetch.ts';

/**
 * - `service-unreachable` – no answer, or one that says "later"
 * - `service-refused` – an answer that is not a vault service's
 * - `service-changed` – it has another log key, or none of the pinned keys: not to be trusted without the person
 */
export type ServiceCode = 'service-unreachable' | 'service-refused' | 'service-changed';

export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ServiceCode;
  /** Code of the problem that the service answered with. */
  readonly detail: string | undefined;
  constructor(code: ServiceCode, detail?: string) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

/**
 * What a vault service says about itself, to be pinned at set-up (SPEC §11).
 * @param origin as `serviceAddress` returns it
 * @param now NumericDate
 * @throws ServiceError `service-unreachable`, `service-refused`
 */
export async function readService(
  door: Door,
  origin: string,
  now: number,
  options: LoopbackOption,
): Promise<ServiceRecord> {
  const text = await read(door, `${origin}${METADATA_PATH}`);
  try {
    const metadata = parseVaultMetadata(text, origin, options);
    const keys = await parseVaultKeys(await read(door, metadata.jwks_uri));
    return {
      origin,
      keys: keys.map(({ kid, jwk }) => ({ ...jwk, kid })),
      logVkey: metadata.log_vkey,
      pinnedAt: now,
    };
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw new ServiceError('service-refused');
  }
}

async function read(door: Door, url: string): Promise<string> {
  let answer: Awaited<ReturnType<Door>>;
  try {
    answer = await door(url);
  } catch (error) {
    const refused = error instanceof NetworkError && error.code === 'network/too-large';
    throw new ServiceError(refused ? 'service-refused' : 'service-unreachable');
  }
  if (answer.status >= 500 || answer.status === 429) throw new ServiceError('service-unreachable');
  if (answer.status !== 200) throw new ServiceError('service-refused');
  return answer.body;
}

export function keysOf({ keys }: ServiceRecord): VaultKey[] {
  return keys.map((key) => ({
    kid: String((key as { kid?: unknown }).kid),
    jwk: publicOf(key as { x: string; y: string }),
  }));
}

/**
 * May `read` take the place of `pinned`? New keys count only while a pinned one remains, and a changed log key needs
 * the person's consent.
 * @throws ServiceError `service-changed`
 */
export async function assertSameService(pinned: ServiceRecord, read: ServiceRecord): Promise<void> {
  const remains = await hasPinnedKey(pinned, read);
  if (!remains || pinned.logVkey !== read.logVkey) throw new ServiceError('service-changed');
}

/** Does the service still have one of the pinned keys? */
export async function hasPinnedKey(pinned: ServiceRecord, read: ServiceRecord): Promise<boolean> {
  const prints = ({ keys }: ServiceRecord) =>
    Promise.all(keys.map((key) => thumbprint(publicOf(key as { x: string; y: string }))));
  const [before, after] = await Promise.all([prints(pinned), prints(read)]);
  return before.some((print) => after.includes(print));
}
