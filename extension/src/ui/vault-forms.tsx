import { useComputed, useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Proof, Status } from '../messages.ts';
import { ask } from './ask.ts';
import { askPasskey, type PasskeyProblem } from './passkey.ts';
import { PasskeyNotice } from './passkey-notice.tsx';
import { PassphraseInput, ShowPassphrase } from './passphrase-input.tsx';
import { failure, loadStatus, run, shut, status } from './session.ts';
import { useWait, Wait } from './wait.tsx';
import { t } from './words.ts';

type Props = {
  /** The host that asks, when one does. */
  waiting: string | undefined;
  onDone: (next: Status) => void;
  /** Opens a page of the extension in a tab, where this one is a popup: the browser's dialog would close it. */
  openTab?: (page: string) => void;
};

/** Where a locked vault is opened: with a passkey, the passphrase, or on another screen with the recovery code. */
export function Unlock({ waiting, onDone, openTab }: Props) {
  const passphrase = useSignal('');
  const shown = useSignal(false);
  const busy = useSignal(false);
  const entering = useComputed(() => passphrase.value !== '').value;
  const problem = useSignal<PasskeyProblem | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const quick = useRef<HTMLButtonElement>(null);
  const wait = useWait();
  const { passkeys = [], recovery = false } = status.value?.ways ?? {};
  const hasPasskey = passkeys.length > 0;
  useLayoutEffect(() => (quick.current ?? field.current)?.focus(), [hasPasskey]);

  // Once more when the entering begins: the worker forgets it when nobody comes.
  useEffect(() => void ask('prepareUnlock', {}), [entering]);

  async function unlock(proof: Proof): Promise<boolean> {
    busy.value = true;
    const next = await run('unlock', proof);
    busy.value = false;
    if (!next) return false;
    passphrase.value = '';
    shut.value = false;
    status.value = next;
    onDone(next);
    return true;
  }

  async function withPassphrase(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value || wait > 0) return;
    if (await unlock({ passphrase: passphrase.value })) return;
    // Before anything else is waited for: the person may be typing the next one by then.
    field.current?.select();
    // How long the next try has to wait.
    await loadStatus();
  }

  async function withPasskey() {
    if (busy.value) return;
    if (openTab) return openTab('/app.html');
    const proof = await askPasskey(passkeys);
    problem.value = typeof proof === 'string' ? proof : null;
    if (typeof proof !== 'string' && !(await unlock(proof))) await loadStatus();
  }

  return (
    <form class="stack" onSubmit={withPassphrase} aria-busy={busy.value}>
      <h1>{t('locked_title')}</h1>
      <p>{waiting ? t('locked_waiting', waiting) : t('locked_intro')}</p>
      {hasPasskey && (
        <button
          type="button"
          class="main wide"
          ref={quick}
          data-testid="unlock-passkey"
          onClick={withPasskey}
        >
          {t('passkey_unlock')}
        </button>
      )}
      <PasskeyNotice problem={problem.value} />
      <PassphraseInput
        id="passphrase"
        label={t('passphrase')}
        value={passphrase}
        shown={shown.value}
        autocomplete="current-password"
        invalid={failure.value === 'wrong-passphrase'}
        field={field}
      />
      <ShowPassphrase shown={shown} />
      <Wait seconds={wait} />
      <button
        type="submit"
        class={hasPasskey ? 'wide' : 'main wide'}
        data-testid="unlock"
        aria-disabled={busy.value || wait > 0}
      >
        {busy.value ? t('unlocking') : t('unlock')}
      </button>
      <Forgotten recovery={recovery} inPopup={openTab !== undefined} />
    </form>
  );
}

/** What is left to who has forgotten the passphrase. */
function Forgotten({ recovery, inPopup }: { recovery: boolean; inPopup: boolean }) {
  if (!recovery)
    return (
      <details>
        <summary data-testid="forgotten">{t('passphrase_forgotten')}</summary>
        <p>{t('passphrase_forgotten_no_kit')}</p>
        <p>
          <a
            href="/welcome.html#/reset"
            data-testid="to-reset"
            target={inPopup ? '_blank' : undefined}
          >
            {t('reset_locked_link')}
          </a>
        </p>
      </details>
    );
  return (
    <a
      href="/welcome.html#/recover"
      data-testid="forgotten"
      target={inPopup ? '_blank' : undefined}
    >
      {t('passphrase_forgotten')}
    </a>
  );
}
