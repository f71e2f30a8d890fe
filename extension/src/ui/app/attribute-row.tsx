import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { t } from '../words.ts';
import { AttributeEditor } from './attribute-editor.tsx';
import { dayWords } from './day-words.ts';

export type RowActions = {
  onEdit: (attribute: AttributeView, editing: boolean) => void;
  onSaved: (next: AttributeView) => void;
  onConfirm: (attribute: AttributeView) => Promise<boolean>;
  onRemove: (attribute: AttributeView) => Promise<boolean>;
  onShareable: (attribute: AttributeView, shareable: boolean) => void;
};

type Props = RowActions & { attribute: AttributeView; editing: boolean };

/** One attribute as the vault holds it: what, since when, and whether it is still likely to be true. */
export function AttributeRow({ attribute, editing, ...on }: Props) {
  const edit = useRef<HTMLButtonElement>(null);
  const returning = useRef(false);
  const { id, label, held } = attribute;

  // Back to the button that opened the form, or the focus would be lost with the form.
  useLayoutEffect(() => {
    if (!editing && returning.current) edit.current?.focus();
    returning.current = editing;
  }, [editing]);

  if (!held) return null;
  if (editing)
    return (
      <li class="item">
        <AttributeEditor
          attribute={attribute}
          onSaved={(next) => {
            on.onEdit(attribute, false);
            on.onSaved(next);
          }}
          onCancel={() => on.onEdit(attribute, false)}
        />
      </li>
    );

  const stale = held.freshness === 'stale';
  return (
    <li class="item" data-testid={`attribute-${id}`}>
      <p class="head">
        <span>{label}</span>
        <span class={`tag ${held.freshness}`}>{t(`data_${held.freshness}`)}</span>
        {attribute.sensitivity === 'special' && <span class="tag">{t('special')}</span>}
      </p>
      <p class="value">{held.shown}</p>
      <p class="hint">
        {t(`source_${held.source}`, dayWords(held.enteredOn))}
        {held.confirmedOn !== held.enteredOn &&
          ` · ${t('confirmed_on', dayWords(held.confirmedOn))}`}
      </p>
      {attribute.classId === 'own' && <p class="hint">{attribute.help}</p>}
      {stale && (attribute.hasUntil || held.shareable) && (
        <p class="hint">{t(attribute.hasUntil ? 'data_day_over' : 'data_stale_withheld')}</p>
      )}
      <p class="row">
        {held.freshness !== 'fresh' && !attribute.hasUntil && (
          <button
            type="button"
            data-testid={`confirm-${id}`}
            aria-label={t('data_confirmed', label)}
            onClick={async () => {
              if (await on.onConfirm(attribute)) edit.current?.focus();
            }}
          >
            {t('still_true_yes')}
          </button>
        )}
        <button
          type="button"
          class="link"
          ref={edit}
          data-testid={`edit-${id}`}
          aria-label={t('change_item', label)}
          onClick={() => on.onEdit(attribute, true)}
        >
          {t('change')}
        </button>
        <button
          type="button"
          class="link"
          data-testid={`remove-${id}`}
          aria-label={t('remove_item', label)}
          onClick={() => on.onRemove(attribute)}
        >
          {t('remove')}
        </button>
      </p>
      {attribute.sensitive && (
        <label class="tick">
          <input
            type="checkbox"
            data-testid={`shareable-${id}`}
            aria-label={t('data_shareable_item', label)}
            checked={held.shareable}
            onChange={(e) => on.onShareable(attribute, e.currentTarget.checked)}
          />
          {t('data_shareable')}
        </label>
      )}
    </li>
  );
}
