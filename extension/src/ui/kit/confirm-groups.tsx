import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { KitView } from '../../messages.ts';
import { failure, run } from '../session.ts';
import { t } from '../words.ts';

type Props = {
  /** The groups to type, numbered from 0. */
  ask: readonly number[];
  onConfirmed: (next: KitView) => void;
};

/** Two groups of the code typed back from paper: the proof that it is there and readable. */
export function ConfirmGroups({ ask, onConfirmed }: Props) {
  const typed = useSignal<Record<number, string>>({});
  const form = useRef<HTMLFormElement>(null);
  const focus = () => form.current?.querySelector('input')?.focus();
  useLayoutEffect(() => focus(), []);

  async function confirm(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const next = await run('confirmKit', { groups: ask.map((group) => typed.value[group] ?? '') });
    if (next) onConfirmed(next);
    else focus();
  }

  return (
    <form class="stack" ref={form} onSubmit={confirm}>
      <p>{t('kit_confirm_text')}</p>
      {ask.map((group) => (
        <p class="field" key={group}>
          <label for={`group-${group}`}>{t('kit_group', String(group + 1))}</label>
          <input
            id={`group-${group}`}
            data-testid={`group-${group}`}
            class="code group"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            required
            maxLength={12}
            aria-invalid={failure.value === 'kit-differs'}
            value={typed.value[group] ?? ''}
            onInput={(e) => {
              typed.value = { ...typed.value, [group]: e.currentTarget.value };
            }}
          />
        </p>
      ))}
      <p class="row">
        <button type="submit" class="main" data-testid="confirm-kit">
          {t('kit_confirm')}
        </button>
      </p>
    </form>
  );
}
