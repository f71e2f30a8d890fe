import { t } from '../words.ts';
import { KitSettings } from './kit-settings.tsx';
import { Passkeys } from './passkeys.tsx';
import { WhenItLocks } from './when-it-locks.tsx';

/** How the vault is closed, and every way it is opened. */
export function LockAndKey() {
  return (
    <section class="stack" aria-labelledby="lock-and-key">
      <h2 id="lock-and-key">{t('lock_and_key')}</h2>
      <WhenItLocks />
      <div class="card stack">
        <h3>{t('passphrase')}</h3>
        <p>{t('lock_passphrase_text')}</p>
        <p class="row">
          <a class="button" href="/welcome.html#/change-passphrase" data-testid="change-passphrase">
            {t('passphrase_change_title')}
          </a>
        </p>
      </div>
      <Passkeys />
      <KitSettings />
      <div class="card stack">
        <h3>{t('lock_all_lost_title')}</h3>
        <p>{t('lock_all_lost')}</p>
      </div>
    </section>
  );
}
