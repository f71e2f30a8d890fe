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
  const named = await store.grant(jtiIn(jwt), audience);
  return named !== null && named.hash === (await hashOf(jwt)) ? named : null;
}

/** What a JWT says its `jti` is, nothing of it verified: whether it is that grant, its hash says. '' for anything else. */
function jtiIn(jwt: string): string {
  try {
    const [, payload = ''] = jwt.split('.');
    const { jti } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti?: unknown };
    return typeof jti === 'string' ? jti : '';
  } catch {
    return '';
  }
}
