import { encodeBase64url } from '../bytes.ts';
import { randomBytes } from '../crypto.ts';
import { signEnrolment } from '../enrolment.ts';
import { type Brand, currentTime } from './brand.ts';
import { ask, assertAccepted } from './http.ts';

/**
 * Makes a brand known to a vault service (SPEC §11): the service reads the brand document, which must be published
 * by then. Repeatable. To change a key: publish the document with both, call this with the old key, and then with the
 * new one, which is refused with `enrolment/mismatch` as long as it does not count. It endorses whatever the document
 * lists at that moment.
 * @param brand signs with a key that counts already, or any of the document the first time
 * @throws SdkError `vault/*`
 */
export async function enrol(
  vault: string,
  brand: Brand,
  now: number = currentTime(),
): Promise<void> {
  const claims = { did: brand.did, nonce: encodeBase64url(randomBytes(24)), iat: now, aud: vault };
  const body = await signEnrolment(claims, brand.kid, brand.key);
  const headers = { 'content-type': 'application/jwt' };
  assertAccepted(await ask(`${vault}/brands`, { method: 'POST', headers, body }));
}
