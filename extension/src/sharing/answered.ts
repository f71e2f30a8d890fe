import type { ParsedRequest } from '@zusage/protocol/request';
import { type AnsweredRecord, answeredKey } from '../vault/records.ts';
import type { Services } from './services.ts';
import type { Asked } from './types.ts';

/** Seconds after `exp` until which the service may still register a grant for the request (SPEC §7.1). */
const KEPT_AFTER_EXPIRY = 720;

/**
 * A request is answered once, told apart by (`client_id`, `nonce`).
 * @returns false when another ask of the same request was answered before
 */
export async function markAnswered(
  { vault }: Services,
  { key }: Asked,
  { payload }: ParsedRequest,
): Promise<boolean> {
  const record = await vault.update(
    'answered',
    answeredKey(payload.client_id, payload.nonce),
    (current) =>
      current ?? {
        clientId: payload.client_id,
        nonce: payload.nonce,
        exp: payload.exp,
        by: key,
      },
  );
  return (record as AnsweredRecord & { by?: string }).by === key;
}

/** Forgets the answers to requests that nobody accepts any more. */
export async function forgetExpiredAnswers({ vault, now }: Services): Promise<void> {
  for (const { clientId, nonce, exp } of await vault.all('answered')) {
    if (exp + KEPT_AFTER_EXPIRY < now())
      await vault.remove('answered', answeredKey(clientId, nonce));
  }
}
