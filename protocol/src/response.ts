import { decodeUtf8, encodeUtf8 } from './bytes.ts';
import { encrypt } from './crypto.ts';
import { FormatError } from './errors.ts';
import { parseJson } from './json.ts';
import { decryptJwe } from './jwe.ts';
import type { PrivateJwk } from './jwk.ts';
import type { ParsedRequest } from './request.ts';

/** The `data` of the DigitalCredential, OpenID4VP 1.0 Appendix A with `dc_api.jwt`. */
export async function encryptResponse(
  presentation: string,
  request: ParsedRequest,
): Promise<{ response: string }> {
  const body = { vp_token: { [request.credentialId]: [presentation] } };
  return { response: await encrypt(encodeUtf8(JSON.stringify(body)), request.encryptionKey) };
}

/**
 * @param jwe the `response` member
 * @param credentialId the DCQL id of the request
 * @returns the presentation, not yet verified
 * @throws FormatError `response/shape`, `jwe/*`, `json/*`; VerificationError `jwe/decryption`
 */
export async function decryptResponse(
  jwe: string,
  credentialId: string,
  key: PrivateJwk,
): Promise<string> {
  const body = parseJson(decodeUtf8(await decryptJwe(jwe, key)));
  const token = member(body, 'vp_token');
  const presentations = member(token, credentialId);
  if (
    !Array.isArray(presentations) ||
    presentations.length !== 1 ||
    typeof presentations[0] !== 'string'
  ) {
    throw new FormatError('response/shape');
  }
  return presentations[0];
}

/** The one member of an object that has only this one. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== name) {
    throw new FormatError('response/shape');
  }
  return (value as Record<string, unknown>)[name];
}
