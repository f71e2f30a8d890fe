import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { AttributeView, UndoView } from '../../messages.ts';
import { t } from '../words.ts';
import { AddAttribute } from './add-attribute.tsx';
import { Import } from './import/import.tsx';
import { OwnForm } from './own-form.tsx';

const WAYS = ['add', 'own', 'import'] as const;
type Way = (typeof WAYS)[number];

const TESTIDS = { add: 'add-attribute', own: 'own-add', import: 'import-open' } as const;

/** The ways to put something into the vault; one is open at a time. */
export function Fill({
  onSaved,
  onImported,
}: {
  onSaved: (next: AttributeView) => void;
  onImported: (undo: UndoView) => void;
}) {
  const open = useSignal<Way | null>(null);
  const buttons = useRef<Partial<Record<Way, HTMLButtonElement | null>>>({});
  function close() {
    const way = open.value;
    open.value = null;
    // Back to the button that opened it, or the focus would be lost.
    if (way) buttons.current[way]?.focus();
  }
  function saved(next: AttributeView) {
    onSaved(next);
    close();
  }
  const words = { add: t('add'), own: t('data_own_add'), import: t('import_open') };
  return (
    <>
      <p class="row">
        {WAYS.map((way) => (
          <button
            key={way}
            type="button"
            class={way === 'add' ? 'main' : undefined}
            ref={(button) => {
              buttons.current[way] = button;
            }}
            data-testid={TESTIDS[way]}
            aria-expanded={open.value === way}
            onClick={() => {
              if (open.value === way) close();
              else open.value = way;
            }}
          >
            {words[way]}
          </button>
        ))}
      </p>
      {open.value === 'add' && <AddAttribute onSaved={saved} onClose={close} />}
      {open.value === 'own' && (
        <section class="card" aria-label={words.own}>
          <OwnForm onSaved={saved} onCancel={close} />
        </section>
      )}
      {open.value === 'import' && (
        <section
          class="card"
          aria-label={words.import}
          onKeyDown={(e) => e.key === 'Escape' && close()}
        >
          <Import
            onImported={(undo) => {
              open.value = null;
              onImported(undo);
            }}
            onCancel={close}
          />
        </section>
      )}
    </>
  );
}
