import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Decision, PromptView } from '../../messages.ts';
import type { AskError } from '../ask.ts';
import { Name } from '../mark.tsx';
import { focusInput } from '../value-input.tsx';
import { list, snake, t } from '../words.ts';
import { useArmed } from './armed.ts';
import { Item } from './item.tsx';
import {
  chosenItems,
  decisionOf,
  isListed,
  nearestChoices,
  problemOfItem,
  type Selection,
  startOf,
} from './selection.ts';
import { Terms } from './terms.tsx';
import { Who } from './who.tsx';

type Props = {
  view: PromptView;
  deciding: boolean;
  error: AskError | null;
  onDecide: (decision: Decision) => void;
};

/** Who asks, what for, what would be told, and two buttons of equal weight. */
export function Ask({ view, deciding, error, onDecide }: Props) {
  const selection = useSignal<Selection>(startOf(view));
  const tried = useSignal(false);
  const armed = useArmed();
  const combination = useRef<HTMLDivElement>(null);
  const failed = useRef<HTMLDivElement>(null);
  const progress = useRef<HTMLParagraphElement>(null);

  // The buttons make way for the progress, and that for what went wrong: the focus follows.
  useLayoutEffect(() => {
    if (deciding) progress.current?.focus();
    else if (error) failed.current?.focus();
  }, [deciding, error]);

  const chosen = chosenItems(view, selection.value);
  const listed = isListed(view, selection.value);

  function share() {
    if (!armed || deciding) return;
    const first = chosen.find((item) => problemOfItem(item, selection.value));
    if (first || !listed) {
      tried.value = true;
      const problem = first && problemOfItem(first, selection.value);
      if (!first) combination.current?.focus();
      else if (problem === 'not_confirmed') document.getElementById(`confirm-${first.id}`)?.focus();
      else focusInput(first.id, problem ?? null);
      return;
    }
    onDecide(decisionOf(view, selection.value));
  }
  function refuse() {
    if (armed && !deciding) onDecide({ share: false });
  }

  const ordinary = view.items.filter((item) => item.sensitivity !== 'special');
  const special = view.items.filter((item) => item.sensitivity === 'special');
  const rows = (items: typeof view.items) =>
    items.map((item) => (
      <Item
        key={item.id}
        item={item}
        selection={selection.value}
        problem={tried.value && chosen.includes(item) ? problemOfItem(item, selection.value) : null}
        onSelection={(next) => {
          selection.value = next;
        }}
      />
    ));

  return (
    <>
      <header class="bar">
        <Name />
      </header>
      <main class="stack">
        <Who view={view} />
        <div class="stack" inert={deciding}>
          <section aria-labelledby="what">
            <h2 id="what">{t('what')}</h2>
            {ordinary.length > 0 && <ul class="items">{rows(ordinary)}</ul>}
            {special.length > 0 && (
              <div class="special">
                <h3>{t('special_title')}</h3>
                <p>{t('special_text')}</p>
                <ul class="items">{rows(special)}</ul>
              </div>
            )}
            <div role="status" tabIndex={-1} ref={combination} data-testid="combination">
              {!listed && <Combinations view={view} selection={selection.value} />}
            </div>
          </section>
          <Terms
            view={view}
            until={selection.value.until}
            onUntil={(until) => {
              selection.value = { ...selection.value, until };
            }}
          />
        </div>
      </main>
      <footer class="decide">
        <div role="alert" tabIndex={-1} ref={failed}>
          {error && (
            <p class="notice bad" data-testid="error">
              {t(`error_${snake(error)}`)}
            </p>
          )}
        </div>
        {deciding ? (
          <p class="progress" role="status" tabIndex={-1} ref={progress} data-testid="progress">
            {t('registering')}
          </p>
        ) : (
          <>
            <p class="hint">
              {chosen.length > 0
                ? t('would_share', list(chosen.map((item) => item.label)))
                : t('would_share_nothing')}
            </p>
            <div class="equal">
              <button type="button" data-testid="refuse" aria-disabled={!armed} onClick={refuse}>
                {t('refuse')}
              </button>
              <button type="button" data-testid="share" aria-disabled={!armed} onClick={share}>
                {t('share')}
              </button>
            </div>
          </>
        )}
      </footer>
    </>
  );
}

function Combinations({ view, selection }: { view: PromptView; selection: Selection }) {
  const label = (id: string) => view.items.find((item) => item.id === id)?.label ?? id;
  const choices = nearestChoices(view, selection);
  return (
    <div class="notice">
      <p>{t(choices.length > 0 ? 'combination' : 'combination_none')}</p>
      <ul>
        {choices.map((choice) => (
          <li key={choice.join()}>{list(choice.map(label))}</li>
        ))}
      </ul>
    </div>
  );
}
