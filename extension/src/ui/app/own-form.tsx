import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { failure, run } from '../session.ts';
import { t } from '../words.ts';
import { Elsewhere } from './elsewhere.tsx';
import { useSave } from './use-save.ts';

/** Characters, as the worker checks them again. */
const LONGEST = { label: 80, value: 200 } as const;
const PARTS = ['label', 'value'] as const;
type Part = (typeof PARTS)[number];

/** One of the person's own: a name and a text, which no shop can ask for. */
export function OwnForm({
  attribute,
  onSaved,
  onCancel,
}: {
  attribute?: AttributeView;
  onSaved: (next: AttributeView) => void;
  onCancel: () => void;
}) {
  const id = attribute?.id ?? 'own';
  const draft = useSignal<Record<Part, string>>({
    label: attribute?.label ?? '',
    value: String(attribute?.held?.value ?? ''),
  });
  const missing = useSignal<Part | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const { save, elsewhere } = useSave(attribute ?? null, onSaved);
  useLayoutEffect(() => {
    focus('label');
    return () => {
      failure.value = null;
    };
  }, []);
  function focus(part: Part) {
    form.current?.querySelector<HTMLElement>(`[name="${part}"]`)?.focus();
  }

  async function submit(event?: TargetedSubmitEvent<HTMLFormElement>) {
    event?.preventDefault();
    const label = tidy(draft.value.label);
    const value = tidy(draft.value.value);
    missing.value = label === '' ? 'label' : value === '' ? 'value' : null;
    if (missing.value) return focus(missing.value);
    await save((seen) =>
      run('saveOwn', attribute ? { id: attribute.id, label, value, seen } : { label, value }),
    );
  }

  const words = { label: t('data_own_name'), value: t('data_own_value') };
  return (
    <form
      class="stack tight"
      ref={form}
      onSubmit={submit}
      noValidate
      onKeyDown={(e) => e.key === 'Escape' && onCancel()}
    >
      <p class="hint">{t('data_own_text')}</p>
      {PARTS.map((part) => (
        <p class="field" key={part}>
          <label for={`own-${part}-${id}`}>{words[part]}</label>
          <input
            id={`own-${part}-${id}`}
            name={part}
            data-testid={`own-${part}`}
            type="text"
            autocomplete="off"
            maxLength={LONGEST[part]}
            placeholder={part === 'label' ? t('data_own_name_example') : ''}
            aria-invalid={missing.value === part}
            aria-describedby={`own-problem-${part}-${id}`}
            value={draft.value[part]}
            onInput={(e) => {
              draft.value = { ...draft.value, [part]: e.currentTarget.value };
              missing.value = null;
            }}
          />
          <span class="problem" id={`own-problem-${part}-${id}`} role="alert">
            {missing.value === part && t('input_missing')}
          </span>
        </p>
      ))}
      {elsewhere !== undefined ? (
        <Elsewhere
          now={elsewhere}
          mine={`${draft.value.label}: ${draft.value.value}`}
          onMine={() => void submit()}
          onKeep={() => (elsewhere ? onSaved(elsewhere) : onCancel())}
        />
      ) : (
        <p class="row">
          <button type="submit" class="main" data-testid="own-save">
            {t('save')}
          </button>
          <button type="button" data-testid="own-cancel" onClick={onCancel}>
            {t('cancel')}
          </button>
        </p>
      )}
    </form>
  );
}

/** As the vocabulary wants text: composed, and without blanks around it. */
function tidy(text: string): string {
  return text.normalize('NFC').trim();
}
