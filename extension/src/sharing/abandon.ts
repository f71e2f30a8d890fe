import { VaultError } from '../vault/errors.ts';
import type { Services } from './services.ts';
import { type SignedData, stageOf, withdrawable } from './step-data.ts';
import type { Asked, Step } from './types.ts';
import { abandonedWhileLocked, closeUnfinished, sendWithdrawal, unfinished } from './unfinished.ts';

/**
 * Withdraws without undo what may be registered: from the step's own copy, so also while the vault is locked; or, when
 * the vault knows more than the step the worker stored last, from there.
 */
export async function abandon(
  services: Services,
  asked: Asked,
  step: Step | null,
  why: 'page-gone' | 'not-delivered',
): Promise<void> {
  const known = withdrawable(stageOf(step));
  const kept = known ?? (await unlessLocked(() => unfinished(services, asked.key)))?.signed;
  await giveUp(services, asked, kept ?? null, why);
}

/** @param signed null when nothing can have been registered; what the service could not be told, it is told at the next unlock */
export async function giveUp(
  services: Services,
  asked: Asked,
  signed: SignedData | null,
  why: 'page-gone' | 'not-delivered' = 'not-delivered',
): Promise<void> {
  const ended = signed === null || (await sendWithdrawal(services, signed)) === 'ended';
  const closed = await unlessLocked(async () => {
    const kept = await unfinished(services, asked.key);
    if (kept !== undefined && ended) await closeUnfinished(services, kept, why);
    return kept === undefined || ended;
  });
  if (closed !== true) await abandonedWhileLocked.add(services, asked.key);
}

async function unlessLocked<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}
