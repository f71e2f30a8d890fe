import { t } from './words.ts';

/** The brand's privacy notice and where erasure is asked for; nothing is fetched before the person follows them. */
export function ShopLinks({ notice, contact }: { notice: string; contact: string }) {
  const address = contact.replace(/^mailto:/, '');
  // A mail program is no page: a tab opened for it would stay empty.
  const tab = address === contact ? ({ target: '_blank' } as const) : {};
  return (
    <>
      <a href={notice} target="_blank" rel="noreferrer noopener">
        {t('privacy_notice')}
      </a>
      <a href={contact} rel="noreferrer noopener" {...tab}>
        {t('contact', address)}
      </a>
    </>
  );
}
