import type { SettingsRecord } from '../vault/records.ts';

const DAY = 86_400;
/** Days after which the person is reminded, until they say otherwise. */
export const REMIND_AFTER = 30;
/** Days the person can choose; 0 is never. */
export const REMINDERS: readonly number[] = [7, 30, 90, 180, 0];

export interface BackupState {
  /** When the last backup was made; NumericDate, null when there is none. */
  readonly on: number | null;
  readonly remindDays: number;
  /** The person should be reminded now. */
  readonly due: boolean;
}

/**
 * The age of the last backup, or without one that of the vault. A backup of the future was made under a clock that was
 * wrong, then or now, and its age is not known: one more costs less than none.
 *
 * @param attributes how many the vault holds; an empty one needs no backup
 * @param now NumericDate
 */
export function backupState(
  settings: SettingsRecord | undefined,
  attributes: number,
  now: number,
): BackupState {
  const { on = null, remindDays = REMIND_AFTER, since = 0 } = settings?.backup ?? {};
  const age = now - (on ?? since);
  const old = age > remindDays * DAY || age < -DAY;
  return { on, remindDays, due: attributes > 0 && remindDays > 0 && old };
}
