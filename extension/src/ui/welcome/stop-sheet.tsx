import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { StopSheet } from '../kit/sheets.tsx';
import { Loading } from '../notices.tsx';
import { failure, run } from '../session.ts';
import { t } from '../words.ts';

/** The stop sheet once more; it opens nothing, so that it may be printed as often as the person likes. */
export function PrintStopSheet() {
  const sheet = useSignal<{ stop: string; vaultService: string } | null>(null);
  useEffect(() => {
    void run('stopSheet', {}).then((now) => {
      sheet.value = now;
    });
  }, []);
  if (!sheet.value) return failure.value ? null : <Loading />;
  return (
    <>
      <h1>{t('kit_stop_print')}</h1>
      <div class="kit-sheets">
        <StopSheet {...sheet.value} />
      </div>
      <p class="row">
        <button type="button" class="main" data-testid="print" onClick={() => window.print()}>
          {t('print')}
        </button>
        <a class="button" href="/app.html#/settings" data-testid="finish">
          {t('to_settings')}
        </a>
      </p>
    </>
  );
}
