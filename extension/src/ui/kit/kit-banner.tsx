import { status } from '../session.ts';
import { t } from '../words.ts';

/** Stays until there is a kit that the person has typed back from, and a stop sheet that ends what is shared now. */
export function KitBanner() {
  const { kit, sheetOutdated } = status.value ?? {};
  if (sheetOutdated) {
    return (
      <p class="notice row" data-testid="sheet-banner">
        <span>{t('kit_sheet_outdated')}</span>
        <a href="/welcome.html#/stop-sheet">{t('kit_stop_print')}</a>
      </p>
    );
  }
  if (kit !== 'none' && kit !== 'made') return null;
  return (
    <p class="notice row" data-testid="kit-banner">
      <span>{t(kit === 'none' ? 'kit_banner_none' : 'kit_banner_made')}</span>
      <a href="/welcome.html#/kit">{t(kit === 'none' ? 'kit_make' : 'kit_confirm_now')}</a>
    </p>
  );
}
