import { isZusageError } from '@zusage/protocol/errors';
import { type Grant, parseGrant } from '@zusage/protocol/grant';
import { FIRST_LOOK } from '../grant-log/recorded.ts';
import { type Registered, registrationBody, vaultApi } from '../network/vault-api.ts';
import { ServiceError } from '../network/vault-service.ts';
import { type Context, Stop } from './context.ts';
import { verifyWithPinned } from './pinned-service.ts';
import { reasonOf } from './slot.ts';
import type { SignedData, Stage } from './step-data.ts';
import type { StoredGrant } from './stored-grant.ts';
import { type Unfinished, unfinished } from './unfinished.ts';

/** Seconds in which the same bytes are sent again while the service has not said yes or no. */
const PATIENCE = 10;
/** Milliseconds before each repetition. */
const PAUSES = [250, 500, 1000, 2000, 3000];

/**
 * signed → registered (SPEC §7.2 and 3): nothing goes further unless the service's receipt verifies with a pinned
 * key and names this grant.
 * @throws Stop `service-unreachable`, `service-refused`, `brand-not-enrolled`, `request-expired`, `receipt-invalid`
 */
export async function register(context: Context, signed: SignedData): Promise<Stage> {
  const { services, asked } = context;
  const kept = await unfinished(services, asked.key);
  if (kept?.signed.jti !== signed.jti) throw new Stop('vault-broken');
  const answer = await send(context, signed);
  if (!answer.ok) {
    // The grant to be replaced may have ended at the service without our knowing; then there is nothing to replace.
    if (answer.status !== null && answer.code === 'grant/conflict' && signed.replaces !== null) {
      return { name: 'slot', data: { ...signed, replaces: null } };
    }
    throw new Stop(reasonOf(answer));
  }
  const grant = await parseGrant(signed.grant, services.options);
  await assertReceipt(context, answer.value, grant, signed.vault);
  await keepGrant(context, kept, grant, answer.value.receipt);
  return { name: 'registered', data: { ...signed, registeredAt: services.now() } };
}

async function send({ services, request }: Context, { vault, grant }: SignedData) {
  const { door, now, pause } = services;
  const body = registrationBody(grant, request.compact);
  const began = now();
  for (const wait of PAUSES) {
    const answer = await vaultApi(door, vault).register(body);
    if (answer.ok || answer.status !== null || now() - began >= PATIENCE) return answer;
    await pause(wait);
  }
  return vaultApi(door, vault).register(body);
}

async function assertReceipt(
  { services }: Context,
  { receipt }: Registered,
  grant: Grant,
  vault: string,
): Promise<void> {
  try {
    await verifyWithPinned(services, receipt, grant, { vault, event: 'registered' });
  } catch (error) {
    if (isZusageError(error) || error instanceof ServiceError) throw new Stop('receipt-invalid');
    throw error;
  }
}

async function keepGrant(
  { services, asked, request }: Context,
  { disclosures, stopIndex, log }: Unfinished,
  grant: Grant,
  receipt: string,
): Promise<void> {
  const { claims, details } = grant;
  const key = await services.vault.get('brandKey', request.brand.did);
  if (key === undefined) throw new Stop('vault-broken');
  const record: StoredGrant = {
    jti: claims.jti,
    brand: request.brand.did,
    brandName: log.brandName ?? request.brand.host,
    origin: asked.origin,
    key: key.privateJwk,
    terms: request.terms,
    datatypes: details.datatypes,
    request: request.compact,
    grant: grant.jwt,
    receipts: [receipt],
    seq: 0,
    state: 'active',
    nbf: claims.nbf,
    exp: claims.exp,
    stopIndex,
    vaultService: new URL(claims.status.status_list.uri).origin,
    shownText: log.text ?? '',
    disclosures,
    sharedOn: claims.iat,
    proofsDue: services.now() + FIRST_LOOK,
  };
  // A repetition finds the record of the first time, perhaps changed since.
  await services.vault.update('grant', claims.jti, (current) => current ?? record);
  if (claims.replaces !== undefined) await endReplaced(services, claims.replaces);
}

async function endReplaced({ vault, now }: Context['services'], jti: string): Promise<void> {
  if ((await vault.get('grant', jti)) === undefined) return;
  await vault.update('grant', jti, (current) => {
    const ended: Partial<StoredGrant> = {
      ...{ state: 'ended', ended: 'replaced', endedOn: now() },
      proofsDue: now() + FIRST_LOOK,
    };
    return { ...(current as StoredGrant), ...ended };
  });
}
