import { useSignal } from '@preact/signals';
import type { ComponentChildren, TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { PassphraseInput, ShowPassphrase } from './passphrase-input.tsx';
import { Meter } from './strength/meter.tsx';
import type { Strength } from './strength/strength.ts';
import { Suggested } from './strength/suggested.tsx';
import { t } from './words.ts';

type Props = {
  /** What the passphrase is called; without it, just that. */
  label?: string;
  /** What the button says, and what it says while `onPassphrase` runs. */
  button: string;
  busyButton: string;
  /** Resolves to true when the passphrase was taken; the fields are emptied then. */
  onPassphrase: (passphrase: string) => Promise<boolean>;
  testid: string;
  /** Further fields, before the button. */
  children?: ComponentChildren;
};

/** Word lists that no other page needs. */
const measure = () => import('./strength/measure.ts');

/**
 * Chooses a passphrase: for a new vault, or instead of an earlier one. It stays in this form. One that is too weak is
 * not accepted: what it protects can be copied, and tried for as long as somebody likes.
 */
export function NewPassphrase({
  label = t('passphrase'),
  button,
  busyButton,
  onPassphrase,
  testid,
  children,
}: Props) {
  const passphrase = useSignal('');
  const again = useSignal('');
  const shown = useSignal(false);
  const busy = useSignal(false);
  const tools = useSignal<Awaited<ReturnType<typeof measure>> | null>(null);
  const problem = useSignal<'weak' | 'differs' | null>(null);
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    first.current?.focus();
    void measure().then((loaded) => {
      tools.value = loaded;
    });
  }, []);

  const strength: Strength | null =
    (passphrase.value && tools.value?.strengthOf(passphrase.value)) || null;
  const isWeak = problem.value === 'weak' && (strength?.level ?? 'weak') === 'weak';
  const differs = problem.value === 'differs' && passphrase.value !== again.value;

  async function choose(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value) return;
    const { strengthOf } = await measure();
    if (strengthOf(passphrase.value).level === 'weak') {
      problem.value = 'weak';
      return first.current?.focus();
    }
    if (passphrase.value !== again.value) {
      problem.value = 'differs';
      return second.current?.focus();
    }
    busy.value = true;
    const taken = await onPassphrase(passphrase.value);
    busy.value = false;
    if (!taken) return;
    passphrase.value = '';
    again.value = '';
  }

  return (
    <form class="stack" onSubmit={choose} aria-busy={busy.value} noValidate>
      <div class="stack tight">
        <PassphraseInput
          id="passphrase"
          label={label}
          value={passphrase}
          shown={shown.value}
          autocomplete="new-password"
          hint={t('passphrase_hint')}
          problem={isWeak ? t('passphrase_weak') : ''}
          field={first}
        />
        <Meter strength={strength} id="passphrase-strength" />
        {tools.value && (
          <Suggested
            from={tools.value.wordsIn(t('language_code') === 'de' ? 'de' : 'en')}
            onUse={(words) => {
              passphrase.value = words;
              shown.value = true;
              second.current?.focus();
            }}
          />
        )}
      </div>
      <PassphraseInput
        id="passphrase-again"
        label={t('passphrase_again')}
        value={again}
        shown={shown.value}
        autocomplete="new-password"
        problem={differs ? t('passphrase_differs') : ''}
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
