import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { day } from '../dates.ts';
import { run } from '../session.ts';
import { t } from '../words.ts';
import { AttributeForm } from './attribute-form.tsx';

type Props = {
  attribute: AttributeView;
  onSaved: (next: AttributeView) => void;
  onRemove: () => void;
};

/** One attribute as the vault holds it: what, since when, and whether it is still likely to be true. */
export function AttributeRow({ attribute, onSaved, onRemove }: Props) {
  const editing = useSignal(false);
  const edit = useRef<HTMLButtonElement>(null);
  const returning = useRef(false);
  const { id, label, held } = attribute;

  // Back to the button that opened the form, or the focus would be lost with the form.
  const closed = !editing.value;
  useEffect(() => {
    if (closed && returning.current) edit.current?.focus();
    returning.current = !closed;
  }, [closed]);

  if (!held) return null;
  if (editing.value)
    return (
      <li class="item">
        <AttributeForm
          attribute={attribute}
          onSaved={(next) => {
            editing.value = false;
            onSaved(next);
          }}
          onCancel={() => {
            editing.value = false;
          }}
        />
      </li>
    );

  async function confirm() {
    const next = await run('confirmAttribute', { id });
    if (!next) return;
    onSaved(next);
    edit.current?.focus();
  }
  return (
    <li class="item" data-testid={`attribute-${id}`}>
      <p class="head">
        <span>{label}</span>
        {held.freshness !== 'fresh' && <span class="tag">{t(`freshness_${held.freshness}`)}</span>}
        {attribute.sensitivity === 'special' && <span class="tag">{t('special')}</span>}
      </p>
      <p class="value">{held.shown}</p>
      <p class="hint">
        {t(`source_${held.source}`, day(held.enteredOn))}
        {held.confirmedOn !== held.enteredOn && ` · ${t('confirmed_on', day(held.confirmedOn))}`}
        {held.until && ` · ${t('true_until', day(held.until))}`}
      </p>
      <p class="row">
        {held.freshness === 'stale' && (
          <button type="button" data-testid={`confirm-${id}`} onClick={confirm}>
            {t('still_true_yes')}
          </button>
        )}
        <button
          type="button"
          class="link"
          ref={edit}
          data-testid={`edit-${id}`}
          aria-label={t('change_item', label)}
          onClick={() => {
            editing.value = true;
          }}
        >
          {t('change')}
        </button>
        <button
          type="button"
          class="link"
          data-testid={`remove-${id}`}
          aria-label={t('remove_item', label)}
          onClick={onRemove}
        >
          {t('remove')}
        </button>
      </p>
    </li>
  );
}
