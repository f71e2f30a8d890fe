/** The vectors' brand, person and vault, so that each gap is two lines: what a library does, and what we do. */
import { p256 } from '@noble/curves/nist.js';
import { decodeBase64url, encodeBase64url } from '@zusage/protocol/bytes';
import { type ErrorCode, isZusageError } from '@zusage/protocol/errors';
import { publicOf } from '@zusage/protocol/jwk';
import { CHECKS } from '../../protocol/vectors/check.ts';
import {
  jwks,
  keys,
  listToken,
  NOW,
  ORIGIN,
  presentationOf,
  request,
  VAULT,
} from '../../protocol/vectors/fixture.ts';

export * from '../../protocol/vectors/fixture.ts';

/** The brand's public signing key. */
export const brand = publicOf(keys.brand);

/** The second at which everything is looked at. */
export const AT = NOW + 30;

/** `accepted`, or the code with which it was refused. Any other error is a failure of the test. */
export async function outcome(work: () => unknown): Promise<'accepted' | ErrorCode> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    if (isZusageError(error)) return error.code;
    throw error;
  }
}

/** Our verifier's verdict: every check of SPEC §6. */
export const ours = (
  presentation = presentationOf(),
  { list = listToken(), asked = request, used = [] as string[] } = {},
) =>
  outcome(() =>
    CHECKS['presentation']?.({
      presentation,
      request: asked,
      origin: ORIGIN,
      now: AT,
      status_list: list,
      jwks,
      used_nonces: used,
      vaults: [VAULT],
    }),
  );

/** Another signature over the same bytes that verifies with the same key: r stays, s becomes n − s. */
export function alteredSignature(jws: string): string {
  const [header, payload, signature = ''] = jws.split('.');
  const bytes = decodeBase64url(signature);
  const s = BigInt(`0x${Buffer.from(bytes.slice(32)).toString('hex')}`);
  const other = (p256.Point.CURVE().n - s).toString(16).padStart(64, '0');
  bytes.set(Buffer.from(other, 'hex'), 32);
  return `${header}.${payload}.${encodeBase64url(bytes)}`;
}

/** The same bytes in another spelling: the unused bits of the last character are set. */
export function otherSpelling(base64url: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(base64url.at(-1) as string);
  if (base64url.length % 4 === 0) throw new Error('every bit is used');
  return base64url.slice(0, -1) + alphabet[last + 1];
}
