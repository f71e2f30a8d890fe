import type { LogHealthView } from '../../messages.ts';
import { count, t } from '../words.ts';

type Props = { log: LogHealthView; title: string; onFollow: (vkey: string) => void };

/** A service that goes on with another log: what could be checked, and the way on, which is the person's to choose. */
export function FollowedLog({ log: { follow }, title, onFollow }: Props) {
  if (follow === null) return null;
  const { vkey, outcome, lost } = follow;
  const isOffered = outcome !== 'unnamed' && outcome !== 'unread';
  return (
    <div class="notice bad" data-testid="log-follows" data-outcome={outcome}>
      <p id={`follows-${title}`}>{t('log_state_followed')}</p>
      <p>{t(`log_follow_${outcome}`)}</p>
      {lost > 0 && <p>{count('log_lost', lost)}</p>}
      {isOffered ? <p>{t('log_follow_do')}</p> : <p>{t('log_do')}</p>}
      {isOffered && (
        <p class="row">
          <button
            type="button"
            aria-describedby={`${title} follows-${title}`}
            data-testid="follow-log"
            onClick={() => onFollow(vkey)}
          >
            {t('log_follow_go')}
          </button>
        </p>
      )}
    </div>
  );
}
