import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { failure, run } from '../session.ts';
import { draftOf, finished, type Problem, problemOf } from '../value-draft.ts';
import { focusInput, ValueInput } from '../value-input.tsx';
import { t } from '../words.ts';

type Props = {
  attribute: AttributeView;
  onSaved: (next: AttributeView) => void;
  onCancel: () => void;
};

/** Enters or changes one attribute in place. */
export function AttributeForm({ attribute, onSaved, onCancel }: Props) {
  const draft = useSignal(draftOf(attribute));
  const problem = useSignal<Problem | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, select')?.focus();
    // What was wrong here concerns nobody once the form is gone.
    return () => {
      failure.value = null;
    };
  }, []);

  async function save(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    problem.value = problemOf(attribute, draft.value);
    const { value, until } = draft.value;
    if (problem.value || value === undefined) return focusInput(attribute.id, problem.value);
    const next = await run('saveAttribute', {
      id: attribute.id,
      value: finished(value),
      ...(attribute.hasUntil && until ? { until } : {}),
    });
    if (next) onSaved(next);
  }

  return (
    <form
      class="stack tight"
      ref={form}
      onSubmit={save}
      noValidate
      onKeyDown={(e) => e.key === 'Escape' && onCancel()}
    >
      <ValueInput
        attribute={attribute}
        draft={draft.value}
        onDraft={(next) => {
          draft.value = next;
          problem.value = null;
        }}
        problem={problem.value}
      />
      <p class="row">
        <button type="submit" class="main" data-testid={`save-${attribute.id}`}>
          {t('save')}
        </button>
        <button type="button" data-testid={`cancel-${attribute.id}`} onClick={onCancel}>
          {t('cancel')}
        </button>
      </p>
    </form>
  );
}
