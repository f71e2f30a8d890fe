import { useSignal } from '@preact/signals';
import { NewPassphrase } from '../new-passphrase.tsx';
import { goTo } from '../route.ts';
import { run, say, status } from '../session.ts';
import { VaultServiceField } from '../vault-service-field.tsx';
import { t } from '../words.ts';
import { settingUp } from './set-up.ts';

/** Where a vault begins. */
export function CreateVault() {
  const service = useSignal(status.value?.defaultVaultService ?? '');

  async function create(passphrase: string): Promise<boolean> {
    const next = await run('create', { passphrase, vaultService: service.value.trim() });
    if (!next) return false;
    status.value = next;
    say(t('created'));
    settingUp.value = true;
    goTo('cards');
    return true;
  }

  return (
    <>
      <h1>{t('create_title')}</h1>
      <p>{t('create_intro')}</p>
      <NewPassphrase
        button={t('create')}
        busyButton={t('creating')}
        testid="create"
        onPassphrase={create}
      >
        <p class="notice">{t('passphrase_unrecoverable')}</p>
        <VaultServiceField service={service} hint={t('vault_service_hint')} />
      </NewPassphrase>
    </>
  );
}
