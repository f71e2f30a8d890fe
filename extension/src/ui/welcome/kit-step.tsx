import { t } from '../words.ts';

/** The recovery kit, still in the first session. */
export function KitStep() {
  return (
    <>
      <h1>{t('welcome_kit_title')}</h1>
      <p>
        <a class="button main" href="/app.html#/" data-testid="finish">
          {t('welcome_finish')}
        </a>
      </p>
    </>
  );
}
