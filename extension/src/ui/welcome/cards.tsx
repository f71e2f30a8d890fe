import { t } from '../words.ts';

/** The first few things about the person, one at a time. */
export function Cards() {
  return (
    <>
      <h1>{t('welcome_cards_title')}</h1>
      <p>
        <a class="button main" href="#/kit" data-testid="skip-all">
          {t('welcome_cards_skip_all')}
        </a>
      </p>
    </>
  );
}
