import { decodeBase64url, encodeBase64url } from '@zusage/protocol/bytes';
import { GRANT_TYP, type Grant, parseGrant } from '@zusage/protocol/grant';
import { signJws } from '@zusage/protocol/jws';
import { allowLoopback } from '@zusage/protocol/origin';
import type { TestPerson } from './person.ts';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The same JWS with (r, n − s): another valid signature that needs no key. */
export function malleate(compact: string): string {
  const [header, payload, signature] = compact.split('.') as [string, string, string];
  const bytes = decodeBase64url(signature);
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).toString('hex')}`);
  const other = (ORDER - s).toString(16).padStart(64, '0');
  const altered = new Uint8Array([...bytes.subarray(0, 32), ...Buffer.from(other, 'hex')]);
  return `${header}.${payload}.${encodeBase64url(altered)}`;
}

/** The same JWS with one bit of its signature turned. */
export function spoil(compact: string): string {
  const [header, payload, signature] = compact.split('.') as [string, string, string];
  const bytes = decodeBase64url(signature);
  bytes[5] = (bytes[5] as number) ^ 1;
  return `${header}.${payload}.${encodeBase64url(bytes)}`;
}

/** The person signs a grant that says something else, as a dishonest client would. */
export async function resign(
  person: TestPerson,
  grant: Grant,
  change: (claims: Grant['claims']) => object,
): Promise<Grant> {
  const claims = change(structuredClone(grant.claims));
  const header = { typ: GRANT_TYP, kid: `${grant.claims.iss}#0`, jwk: person.key.publicJwk };
  return parseGrant(await signJws(header, claims, person.key), { [allowLoopback]: true });
}
