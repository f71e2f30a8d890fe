import { allowLoopback, type Brand, SdkError } from '@zusage/protocol/brand';
import { accessToken, dropToken } from '@zusage/protocol/brand/access-token';
import { type Answer, ask, objectOf } from '@zusage/protocol/brand/http';
import { vaultMetadata } from '@zusage/protocol/brand/vault';
import type { HeldGrant } from './store.ts';

const OPTIONS = { [allowLoopback]: true } as const;

/**
 * Everything the shop can show of one grant, in one file that `zusage-audit check-receipt` checks. Receipts are the
 * person's, so there are none in it; the proofs say the same. No value is in it.
 * @param request as the shop signed it; null where it was not kept
 * @throws SdkError `vault/*`
 */
export async function receiptFile(
  { vault, brand }: { vault: string; brand: Brand },
  { jti, jwt, status }: HeldGrant,
  request: string | null,
): Promise<{ name: string; text: string }> {
  const now = Math.floor(Date.now() / 1000);
  const { jwks_uri, log_vkey } = await vaultMetadata(vault, now, OPTIONS);
  const [proofs, list, keys] = await Promise.all([
    proofsOf(vault, brand, jti, now),
    ask(status.uri, { headers: { accept: 'application/statuslist+jwt' } }),
    ask(jwks_uri),
  ]);
  const file = {
    v: 1,
    type: 'zusage-receipt',
    request,
    grant: jwt,
    receipts: [],
    proofs,
    status: list.status === 200 ? list.text : null,
    vault_jwks: objectOf(keys),
    log_vkey,
  };
  const name = `${brand.did.replace(/[^A-Za-z0-9.-]+/g, '-')}-${jti.slice(9, 17)}.zusage.json`;
  return { name, text: `${JSON.stringify(file, null, 2)}\n` };
}

/** `GET /grants/{jti}/proofs`, for the audience. A token that the service has forgotten is asked for anew, once. */
async function proofsOf(vault: string, brand: Brand, jti: string, now: number): Promise<string[]> {
  const get = async (): Promise<Answer> => {
    const token = await accessToken(vault, brand, now, OPTIONS);
    const headers = { authorization: `Bearer ${token}` };
    return ask(`${vault}/grants/${encodeURIComponent(jti)}/proofs`, { headers });
  };
  let answer = await get();
  if (answer.status === 401) {
    dropToken(vault, brand);
    answer = await get();
  }
  const { proofs } = objectOf(answer);
  if (!Array.isArray(proofs)) throw new SdkError('vault/answer');
  return proofs.map(({ proof }: { proof: unknown }) => String(proof));
}
