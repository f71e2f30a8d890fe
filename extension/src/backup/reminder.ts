import type { AttributeRecord, SettingsRecord } from '../vault/records.ts';

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
 * The age of the last backup, or without one that of the oldest entry. A backup of the future was made under a clock
 * that was wrong, then or now, and its age is not known: one more costs less than none.
 *
 * @param now NumericDate
 */
export function backupState(
  settings: SettingsRecord | undefined,
  attributes: readonly AttributeRecord[],
  now: number,
): BackupState {
  const { on = null, remindDays = REMIND_AFTER } = settings?.backup ?? {};
  const since = on ?? oldest(attributes);
  const age = since === null ? 0 : now - since;
  return { on, remindDays, due: remindDays > 0 && (age > remindDays * DAY || age < -DAY) };
}

function oldest(attributes: readonly AttributeRecord[]): number | null {
  const days = attributes.map(({ enteredOn }) => Date.parse(`${enteredOn}T00:00:00Z`) / 1000);
  const known = days.filter((day) => !Number.isNaN(day));
  return known.length === 0 ? null : known.reduce((a, b) => Math.min(a, b));
}
