import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Status } from '../messages.ts';
import { PassphraseInput, ShowPassphrase } from './passphrase-input.tsx';
import { failure, run, shut, status } from './session.ts';
import { t } from './words.ts';

type Done = (next: Status) => void;

/** `waiting` is the host that asks, when one does. */
export function Unlock({ waiting, onDone }: { waiting: string | undefined; onDone: Done }) {
  const passphrase = useSignal('');
  const shown = useSignal(false);
  const busy = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function unlock(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    const next = await run('unlock', { passphrase: passphrase.value });
    busy.value = false;
    if (!next) return field.current?.select();
    passphrase.value = '';
    shut.value = false;
    status.value = next;
    onDone(next);
  }

  return (
    <form class="stack" onSubmit={unlock} aria-busy={busy.value}>
      <h1>{t('locked_title')}</h1>
      <p>{waiting ? t('locked_waiting', waiting) : t('locked_intro')}</p>
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
      <button type="submit" class="main wide" data-testid="unlock" aria-disabled={busy.value}>
        {busy.value ? t('unlocking') : t('unlock')}
      </button>
    </form>
  );
}
