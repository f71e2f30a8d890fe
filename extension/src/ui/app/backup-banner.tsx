import { date } from '../dates.ts';
import { status } from '../session.ts';
import { t } from '../words.ts';

/** The last backup is old, or there is none. */
export function BackupBanner() {
  const { backup } = status.value ?? {};
  if (!backup?.due) return null;
  return (
    <p class="notice row" data-testid="backup-banner">
      <span>
        {backup.on === null ? t('backup_due_none') : t('backup_due_last', date(backup.on))}
      </span>
      <a href="/welcome.html#/backup">{t('backup_make')}</a>
    </p>
  );
}
