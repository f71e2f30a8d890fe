import { useSignal } from '@preact/signals';
import { NewPassphrase } from '../new-passphrase.tsx';
import { run } from '../session.ts';
import { VaultServiceField } from '../vault-service-field.tsx';
import { t } from '../words.ts';
import { type Offered, withFile } from './restore.tsx';
import { Tallies } from './tallies.tsx';

/** Where there is no vault: the backup becomes one, under a passphrase of its own. */
export function RestoreNew({ offered, onDone }: { offered: Offered; onDone: () => void }) {
  const service = useSignal(offered.view.vaultService);

  const restore = (passphrase: string) =>
    withFile(offered, (id) =>
      run('restoreNew', { id, passphrase, vaultService: service.value.trim() }),
    ).then((fine) => {
      if (fine) onDone();
      return fine;
    });

  return (
    <>
      <Tallies view={offered.view} />
      <h2>{t('backup_new_passphrase')}</h2>
      <NewPassphrase
        button={t('backup_restore')}
        busyButton={t('backup_restoring')}
        testid="restore"
        onPassphrase={restore}
      >
        <VaultServiceField service={service} hint={t('backup_service_hint')} />
      </NewPassphrase>
    </>
  );
}
