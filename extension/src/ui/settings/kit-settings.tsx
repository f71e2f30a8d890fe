import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { KitView } from '../../messages.ts';
import { day } from '../dates.ts';
import { run } from '../session.ts';
import { t } from '../words.ts';

/** What there is of the recovery kit; it is made and confirmed on a page of its own. */
export function KitSettings() {
  const view = useSignal<KitView | null>(null);
  useEffect(() => {
    void run('kit', {}).then((now) => {
      view.value = now;
    });
  }, []);
  const now = view.value;
  if (!now) return null;
  const { state, on } = now;
  return (
    <div class="card stack">
      <h3>{t('kit')}</h3>
      <p data-testid="kit-state">
        {state === 'none' && t('kit_none')}
        {state === 'made' && t('kit_made_unconfirmed', day(on ?? ''))}
        {state === 'confirmed' && t('kit_confirmed_on', day(on ?? ''))}
      </p>
      <p>{t('kit_intro')}</p>
      {now.sheetOutdated && (
        <p class="notice bad" data-testid="sheet-outdated">
          {t('kit_sheet_outdated')}
        </p>
      )}
      <p class="row">
        <a class="button" href="/welcome.html#/kit" data-testid="to-kit">
          {t(state === 'none' ? 'kit_make' : 'kit_open')}
        </a>
        <a class="button" href="/welcome.html#/stop-sheet" data-testid="to-stop-sheet">
          {t('kit_stop_print')}
        </a>
      </p>
    </div>
  );
}
