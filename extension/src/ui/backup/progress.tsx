import { t } from '../words.ts';

/** For work that takes a moment; nothing when there is none. @param done from 0 to 1, or null */
export function Working({ done }: { done: number | null }) {
  if (done === null) return null;
  return (
    <p class="field" role="status">
      <label for="working">{t('backup_working')}</label>
      <progress id="working" value={done} max={1} />
    </p>
  );
}
