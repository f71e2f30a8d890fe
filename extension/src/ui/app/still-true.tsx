import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { day } from '../dates.ts';
import { count, t } from '../words.ts';
import { AttributeEditor } from './attribute-editor.tsx';

type Props = {
  due: AttributeView[];
  total: number;
  onConfirm: (attribute: AttributeView) => Promise<boolean>;
  onSaved: (next: AttributeView) => void;
  onRemove: (attribute: AttributeView) => Promise<boolean>;
  /** Nothing is left to ask about: the focus goes elsewhere. */
  onEmpty: () => void;
};

/** Asks about one value that is fading or stale, and then about the next. "Later" asks again with the next visit. */
export function StillTrue({ due, total, onConfirm, onSaved, onRemove, onEmpty }: Props) {
  const later = useSignal<ReadonlySet<string>>(new Set());
  const changing = useSignal(false);
  const first = useRef<HTMLButtonElement>(null);
  const moved = useRef(false);
  const attribute = due.find(({ id }) => !later.value.has(id));
  const id = attribute?.id;

  // The next one takes the place, and the focus, of the one that was answered.
  useLayoutEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    if (id === undefined) onEmpty();
    else first.current?.focus();
  }, [id, changing.value]);

  if (!attribute?.held) return null;
  const { held } = attribute;
  async function answer(how: (attribute: AttributeView) => Promise<boolean>) {
    moved.current = true;
    if (attribute && !(await how(attribute))) moved.current = false;
  }
  const over = attribute.hasUntil;
  return (
    <section class="card due" aria-labelledby="due" data-testid="still-true">
      <h2 id="due">{over ? t('data_stale') : t('data_due_title')}</h2>
      {changing.value ? (
        <AttributeEditor
          key={attribute.id}
          attribute={attribute}
          onSaved={(next) => {
            moved.current = true;
            changing.value = false;
            onSaved(next);
          }}
          onCancel={() => {
            moved.current = true;
            changing.value = false;
          }}
        />
      ) : (
        <>
          <p aria-live="polite">
            {attribute.label}: <b class="value">{held.shown}</b>
          </p>
          <p class="hint">
            {over ? t('data_day_over') : t('stale_since', day(held.confirmedOn))}
            {!over &&
              held.freshness === 'stale' &&
              held.shareable &&
              ` ${t('data_stale_withheld')}`}
          </p>
          <p class="row">
            {!over && (
              <button
                type="button"
                class="main"
                ref={first}
                data-testid="due-confirm"
                onClick={() => answer(onConfirm)}
              >
                {t('still_true_yes')}
              </button>
            )}
            <button
              type="button"
              ref={over ? first : null}
              data-testid="due-change"
              onClick={() => {
                changing.value = true;
              }}
            >
              {t('change')}
            </button>
            <button type="button" data-testid="due-remove" onClick={() => answer(onRemove)}>
              {t('remove')}
            </button>
            <button
              type="button"
              data-testid="due-later"
              onClick={() => {
                moved.current = true;
                later.value = new Set([...later.value, attribute.id]);
              }}
            >
              {t('data_later')}
            </button>
          </p>
          {total > 1 && <p class="hint">{count('data_due', total)}</p>}
        </>
      )}
    </section>
  );
}
