import { VerificationError } from '@zusage/protocol/errors';
import type { Grant } from '@zusage/protocol/grant';
import { parseJws } from '@zusage/protocol/jws';
import { RECEIPT_TYP, type ReceiptEvent, verifyReceipt } from '@zusage/protocol/receipt';
import { parseVkey } from '@zusage/protocol/tlog';
import { assertSameService, keysOf, readService } from '../network/vault-service.ts';
import type { ServiceRecord } from '../vault/records.ts';
import type { Services } from './services.ts';

/** Seconds in which a service's keys are read again at most once. */
const ONCE_IN = 60;
const REREAD = 'sharing.reread';

/**
 * What was pinned about the vault service at set-up. Set-up pins before it returns, but a worker killed in between
 * leaves a vault without it; then it is pinned at the first use.
 * @throws ServiceError, VaultError
 */
export async function pinnedService(services: Services, origin: string): Promise<ServiceRecord> {
  const { vault, door, now, options } = services;
  const pinned = await vault.get('service', origin);
  if (pinned !== undefined) return pinned;
  const read = await readService(door, origin, now(), options);
  await vault.put('service', origin, read);
  return read;
}

/**
 * Verifies a receipt with the pinned keys. When its key is unknown, the service's keys are read again, at most once a
 * minute, and count only while a pinned one remains (SPEC §11).
 * @throws FormatError `receipt/*`; VerificationError `receipt/*`, `jws/signature`; ServiceError; VaultError
 */
export async function verifyWithPinned(
  services: Services,
  receipt: string,
  grant: Grant,
  { vault: origin, event }: { vault: string; event: ReceiptEvent },
): Promise<void> {
  const pinned = await pinnedService(services, origin);
  try {
    await verifyReceipt(receipt, grant, { vault: origin, keys: keysOf(pinned), event });
    await lookSoon(services, receipt, pinned);
  } catch (error) {
    const unknown = error instanceof VerificationError && error.code === 'receipt/unknown-key';
    if (!unknown || !(await mayReadAgain(services))) throw error;
    const read = await readService(services.door, origin, services.now(), services.options);
    await assertSameService(pinned, read);
    await services.vault.put('service', origin, read);
    await verifyReceipt(receipt, grant, { vault: origin, keys: keysOf(read), event });
  }
}

/** A receipt that names another log than the pinned one: the service is asked about it at the worker's next moment. */
async function lookSoon(
  { vault }: Services,
  receipt: string,
  { origin, logVkey }: ServiceRecord,
): Promise<void> {
  const { log } = parseJws(receipt, { typ: [RECEIPT_TYP], key: ['kid'] }).payload;
  const name = (log as { origin?: unknown } | null)?.origin;
  if (name === undefined || name === parseVkey(logVkey).name) return;
  await vault.update('logWatch', origin, (current) => {
    const { seenOn, ...watch } = current ?? { origin, head: null, waiting: [] };
    return watch;
  });
}

async function mayReadAgain({ session, now }: Services): Promise<boolean> {
  const last = (await session.get(REREAD)) as number | undefined;
  if (last !== undefined && now() >= last && now() - last < ONCE_IN) return false;
  await session.set(REREAD, now());
  return true;
}
