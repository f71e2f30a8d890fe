import { hashOf, type SigningKey } from './crypto.ts';
import { type Jws, parseJws, signJws } from './jws.ts';
import type { ParsedRequest } from './request.ts';
import { Hash, Nonce, NumericDate, parseShape, z } from './shape.ts';

export const KEY_BINDING_TYP = 'kb+jwt';

const KeyBindingClaims = z.strictObject({
  iat: NumericDate,
  nonce: Nonce,
  /** OpenID4VP 1.0 Appendix A.4: the page's origin behind `origin:`. */
  aud: z.string(),
  sd_hash: Hash,
  transaction_data_hashes: z.tuple([Hash]),
  transaction_data_hashes_alg: z.literal('sha-256'),
});

export type KeyBinding = { readonly jws: Jws; readonly claims: z.infer<typeof KeyBindingClaims> };

/** @throws FormatError `key-binding/*`, `jws/*`, `json/*` */
export function parseKeyBinding(jwt: string): KeyBinding {
  const jws = parseJws(jwt, { typ: [KEY_BINDING_TYP], key: [] });
  return { jws, claims: parseShape(KeyBindingClaims, jws.payload, 'key-binding') };
}

/**
 * Binds exactly these disclosures to this request (RFC 9901 §4.3).
 * @param sdJwt `<JWT>~<D>~…~`, ending in `~`
 * @param now NumericDate
 */
export async function bindKey(
  sdJwt: string,
  request: ParsedRequest,
  { origin, now }: { origin: string; now: number },
  key: SigningKey,
): Promise<string> {
  return signJws(
    { typ: KEY_BINDING_TYP },
    {
      iat: now,
      nonce: request.payload.nonce,
      aud: `origin:${origin}`,
      sd_hash: await hashOf(sdJwt),
      transaction_data_hashes: [request.termsHash],
      transaction_data_hashes_alg: 'sha-256',
    },
    key,
  );
}
