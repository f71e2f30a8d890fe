import { type Bytes, concat, decodeBase64url, encodeBase64url } from './bytes.ts';
import type { SigningKey } from './crypto.ts';
import { FormatError, PolicyError, VerificationError } from './errors.ts';
import type { StatusReference } from './grant.ts';
import { parseJws, signJws, verifyJws } from './jws.ts';
import { CLOCK_SKEW } from './request.ts';
import { NumericDate, z } from './shape.ts';
import type { VaultKey } from './vault-metadata.ts';

/**
 * Token Status List (draft-ietf-oauth-status-list) in the profile of SPEC §9: two bits, zlib, signed by a key of
 * the vault's metadata – never by one its own header brings.
 */
export const STATUS_TYP = 'statuslist+jwt';
export const STATUS_LIFETIME = 3600;
export const STATUS_TTL = 300;
export const STATUS_LIST_SIZE = 65_536;

export const Status = { active: 0, ended: 1, suspended: 2, notRegistered: 3 } as const;
export type Status = (typeof Status)[keyof typeof Status];

/** Refuses decompression bombs: four million entries. */
const MAX_LIST_BYTES = 1 << 20;

const StatusClaims = z.strictObject({
  sub: z.string(),
  iat: NumericDate,
  exp: NumericDate,
  ttl: z.int().check(z.minimum(1)),
  status_list: z.strictObject({ bits: z.literal(2), lst: z.string() }),
});

/** A list of two-bit entries, the first in the lowest bits of the first byte, all "not registered" at first. */
export class StatusList {
  readonly bytes: Bytes;
  /** @param source a multiple of four entries, or the packed bytes */
  constructor(source: number | Bytes = STATUS_LIST_SIZE) {
    this.bytes = typeof source === 'number' ? new Uint8Array(source / 4).fill(0xff) : source;
  }
  get size(): number {
    return this.bytes.length * 4;
  }
  /** @throws PolicyError `status/index` */
  get(index: number): Status {
    const byte = this.bytes[index >> 2];
    if (byte === undefined || index < 0) throw new PolicyError('status/index');
    return ((byte >> ((index & 3) * 2)) & 3) as Status;
  }
  /** @throws PolicyError `status/index` */
  set(index: number, status: Status): void {
    const byte = this.bytes[index >> 2];
    if (byte === undefined || index < 0) throw new PolicyError('status/index');
    const shift = (index & 3) * 2;
    this.bytes[index >> 2] = (byte & ~(3 << shift)) | (status << shift);
  }
}

/** @param uri the list's own address, which becomes `sub` */
export async function signStatusList(
  list: StatusList,
  { uri, now }: { uri: string; now: number },
  kid: string,
  key: SigningKey,
): Promise<string> {
  const lst = encodeBase64url(await transform(list.bytes, new CompressionStream('deflate')));
  const claims = {
    sub: uri,
    iat: now,
    exp: now + STATUS_LIFETIME,
    ttl: STATUS_TTL,
    status_list: { bits: 2, lst },
  };
  return signJws({ typ: STATUS_TYP, kid }, claims, key);
}

/**
 * @param keys of the vault, from its metadata
 * @throws FormatError `status/shape`, `status/compression`, `jws/*`; VerificationError `status/unknown-key`,
 * `status/sub`, `status/stale`, `jws/signature`
 */
export async function verifyStatusList(
  token: string,
  { uri, now, keys }: { uri: string; now: number; keys: readonly VaultKey[] },
): Promise<StatusList> {
  const jws = parseJws(token, { typ: [STATUS_TYP], key: ['kid'] });
  const parsed = z.safeParse(StatusClaims, jws.payload);
  if (!parsed.success) throw new FormatError('status/shape');
  const key = keys.find(({ kid }) => kid === jws.header.kid);
  if (key === undefined) throw new VerificationError('status/unknown-key');
  await verifyJws(jws, key.jwk);
  const { sub, iat, exp, status_list } = parsed.data;
  if (sub !== uri) throw new VerificationError('status/sub');
  if (iat > now + CLOCK_SKEW || exp <= now || exp - iat > STATUS_LIFETIME) {
    throw new VerificationError('status/stale');
  }
  return new StatusList(await inflate(decodeBase64url(status_list.lst)));
}

/** @throws PolicyError `status/*` unless the entry is 0 */
export function assertActive(list: StatusList, { idx }: StatusReference): void {
  const status = list.get(idx);
  if (status === Status.notRegistered) throw new PolicyError('status/not-registered');
  if (status === Status.suspended) throw new PolicyError('status/suspended');
  if (status !== Status.active) throw new PolicyError('status/ended');
}

/** A status list's address belongs to the vault whose exact origin it starts with. */
export function vaultOfStatusUri(uri: string): string {
  const url = URL.canParse(uri) ? new URL(uri) : null;
  if (
    url === null ||
    !/^\/status\/(?:0|[1-9][0-9]{0,8})$/.test(url.pathname) ||
    uri !== url.origin + url.pathname
  ) {
    throw new FormatError('status/shape');
  }
  return url.origin;
}

/**
 * @param vaults exact origins of the services the verifier trusts
 * @returns the one that publishes this list
 * @throws PolicyError `grant/vault`; FormatError `status/shape`
 */
export function trustedVault(uri: string, vaults: readonly string[]): string {
  const vault = vaultOfStatusUri(uri);
  if (!vaults.includes(vault)) throw new PolicyError('grant/vault');
  return vault;
}

async function inflate(bytes: Bytes): Promise<Bytes> {
  try {
    return await transform(bytes, new DecompressionStream('deflate'));
  } catch (cause) {
    throw new FormatError('status/compression', { cause });
  }
}

async function transform(
  bytes: Bytes,
  stream: CompressionStream | DecompressionStream,
): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > MAX_LIST_BYTES) {
      await reader.cancel();
      throw new FormatError('status/compression');
    }
    chunks.push(next.value);
  }
  return concat(...chunks);
}
