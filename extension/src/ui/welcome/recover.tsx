import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Status } from '../../messages.ts';
import { CodeInput } from '../code-input.tsx';
import { NewPassphrase } from '../new-passphrase.tsx';
import { run, say, shut, status } from '../session.ts';
import { t } from '../words.ts';

/** The way in for who has forgotten the passphrase: the recovery code opens the vault, and a new passphrase is chosen. */
export function Recover() {
  const code = useSignal('');
  const opened = useSignal<Status | null>(null);
  const done = useSignal(false);
  const busy = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  useLayoutEffect(() => {
    if (done.value) heading.current?.focus();
  }, [done.value]);

  async function open(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    const next = await run('unlock', { code: code.value });
    busy.value = false;
    if (!next) return field.current?.select();
    shut.value = false;
    status.value = next;
    opened.value = next;
    say(t('recover_opened'));
  }

  async function choose(passphrase: string): Promise<boolean> {
    const proof = { code: code.value };
    if (!(await run('changePassphrase', { proof, next: passphrase }))) return false;
    code.value = '';
    done.value = true;
    return true;
  }

  if (done.value)
    return (
      <>
        <h1 ref={heading} tabIndex={-1} data-testid="recovered">
          {t('recover_done_title')}
        </h1>
        <p>{t('recover_done')}</p>
        <p class="row">
          <a class="button main" href="/app.html#/" data-testid="finish">
            {t('recover_to_vault')}
          </a>
          <a class="button" href="#/kit">
            {t('kit_make_new')}
          </a>
        </p>
      </>
    );
  if (opened.value)
    return (
      <>
        <h1>{t('recover_new_title')}</h1>
        <p>{t('recover_new')}</p>
        <NewPassphrase
          label={t('passphrase_new')}
          button={t('passphrase_change')}
          busyButton={t('passphrase_changing')}
          testid="set-passphrase"
          onPassphrase={choose}
        />
      </>
    );
  if (status.value?.vault === 'none')
    return (
      <>
        <h1>{t('recover_title')}</h1>
        <p class="notice">{t('error_none')}</p>
        <p>
          <a class="button main" href="#/">
            {t('set_up')}
          </a>
        </p>
      </>
    );
  return (
    <form class="stack" onSubmit={open} aria-busy={busy.value}>
      <h1>{t('recover_title')}</h1>
      <p>{t('recover_intro')}</p>
      <CodeInput id="recovery-code" label={t('recovery_code')} value={code} field={field} />
      <button type="submit" class="main wide" data-testid="recover" aria-disabled={busy.value}>
        {busy.value ? t('unlocking') : t('unlock')}
      </button>
      <details>
        <summary>{t('recover_lost')}</summary>
        <p>{t('recover_lost_text')}</p>
        <p>
          <a href="#/reset">{t('reset_locked_link')}</a>
        </p>
      </details>
    </form>
  );
}
