import { useSignal } from '@preact/signals';
import type { ComponentChildren, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { PassphraseInput, ShowPassphrase } from './passphrase-input.tsx';
import { t } from './words.ts';

type Props = {
  /** What the button says, and what it says while `onPassphrase` runs. */
  button: string;
  busyButton: string;
  /** Resolves to true when the passphrase was taken; the fields are emptied then. */
  onPassphrase: (passphrase: string) => Promise<boolean>;
  testid: string;
  /** Further fields, before the button. */
  children?: ComponentChildren;
};

/** Chooses a passphrase: for a new vault, or instead of an earlier one. It stays in this form. */
export function NewPassphrase({ button, busyButton, onPassphrase, testid, children }: Props) {
  const passphrase = useSignal('');
  const again = useSignal('');
  const shown = useSignal(false);
  const busy = useSignal(false);
  const differs = useSignal(false);
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  async function choose(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value) return;
    differs.value = passphrase.value !== again.value;
    if (differs.value) return second.current?.focus();
    busy.value = true;
    const taken = await onPassphrase(passphrase.value);
    busy.value = false;
    if (!taken) return;
    passphrase.value = '';
    again.value = '';
  }

  return (
    <form class="stack" onSubmit={choose} aria-busy={busy.value}>
      <PassphraseInput
        id="passphrase"
        label={t('passphrase')}
        value={passphrase}
        shown={shown.value}
        autocomplete="new-password"
        hint={t('passphrase_hint')}
        field={first}
      />
      <PassphraseInput
        id="passphrase-again"
        label={t('passphrase_again')}
        value={again}
        shown={shown.value}
        autocomplete="new-password"
        problem={differs.value ? t('passphrase_differs') : ''}
        field={second}
      />
      <ShowPassphrase shown={shown} />
      {children}
      <button type="submit" class="main wide" data-testid={testid} aria-disabled={busy.value}>
        {busy.value ? busyButton : button}
      </button>
    </form>
  );
}
