import type { LockedMessage } from '../messages.ts';
import { browser } from '../platform.ts';
import { loadStatus } from './session.ts';

/** Shows nothing of the vault any more when it was locked elsewhere or by itself. @returns stops it */
export function followLock(): () => void {
  const hear = (message: unknown): undefined => {
    if ((message as Partial<LockedMessage> | null)?.zusage === 'locked') void loadStatus();
  };
  browser.runtime.onMessage.addListener(hear);
  return () => browser.runtime.onMessage.removeListener(hear);
}
