import { browser } from '../browser.ts';
import { status } from '../session.ts';
import { t } from '../words.ts';

/** What this is, who answers for it, and where it was explained. */
export function About() {
  const service = status.value?.vaultService;
  return (
    <section aria-labelledby="about">
      <h2 id="about">{t('about')}</h2>
      <p>{t('about_version', browser.runtime.getManifest().version)}</p>
      {service && <p>{t('about_service', new URL(service).host)}</p>}
      <p>
        <a href="/welcome.html">{t('about_welcome')}</a>
      </p>
    </section>
  );
}
