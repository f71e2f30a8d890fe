import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PromptItem } from '../../messages.ts';
import { day } from '../dates.ts';
import { type Draft, draftOf, inWords, problemOf } from '../value-draft.ts';
import { ValueInput } from '../value-input.tsx';
import { t } from '../words.ts';
import { type ItemProblem, isClosed, precisionOf, type Selection } from './selection.ts';

type Props = {
  item: PromptItem;
  selection: Selection;
  problem: ItemProblem | null;
  onSelection: (next: Selection) => void;
};

/** One thing the request asks for: the very value that would be told, or the input for it. */
export function Item({ item, selection, problem, onSelection }: Props) {
  const { id } = item;
  if (isClosed(item))
    return (
      <li class="item" id={`item-${id}`}>
        <p class="head">
          <span>{item.label}</span> <span class="tag">{t('not_selectable')}</span>
        </p>
        <p class="hint">{t(item.state === 'local' ? 'worker_item_local' : 'out_of_bounds')}</p>
      </li>
    );

  const taken = item.required || selection.ticked.has(id);
  function tick(on: boolean) {
    const ticked = new Set(selection.ticked);
    if (on) ticked.add(id);
    else ticked.delete(id);
    onSelection({ ...selection, ticked });
  }
  return (
    <li class="item" id={`item-${id}`}>
      {item.required ? (
        <p class="head">
          <b>{item.label}</b> <span class="tag">{t('required')}</span>
        </p>
      ) : (
        <label class="tick">
          <input
            type="checkbox"
            data-testid={`item-${id}`}
            checked={taken}
            onChange={(e) => tick(e.currentTarget.checked)}
          />
          <span class="head">
            <b>{item.label}</b> <span class="tag">{t('optional')}</span>
          </span>
        </label>
      )}
      <div class="body">
        {(taken || item.state !== 'missing') && (
          <Told {...{ item, selection, problem, onSelection, taken }} />
        )}
      </div>
    </li>
  );
}

/** What would be told: an input while there is nothing or it is being changed, else the value itself. */
function Told({ item, selection, problem, onSelection, taken }: Props & { taken: boolean }) {
  const { id } = item;
  const draft = selection.drafts[id];
  const body = useRef<HTMLDivElement>(null);
  // "Change" turns into an input and back: the focus follows.
  const changing = draft !== undefined && item.state !== 'missing';
  const before = useRef(changing);
  useLayoutEffect(() => {
    const next = changing ? 'input, select' : `[data-testid="change-${id}"]`;
    if (before.current !== changing) body.current?.querySelector<HTMLElement>(next)?.focus();
    before.current = changing;
  }, [changing, id]);
  function setDraft(next: Draft | undefined) {
    const { [id]: _, ...others } = selection.drafts;
    onSelection({ ...selection, drafts: next ? { ...others, [id]: next } : others });
  }

  if (draft || item.state === 'missing') {
    const value = draft ?? { value: undefined, until: undefined };
    const only = item.precisions.length === 1 ? item.precisions[0] : undefined;
    return (
      <div ref={body}>
        {item.state === 'missing' && <p class="hint">{t('missing')}</p>}
        <ValueInput
          attribute={item}
          draft={value}
          onDraft={setDraft}
          problem={problem === 'not_confirmed' ? null : problem}
        />
        {item.precisions.length > 1 && <Precisions {...{ item, selection, onSelection, value }} />}
        {only && only.id !== 'exact' && <p class="hint">{only.label}</p>}
        {item.state !== 'missing' && (
          <button type="button" class="link" onClick={() => setDraft(undefined)}>
            {t('keep_old')}
          </button>
        )}
      </div>
    );
  }
  const change = taken && (
    <button
      type="button"
      class="link"
      data-testid={`change-${id}`}
      aria-label={t('change_item', item.label)}
      onClick={() => setDraft(draftOf(item))}
    >
      {t('change')}
    </button>
  );
  return (
    <div ref={body}>
      {taken && item.precisions.length > 1 ? (
        <Precisions {...{ item, selection, onSelection }} />
      ) : (
        <p class="value" data-testid={`value-${id}`}>
          {item.precisions[0]?.shown ?? item.held?.shown}
        </p>
      )}
      {item.state === 'stale' && taken ? (
        <Stale {...{ item, selection, problem, onSelection }}>{change}</Stale>
      ) : (
        change
      )}
    </div>
  );
}

function Stale({
  item,
  selection,
  problem,
  onSelection,
  children,
}: Props & { children: ComponentChildren }) {
  const { id, held } = item;
  const confirmed = selection.confirmed.has(id);
  return (
    <div class="stale">
      <p>
        {held && t('stale_since', day(held.confirmedOn))} {!confirmed && <b>{t('still_true')}</b>}
      </p>
      <p class="row">
        <button
          type="button"
          id={`confirm-${id}`}
          data-testid={`confirm-${id}`}
          aria-pressed={confirmed}
          onClick={() => {
            const next = new Set(selection.confirmed);
            if (confirmed) next.delete(id);
            else next.add(id);
            onSelection({ ...selection, confirmed: next });
          }}
        >
          {t('still_true_yes')}
        </button>
        {children}
      </p>
      <p class="problem" role="alert">
        {problem === 'not_confirmed' && t('not_confirmed')}
      </p>
    </div>
  );
}

/** How exactly; with a value just entered only the exact one can be put into words here. */
function Precisions({
  item,
  selection,
  onSelection,
  value,
}: Omit<Props, 'problem'> & { value?: Draft }) {
  const { id } = item;
  const chosen = precisionOf(item, selection);
  function words(precision: PromptItem['precisions'][number]): string {
    if (!value) return precision.shown;
    if (precision.id !== 'exact' || value.value === undefined || problemOf(item, value)) return '';
    return inWords(item.input, value.value);
  }
  return (
    <fieldset class="precision">
      <legend>{t('how_exactly')}</legend>
      {item.precisions.map((precision) => (
        <label class="tick" key={precision.id}>
          <input
            type="radio"
            name={`precision-${id}`}
            data-testid={`precision-${id}-${precision.id}`}
            checked={precision.id === chosen}
            onChange={() =>
              onSelection({
                ...selection,
                precision: { ...selection.precision, [id]: precision.id },
              })
            }
          />
          <span>
            {precision.label} <span class="value">{words(precision)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
