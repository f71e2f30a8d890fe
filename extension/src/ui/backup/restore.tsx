import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RestoreView } from '../../messages.ts';
import { PassphraseInput, ShowPassphrase } from '../passphrase-input.tsx';
import { failure, loadStatus, run, say, status } from '../session.ts';
import { Unlock } from '../vault-forms.tsx';
import { t } from '../words.ts';
import { Working } from './progress.tsx';
import { RestoreHere } from './restore-here.tsx';
import { RestoreNew } from './restore-new.tsx';
import { offerFile } from './transfer.ts';

/** A file that was read and verified, and how to read it again when the worker has forgotten it. */
export type Offered = {
  view: RestoreView;
  /** Its name in the worker, which forgets it when it rests. @returns null when it cannot be read any more */
  again: () => Promise<string | null>;
  id: string;
};

/** A backup file into the vault that is open, or as a new one where there is none. */
export function Restore() {
  const offered = useSignal<Offered | null>(null);
  const done = useSignal(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const step = done.value ? 'done' : offered.value ? 'seen' : 'choose';
  useLayoutEffect(() => {
    if (step !== 'choose') heading.current?.focus();
  }, [step]);

  async function restored() {
    offered.value = null;
    done.value = true;
    say(t('backup_restored_title'));
    await loadStatus();
  }

  if (done.value) {
    return (
      <>
        <h1 ref={heading} tabIndex={-1}>
          {t('backup_restored_title')}
        </h1>
        <p data-testid="restored">{t('backup_restored_sheet')}</p>
        <p class="row">
          {status.value?.kit === 'none' ? (
            <a class="button main" href="/welcome.html#/kit" data-testid="to-kit">
              {t('backup_to_kit')}
            </a>
          ) : (
            <a class="button main" href="/welcome.html#/stop-sheet" data-testid="to-kit">
              {t('kit_stop_print')}
            </a>
          )}
          <a href="/app.html#/">{t('backup_to_vault')}</a>
        </p>
      </>
    );
  }
  if (status.value?.vault === 'locked')
    return <Unlock waiting={undefined} onDone={() => undefined} />;
  if (status.value?.vault === 'newer') return <p class="notice">{t('vault_newer')}</p>;
  const now = offered.value;
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {t('backup_restore')}
      </h1>
      {now === null && (
        <ChooseFile
          onOffered={(next) => {
            offered.value = next;
          }}
        />
      )}
      {now?.view.isNew === true && <RestoreNew offered={now} onDone={restored} />}
      {now?.view.isNew === false && <RestoreHere offered={now} onDone={restored} />}
    </>
  );
}

function ChooseFile({ onOffered }: { onOffered: (offered: Offered) => void }) {
  const passphrase = useSignal('');
  const shown = useSignal(false);
  const busy = useSignal<number | null>(null);
  const chosen = useRef<HTMLInputElement>(null);
  const field = useRef<HTMLInputElement>(null);

  async function read(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const file = chosen.current?.files?.[0];
    if (busy.value !== null || file === undefined) return;
    const typed = passphrase.value;
    const give = async () => {
      const answer = await offerFile(file, typed, (now) => {
        busy.value = now;
      });
      busy.value = null;
      return answer;
    };
    const answer = await give();
    if (answer === null) {
      if (failure.value === 'backup-passphrase') field.current?.select();
      return;
    }
    passphrase.value = '';
    onOffered({ ...answer, again: async () => (await give())?.id ?? null });
  }

  return (
    <form class="stack" onSubmit={read} aria-busy={busy.value !== null}>
      <p>{t('backup_restore_intro')}</p>
      <p class="field">
        <label for="backup-file">{t('backup_file')}</label>
        <input
          id="backup-file"
          data-testid="backup-file"
          type="file"
          accept=".zusage-backup"
          required
          ref={chosen}
        />
      </p>
      <PassphraseInput
        id="backup-passphrase"
        label={t('backup_passphrase')}
        value={passphrase}
        shown={shown.value}
        autocomplete="current-password"
        invalid={failure.value === 'backup-passphrase'}
        field={field}
      />
      <ShowPassphrase shown={shown} />
      <Working done={busy.value} />
      <button
        type="submit"
        class="main wide"
        data-testid="read-backup"
        aria-disabled={busy.value !== null}
      >
        {t('backup_read')}
      </button>
    </form>
  );
}

/** Runs `restore` with the name of the file; a worker that rested meanwhile is given the file once more. */
export async function withFile(
  { id, again }: Offered,
  restore: (id: string) => Promise<unknown>,
): Promise<boolean> {
  if ((await restore(id)) !== null) return true;
  if (failure.value !== 'transfer-gone') return false;
  const anew = await again();
  return anew !== null && (await restore(anew)) !== null;
}

/** For the person who changes their mind. */
export async function forget(): Promise<void> {
  await run('forgetBackup', {});
  location.assign('/app.html#/settings');
}
