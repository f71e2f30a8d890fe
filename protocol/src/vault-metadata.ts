import { FormatError, VerificationError } from './errors.ts';
import { parseJson } from './json.ts';
import { type PublicJwk, parsePublicJwk } from './jwk.ts';
import { assertOrigin, type LoopbackOption } from './origin.ts';
import { z } from './shape.ts';

/** A receipt or status-list key of a vault, by its `kid`. */
export type VaultKey = { readonly kid: string; readonly jwk: PublicJwk };

/** RFC 8414 has room for much more; these members are ours to rely on. */
const Metadata = z.looseObject({
  issuer: z.string(),
  jwks_uri: z.string(),
  token_endpoint: z.string(),
  introspection_endpoint: z.string(),
  revocation_endpoint: z.string(),
  /** C2SP signed-note verifier key of the grant log. */
  log_vkey: z
    .string()
    .check(z.regex(/^[\x21-\x2a\x2c-\x7e]{1,255}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44,64}$/)),
});
export type VaultMetadata = z.infer<typeof Metadata>;

export const METADATA_PATH = '/.well-known/oauth-authorization-server';

/**
 * @param vault the origin the person chose; everything in the answer must lie on it
 * @throws FormatError `metadata/shape`, `json/*`; VerificationError `metadata/mismatch`
 */
export function parseVaultMetadata(
  text: string,
  vault: string,
  options: LoopbackOption = {},
): VaultMetadata {
  const parsed = z.safeParse(Metadata, parseJson(text));
  if (!parsed.success) throw new FormatError('metadata/shape');
  assertOrigin(parsed.data.issuer, options);
  const { issuer, jwks_uri, token_endpoint, introspection_endpoint, revocation_endpoint } =
    parsed.data;
  const endpoints = [jwks_uri, token_endpoint, introspection_endpoint, revocation_endpoint];
  if (issuer !== vault || !endpoints.every((uri) => uri.startsWith(`${vault}/`))) {
    throw new VerificationError('metadata/mismatch');
  }
  return parsed.data;
}

const KeySet = z.looseObject({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })).check(z.maxLength(32)),
});

/**
 * A JWK Set (RFC 7517 §5): keys that are not P-256 signature keys are skipped, as the RFC says.
 * @throws FormatError `metadata/shape`, `jwk/*`, `json/*`
 */
export async function parseVaultKeys(text: string): Promise<VaultKey[]> {
  const parsed = z.safeParse(KeySet, parseJson(text));
  if (!parsed.success) throw new FormatError('metadata/shape');
  const keys: VaultKey[] = [];
  for (const { kid, kty, crv, x, y, d } of parsed.data.keys) {
    if (d !== undefined) throw new FormatError('jwk/private');
    if (kty === 'EC' && crv === 'P-256')
      keys.push({ kid, jwk: await parsePublicJwk({ kty, crv, x, y }) });
  }
  if (keys.length === 0) throw new FormatError('metadata/shape');
  return keys;
}
