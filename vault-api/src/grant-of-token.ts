import { hashOf } from '@zusage/protocol/crypto';
import { issuerSignedPart } from '@zusage/protocol/grant';
import type { Context } from './context.ts';
import type { GrantRecord } from './store/port.ts';

/**
 * The caller's own grant that a token names; null also for everybody else's.
 * @param token the issuer-signed JWT, with or without its `~`, or the `jti`
 * @throws FormatError `grant/has-disclosures`: values are none of the vault's business
 */
export async function grantOfToken(
  { store }: Context,
  audience: string,
  token: string,
): Promise<GrantRecord | null> {
  const jwt = token.includes('~') ? issuerSignedPart(token) : token;
  if (jwt.startsWith('urn:uuid:')) return store.grant(jwt, audience);
  return store.grantByHash(await hashOf(jwt), audience);
}
