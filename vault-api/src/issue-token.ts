import { encodeBase64url } from '@zusage/protocol/bytes';
import { hashOf, randomBytes } from '@zusage/protocol/crypto';
import { type AssertionParameters, authenticateAssertion } from './authenticate-brand.ts';
import type { Context } from './context.ts';
import { ApiError } from './errors.ts';

/** Seconds an access token lives. */
const TOKEN_LIFETIME = 600;

export type TokenAnswer = { access_token: string; token_type: 'Bearer'; expires_in: number };

/**
 * POST /token: RFC 6749 §4.4 with private_key_jwt. The token is opaque, 256 bits; only its hash is kept.
 * @throws ApiError `auth/required`, `oauth/grant-type`
 */
export async function issueToken(
  context: Context,
  { grant_type, ...parameters }: AssertionParameters & { grant_type?: string | undefined },
): Promise<TokenAnswer> {
  if (grant_type !== 'client_credentials') throw new ApiError('oauth/grant-type');
  const { brand, key, assertion } = await authenticateAssertion(context, parameters);
  const token = encodeBase64url(randomBytes(32));
  await context.store.saveToken({
    hash: await hashOf(token),
    did: brand.did,
    key,
    assertion,
    expires: context.clock() + TOKEN_LIFETIME,
  });
  return { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFETIME };
}
