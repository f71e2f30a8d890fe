import { thumbprint } from '@zusage/protocol/jwk';
import { signSlotProof } from '@zusage/protocol/slot';
import { vaultApi } from '../network/vault-api.ts';
import { brandKey } from './brand-key.ts';
import { assertNotExpired, type Context, Stop, settingsOf } from './context.ts';
import { pinnedService } from './pinned-service.ts';
import { replacedBy } from './replaced.ts';
import type { Stage } from './step-data.ts';
import type { FailureReason } from './types.ts';

/**
 * decided → slot (SPEC §7.1). The same call gives the same slot, so it may be repeated.
 * @throws Stop `request-expired`, `brand-not-enrolled`, `service-refused`, `service-unreachable`
 */
export async function reserveSlot(context: Context): Promise<Stage> {
  const { services, request } = context;
  assertNotExpired(context);
  const { vaultService: vault } = await settingsOf(services);
  if (!request.terms.vaults.includes(vault)) throw new Stop('service-refused');
  await pinnedService(services, vault);
  const key = await brandKey(services, request.brand.did);
  const at = services.now();
  const proof = await signSlotProof(
    { aud: vault, request_hash: request.requestHash, iat: at },
    key,
  );
  const answer = await vaultApi(services.door, vault).slot(
    request.compact,
    await thumbprint(key.publicJwk),
    proof,
  );
  if (!answer.ok) throw new Stop(reasonOf(answer));
  const { uri, idx, now, expires } = answer.value;
  // A status list anywhere else would be somebody else's word.
  if (!uri.startsWith(`${vault}/`)) throw new Stop('service-refused');
  const replaces = await replacedBy(services, {
    did: request.brand.did,
    vaultService: vault,
    purposes: request.terms.purpose,
  });
  return { name: 'slot', data: { uri, idx, now, expires, at, replaces } };
}

/** What the service's "no" means to the person. */
export function reasonOf(
  answer: { status: number; code: string } | { status: null },
): FailureReason {
  if (answer.status === null) return 'service-unreachable';
  if (answer.code === 'brand/not-enrolled') return 'brand-not-enrolled';
  return answer.code === 'request/expired' ? 'request-expired' : 'service-refused';
}
