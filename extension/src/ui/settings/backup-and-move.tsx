import { t } from '../words.ts';
import { BackupSettings } from './backup-settings.tsx';
import { ExportAll } from './export-all.tsx';
import { MoveService } from './move-service.tsx';
import { ResetAll } from './reset-all.tsx';

/** What a person needs to keep a copy, to leave, and to delete everything. */
export function BackupAndMove() {
  return (
    <section class="stack" aria-labelledby="backup-and-move">
      <h2 id="backup-and-move">{t('backup_and_move')}</h2>
      <BackupSettings />
      <ExportAll />
      <MoveService />
      <div class="card stack">
        <h3>{t('stop_title')}</h3>
        <p>{t('stop_about')}</p>
        <p>
          <a href="/stop.html">{t('stop_open')}</a>
        </p>
      </div>
      <ResetAll />
    </section>
  );
}
