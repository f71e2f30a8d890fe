import { forgetOver } from '../commands/undo.ts';
import { withdrawPending } from '../commands/withdrawal.ts';
import { forgetExpiredAnswers } from './answered.ts';
import type { Services } from './services.ts';
import {
  abandonedWhileLocked,
  closeUnfinished,
  currentRun,
  deliveredWhileLocked,
  sendWithdrawal,
  type Unfinished,
} from './unfinished.ts';

/**
 * At every unlock and start of the worker: withdraws what an earlier session of the browser left undelivered, and what
 * could not be withdrawn for want of vault or network. Does nothing while locked.
 */
export async function resumeAfterUnlock(services: Services): Promise<void> {
  const { vault } = services;
  if ((await vault.deadline()) === null) return;
  for (const key of await deliveredWhileLocked.read(services)) {
    await vault.remove('step', key);
    await deliveredWhileLocked.remove(services, key);
  }
  await forgetExpiredAnswers(services);
  await forgetOver(services);
  const run = await currentRun(services);
  const abandoned = await abandonedWhileLocked.read(services);
  const steps = (await vault.all('step')) as Unfinished[];
  for (const key of abandoned.filter((one) => !steps.some((kept) => kept.key === one))) {
    await abandonedWhileLocked.remove(services, key);
  }
  for (const kept of steps) {
    if (kept.run === run && !abandoned.includes(kept.key)) continue;
    const sent = await sendWithdrawal(services, kept.signed);
    // One wait for an absent service is enough; the person may be waiting for what comes after.
    if (sent === 'unreachable') return;
    if (sent === 'open') continue;
    await closeUnfinished(services, kept);
    await abandonedWhileLocked.remove(services, kept.key);
  }
  await withdrawPending(services);
}
