import type { GrantView } from '../../messages.ts';
import { date } from '../dates.ts';
import { t } from '../words.ts';

type Props = { recorded: GrantView['recorded'] };

/** One calm line while the public log agrees with the vault. */
export function Recorded({ recorded: { state, on } }: Props) {
  if (state === 'recorded' && on !== null) return <>{t('recorded_recorded', date(on))}</>;
  return <>{t(state === 'warning' ? 'recorded_warning' : 'recorded_pending')}</>;
}

/** What does not agree, and what to do. */
export function RecordWarnings({ recorded: { warnings }, service }: Props & { service: string }) {
  if (warnings.length === 0) return null;
  return (
    <div class="notice bad" data-testid="record-warnings">
      {warnings.map((code) => (
        <p key={code} data-warning={code}>
          {t(`log_warning_${code}`)}
        </p>
      ))}
      <p>{t('log_warning_do', service)}</p>
    </div>
  );
}
