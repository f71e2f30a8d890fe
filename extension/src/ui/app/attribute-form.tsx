import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { day } from '../dates.ts';
import { failure, run } from '../session.ts';
import { draftOf, finished, inWords, type Problem, problemOf } from '../value-draft.ts';
import { focusInput, ValueInput } from '../value-input.tsx';
import { t } from '../words.ts';
import { Elsewhere } from './elsewhere.tsx';
import { useSave } from './use-save.ts';

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
  const { save, elsewhere } = useSave(attribute, onSaved);
  useLayoutEffect(() => {
    form.current?.querySelector<HTMLElement>('input, select')?.focus();
    // What was wrong here concerns nobody once the form is gone.
    return () => {
      failure.value = null;
    };
  }, []);

  async function submit(event?: TargetedSubmitEvent<HTMLFormElement>) {
    event?.preventDefault();
    problem.value = problemOf(attribute, draft.value);
    const { value, until } = draft.value;
    if (problem.value || value === undefined) return focusInput(attribute.id, problem.value);
    await save((seen) =>
      run('saveAttribute', {
        id: attribute.id,
        value: finished(value),
        ...(attribute.hasUntil && until ? { until } : {}),
        seen,
      }),
    );
  }
  function mine(): string {
    const { value, until } = draft.value;
    if (value === undefined) return '';
    const words = inWords(attribute.input, value);
    return until ? `${words} · ${t('true_until', day(until))}` : words;
  }

  return (
    <form
      class="stack tight"
      ref={form}
      onSubmit={submit}
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
      {attribute.sensitive && !attribute.held && <p class="hint">{t('data_sensitive_new')}</p>}
      {elsewhere !== undefined ? (
        <Elsewhere
          now={elsewhere}
          mine={mine()}
          onMine={() => void submit()}
          onKeep={() => (elsewhere ? onSaved(elsewhere) : onCancel())}
        />
      ) : (
        <p class="row">
          <button type="submit" class="main" data-testid={`save-${attribute.id}`}>
            {t('save')}
          </button>
          <button type="button" data-testid={`cancel-${attribute.id}`} onClick={onCancel}>
            {t('cancel')}
          </button>
        </p>
      )}
    </form>
  );
}
