import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { t } from './words.ts';

type Props = {
  id: string;
  label: string;
  /** Fills the field; the caller empties it as soon as it has been used. */
  value: Signal<string>;
  shown: boolean;
  autocomplete: 'new-password' | 'current-password';
  field?: RefObject<HTMLInputElement | null>;
  hint?: string;
  /** What is wrong, or empty. */
  problem?: string;
  invalid?: boolean;
};

/** One passphrase field; `id` is its test id, too. */
export function PassphraseInput(props: Props) {
  const { id, label, value, shown, autocomplete, field, hint, problem, invalid } = props;
  const capsLock = useSignal(false);
  const look = (e: KeyboardEvent) => {
    capsLock.value = e.getModifierState('CapsLock');
  };
  // Two literals, because the types of preact tell a text field from a password field.
  const type = shown ? ({ type: 'text' } as const) : ({ type: 'password' } as const);
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        {...type}
        id={id}
        data-testid={id}
        {...(field ? { ref: field } : {})}
        autocomplete={autocomplete}
        required
        maxLength={1024}
        aria-invalid={Boolean(invalid || problem)}
        aria-describedby={`${id}-hint ${id}-problem`}
        value={value}
        onInput={(e) => {
          value.value = e.currentTarget.value;
        }}
        onKeyDown={look}
        onKeyUp={look}
        onBlur={() => {
          capsLock.value = false;
        }}
      />
      <span class="hint caps" role="status">
        {capsLock.value && t('caps_lock')}
      </span>
      <span class="hint" id={`${id}-hint`}>
        {hint}
      </span>
      <span class="problem" id={`${id}-problem`} role="alert">
        {problem}
      </span>
    </p>
  );
}

export function ShowPassphrase({ shown }: { shown: Signal<boolean> }) {
  return (
    <label class="tick">
      <input
        type="checkbox"
        data-testid="show-passphrase"
        checked={shown}
        onChange={(e) => {
          shown.value = e.currentTarget.checked;
        }}
      />
      {t('passphrase_show')}
    </label>
  );
}
