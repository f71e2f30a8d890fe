import { encodeBase64url } from '../bytes.ts';
import { CLIENT_ASSERTION_TYPE, signClientAssertion } from '../client-assertion.ts';
import { randomBytes } from '../crypto.ts';
import type { LoopbackOption } from '../origin.ts';
import type { Brand } from './brand.ts';
import { SdkError } from './errors.ts';
import { ask, objectOf } from './http.ts';
import { vaultMetadata } from './vault.ts';

/** Seconds before its end at which a token is no longer used. */
const MARGIN = 30;

type Token = { value: string; expires: number };
const tokens = new Map<string, Promise<Token>>();

const nameOf = (vault: string, { did, kid }: Brand) => JSON.stringify([vault, did, kid]);

/**
 * A bearer token for one vault (client_credentials with `private_key_jwt`), reused until it expires.
 * @throws SdkError `vault/*`
 */
export async function accessToken(
  vault: string,
  brand: Brand,
  now: number,
  options: LoopbackOption,
): Promise<string> {
  const name = nameOf(vault, brand);
  const held = await tokens.get(name)?.catch(() => undefined);
  if (held !== undefined && held.expires - MARGIN > now) return held.value;
  const asking = fetchToken(vault, brand, now, options);
  tokens.set(name, asking);
  asking.catch(() => tokens.delete(name));
  return (await asking).value;
}

/** Forgets a token that the vault no longer accepts. */
export function dropToken(vault: string, brand: Brand): void {
  tokens.delete(nameOf(vault, brand));
}

async function fetchToken(
  vault: string,
  brand: Brand,
  now: number,
  options: LoopbackOption,
): Promise<Token> {
  const { token_endpoint } = await vaultMetadata(vault, now, options);
  const answer = objectOf(
    await ask(token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        ...(await clientAssertion(vault, brand, now)),
      }),
    }),
  );
  const { access_token, expires_in } = answer;
  if (typeof access_token !== 'string' || typeof expires_in !== 'number') {
    throw new SdkError('vault/answer');
  }
  return { value: access_token, expires: now + expires_in };
}

/** The form members of RFC 7523 §2.2, good for one call. */
export async function clientAssertion(
  vault: string,
  { did, kid, key }: Brand,
  now: number,
): Promise<{ client_assertion_type: string; client_assertion: string }> {
  const jti = encodeBase64url(randomBytes(24));
  return {
    client_assertion_type: CLIENT_ASSERTION_TYPE,
    client_assertion: await signClientAssertion({ did, vault, jti, now }, kid, key),
  };
}
