import { status } from '../session.ts';
import { t } from '../words.ts';

/** Stays until there is a kit that the person has typed back from. */
export function KitBanner() {
  const { kit } = status.value ?? {};
  if (kit !== 'none' && kit !== 'made') return null;
  return (
    <p class="notice row" data-testid="kit-banner">
      <span>{t(kit === 'none' ? 'kit_banner_none' : 'kit_banner_made')}</span>
      <a href="/welcome.html#/kit">{t(kit === 'none' ? 'kit_make' : 'kit_confirm_now')}</a>
    </p>
  );
}
