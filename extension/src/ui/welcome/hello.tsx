import { t } from '../words.ts';

/** The first thing a person sees after installing. */
export function Hello() {
  return (
    <>
      <h1>{t('welcome_title')}</h1>
      <p class="lead">{t('welcome_use')}</p>
      <p>
        <a class="button main" href="#/passphrase" data-testid="begin">
          {t('welcome_begin')}
        </a>
      </p>
    </>
  );
}
