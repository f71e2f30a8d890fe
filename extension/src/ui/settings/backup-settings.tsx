import { date } from '../dates.ts';
import { loadStatus, run, say, status } from '../session.ts';
import { count, t } from '../words.ts';

/** Days to choose from; 0 is never. */
const CHOICES = [7, 30, 90, 180, 0];

export function BackupSettings() {
  const backup = status.value?.backup;
  if (!backup) return null;

  async function remind(days: number) {
    if ((await run('remindOfBackup', { days })) === null) return;
    await loadStatus();
    say(t('saved', t('backup_remind')));
  }

  return (
    <div class="card stack">
      <h3>{t('backup')}</h3>
      <p data-testid="last-backup">
        {backup.on === null ? t('backup_none') : t('backup_last', date(backup.on))}
      </p>
      <p class="row">
        <a class="button" href="/welcome.html#/backup" data-testid="to-backup">
          {t('backup_make')}
        </a>
        <a class="button" href="/welcome.html#/restore" data-testid="to-restore">
          {t('backup_restore')}
        </a>
      </p>
      <p class="field">
        <label for="remind">{t('backup_remind')}</label>
        <select
          id="remind"
          data-testid="remind"
          value={String(backup.remindDays)}
          onChange={(e) => remind(Number(e.currentTarget.value))}
        >
          {CHOICES.map((days) => (
            <option key={days} value={String(days)}>
              {days === 0 ? t('backup_remind_never') : count('backup_remind_after', days)}
            </option>
          ))}
        </select>
      </p>
    </div>
  );
}
