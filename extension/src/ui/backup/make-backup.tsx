import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { NewPassphrase } from '../new-passphrase.tsx';
import { run, say } from '../session.ts';
import { t } from '../words.ts';
import { Working } from './progress.tsx';
import { saveSent } from './transfer.ts';

/** A backup file: its passphrase is chosen here, and the file saved where the browser saves. */
export function MakeBackup() {
  const saved = useSignal<string | null>(null);
  const done = useSignal<number | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const name = saved.value;
  useLayoutEffect(() => {
    if (name !== null) heading.current?.focus();
  }, [name]);

  async function make(passphrase: string): Promise<boolean> {
    done.value = 0;
    const sent = await run('makeBackup', { passphrase });
    const fine =
      sent !== null &&
      (await saveSent(sent, (now) => {
        done.value = now;
      }));
    done.value = null;
    if (!fine) return false;
    saved.value = sent.name;
    say(t('backup_saved', sent.name));
    return true;
  }

  if (name !== null) {
    return (
      <>
        <h1 ref={heading} tabIndex={-1}>
          {t('backup_done_title')}
        </h1>
        <p class="notice" data-testid="backup-saved">
          {t('backup_saved', name)}
        </p>
        <p>{t('backup_keep')}</p>
        <p>
          <a class="button main" href="/app.html#/settings">
            {t('to_settings')}
          </a>
        </p>
      </>
    );
  }
  return (
    <>
      <h1>{t('backup_make')}</h1>
      <p>{t('backup_make_intro')}</p>
      <NewPassphrase
        label={t('backup_passphrase')}
        button={t('backup_make')}
        busyButton={t('backup_making')}
        testid="make-backup"
        onPassphrase={make}
      >
        <p class="notice">{t('backup_passphrase_note')}</p>
        <Working done={done.value} />
      </NewPassphrase>
      <p>
        <a href="/app.html#/settings">{t('to_settings')}</a>
      </p>
    </>
  );
}
