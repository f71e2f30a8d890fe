import type { LoopbackOption } from '../origin.ts';
import { clientAssertion } from './access-token.ts';
import { type Brand, currentTime } from './brand.ts';
import { ask, assertAccepted } from './http.ts';
import { vaultMetadata } from './vault.ts';

/**
 * Gives a grant back (RFC 7009), which is also the brand's word that it has erased the values: delete first, then call.
 * Repeatable; an ended grant is accepted too.
 * @param options.grant the grant's `jti`, or the issuer-signed JWT
 * @throws SdkError `vault/*`
 */
export async function handBack({
  vault,
  brand,
  grant,
  now = currentTime(),
  ...options
}: {
  vault: string;
  brand: Brand;
  grant: string;
  now?: number;
} & LoopbackOption): Promise<void> {
  const { revocation_endpoint } = await vaultMetadata(vault, now, options);
  const body = new URLSearchParams({ token: grant, ...(await clientAssertion(vault, brand, now)) });
  assertAccepted(await ask(revocation_endpoint, { method: 'POST', body }));
}
