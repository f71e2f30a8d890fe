import type { GrantView } from '../../messages.ts';
import { date } from '../dates.ts';
import { t } from '../words.ts';

/** What became of the values once they are no longer shared. */
export function Deletion({ deletion }: { deletion: NonNullable<GrantView['deletion']> }) {
  switch (deletion.state) {
    case 'confirmed':
      return <>{t('deletion_confirmed', date(deletion.on))}</>;
    case 'held':
      return <>{t('deletion_held', date(deletion.by))}</>;
    case 'overdue':
      return <span class="problem">{t('deletion_overdue', date(deletion.by))}</span>;
  }
}
