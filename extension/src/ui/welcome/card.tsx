import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { run } from '../session.ts';
import { draftOf, finished, type Problem, problemOf } from '../value-draft.ts';
import { focusInput, ValueInput } from '../value-input.tsx';
import { t } from '../words.ts';

type Props = {
  card: AttributeView;
  number: number;
  of: number;
  /** With what the vault now holds, or nothing when the question was skipped. */
  onNext: (saved?: AttributeView) => void;
  onBack?: () => void;
};

/** One question of the first set. */
export function Card({ card, number, of, onNext, onBack }: Props) {
  const draft = useSignal(draftOf(card));
  const problem = useSignal<Problem | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);

  async function save(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    problem.value = problemOf(card, draft.value);
    const { value } = draft.value;
    if (problem.value || value === undefined) return focusInput(card.id, problem.value);
    const saved = await run('saveAttribute', {
      id: card.id,
      value: finished(value),
      source: 'quiz',
    });
    if (saved) onNext(saved);
  }
  const progress = t('welcome_card_of', String(number), String(of));
  return (
    <section class="card" aria-labelledby="card">
      <form class="stack" onSubmit={save} noValidate>
        <div>
          <h2 id="card" class="hint" ref={heading} tabIndex={-1}>
            {progress}
          </h2>
          <progress value={number} max={of} aria-hidden="true" />
        </div>
        <ValueInput
          attribute={card}
          draft={draft.value}
          onDraft={(next) => {
            draft.value = next;
            problem.value = null;
          }}
          problem={problem.value}
        />
        <p class="row">
          <button type="submit" class="main" data-testid="card-save">
            {t('welcome_card_save')}
          </button>
          <button type="button" data-testid="card-skip" onClick={() => onNext()}>
            {t('welcome_card_skip')}
          </button>
          {onBack && (
            <button type="button" class="link" data-testid="card-back" onClick={onBack}>
              {t('welcome_card_back')}
            </button>
          )}
        </p>
      </form>
    </section>
  );
}
