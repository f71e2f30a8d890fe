import { status } from '../session.ts';
import { t } from '../words.ts';
import { PinTheIcon } from './pin-the-icon.tsx';

/** What the manifest asks for, each with its reason. */
const PERMISSIONS = ['active_tab', 'storage', 'alarms', 'idle', 'sites'] as const;

/** The first thing a person sees after installing. */
export function Hello() {
  return (
    <>
      <h1>{t('welcome_title')}</h1>
      {status.value?.lost && (
        <div class="notice bad stack snug" role="alert" data-testid="vault-lost">
          <p>{t('vault_lost')}</p>
          <p>
            <a href="/stop.html">{t('stop_open')}</a>
          </p>
        </div>
      )}
      <p class="lead">{t('welcome_use')}</p>
      <p class="notice lead">
        <b>{t('welcome_nothing_leaves')}</b>
      </p>
      {status.value?.vault === 'none' ? (
        <p class="row">
          <a class="button main" href="#/passphrase" data-testid="begin">
            {t('welcome_begin')}
          </a>
          <a href="#/restore">{t('welcome_restore')}</a>
        </p>
      ) : (
        <p>
          <a class="button main" href="/app.html#/" data-testid="finish">
            {t('welcome_finish')}
          </a>
        </p>
      )}
      <PinTheIcon />
      <section aria-labelledby="permissions">
        <h2 id="permissions">{t('welcome_permissions')}</h2>
        <dl>
          {PERMISSIONS.map((name) => (
            <div class="term" key={name}>
              <dt>{t(`welcome_permission_${name}`)}</dt>
              <dd>{t(`welcome_permission_${name}_why`)}</dd>
            </div>
          ))}
        </dl>
        <p class="hint">{t('welcome_permissions_none')}</p>
      </section>
    </>
  );
}
