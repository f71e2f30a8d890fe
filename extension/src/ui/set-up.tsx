import { browser } from './browser.ts';
import { status } from './session.ts';
import { t } from './words.ts';

/** Where there is no vault: the one way to one. It opens in a tab, for a popup has no room for it. */
export function SetUp() {
  async function open() {
    await browser.tabs.create({ url: browser.runtime.getURL('/welcome.html') });
    window.close();
  }
  return (
    <>
      <h1>{t('no_vault_title')}</h1>
      <p>{status.value?.lost ? t('vault_lost') : t('welcome_use')}</p>
      <button type="button" class="main wide" data-testid="set-up" onClick={open}>
        {t('set_up')}
      </button>
    </>
  );
}
