import './kit/kit.css';
import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { failure } from './session.ts';
import { t } from './words.ts';

type Props = {
  id: string;
  label: string;
  value: Signal<string>;
  field?: RefObject<HTMLInputElement | null>;
};

/** A code from paper: capital and small letters, spaces and dashes are all the same. `id` is its test id, too. */
export function CodeInput({ id, label, value, field }: Props) {
  const wrong = ['code', 'wrong-code', 'other-code'].includes(failure.value ?? '');
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        data-testid={id}
        class="code"
        {...(field ? { ref: field } : {})}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        required
        maxLength={100}
        aria-invalid={wrong}
        aria-describedby={`${id}-hint`}
        value={value}
        onInput={(e) => {
          value.value = e.currentTarget.value;
        }}
      />
      <span class="hint" id={`${id}-hint`}>
        {t('code_hint')}
      </span>
    </p>
  );
}
