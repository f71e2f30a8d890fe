import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { t } from '../words.ts';
import { OwnForm } from './own-form.tsx';

/** For what the vocabulary has no word for. */
export function AddOwn({ onSaved }: { onSaved: (next: AttributeView) => void }) {
  const open = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  function close() {
    open.value = false;
    button.current?.focus();
  }
  return (
    <>
      <p>
        <button
          type="button"
          ref={button}
          data-testid="own-add"
          aria-expanded={open.value}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          {t('data_own_add')}
        </button>
      </p>
      {open.value && (
        <section class="card" aria-label={t('data_own_add')}>
          <OwnForm
            onSaved={(next) => {
              onSaved(next);
              close();
            }}
            onCancel={close}
          />
        </section>
      )}
    </>
  );
}
