import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { run } from '../session.ts';
import { count, t } from '../words.ts';
import { AttributeForm } from './attribute-form.tsx';
import { byClass } from './data.tsx';

/** The catalogue of what can be told, without what is told already; search by label, help or class. */
export function AddAttribute({ onSaved }: { onSaved: (next: AttributeView) => void }) {
  const catalogue = useSignal<AttributeView[] | null>(null);
  const words = useSignal('');
  const chosen = useSignal<AttributeView | null>(null);
  const add = useRef<HTMLButtonElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const open = catalogue.value !== null;
  const picking = open && !chosen.value;
  useEffect(() => {
    if (picking) search.current?.focus();
  }, [picking]);

  async function show() {
    catalogue.value = await run('catalogue', { missing: true });
  }
  function close() {
    catalogue.value = null;
    chosen.value = null;
    words.value = '';
    add.current?.focus();
  }

  const wanted = words.value.trim().toLocaleLowerCase();
  const found = (catalogue.value ?? []).filter((a) =>
    `${a.label} ${a.help} ${a.classLabel}`.toLocaleLowerCase().includes(wanted),
  );
  return (
    <>
      <button
        type="button"
        class="main"
        ref={add}
        data-testid="add-attribute"
        aria-expanded={open}
        onClick={open ? close : show}
      >
        {t('add')}
      </button>
      {chosen.value && (
        <section class="card" aria-label={chosen.value.label}>
          <AttributeForm
            attribute={chosen.value}
            onSaved={(next) => {
              onSaved(next);
              close();
            }}
            onCancel={() => {
              chosen.value = null;
            }}
          />
        </section>
      )}
      {picking && (
        <section class="card stack" aria-label={t('add')}>
          <p class="field">
            <label for="search">{t('search')}</label>
            <input
              id="search"
              ref={search}
              data-testid="search-catalogue"
              type="search"
              value={words}
              onInput={(e) => {
                words.value = e.currentTarget.value;
              }}
              onKeyDown={(e) => e.key === 'Escape' && close()}
            />
          </p>
          <p class="hint" role="status">
            {count('found', found.length)}
          </p>
          {byClass(found).map(([classId, label, attributes]) => (
            <div key={classId}>
              <h2>{label}</h2>
              <ul class="choose">
                {attributes.map((attribute) => (
                  <li key={attribute.id}>
                    <button
                      type="button"
                      data-testid={`choose-${attribute.id}`}
                      onClick={() => {
                        chosen.value = attribute;
                      }}
                    >
                      <b>{attribute.label}</b>
                      <span class="hint">{t('example', attribute.example)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </section>
      )}
    </>
  );
}
