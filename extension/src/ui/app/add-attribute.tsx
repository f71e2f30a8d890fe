import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { run } from '../session.ts';
import { count, t } from '../words.ts';
import { AttributeForm } from './attribute-form.tsx';
import { byClass } from './by-class.ts';

/** The catalogue of what can be told, without what is told already; search by label, help or class. */
export function AddAttribute({
  onSaved,
  onClose,
}: {
  onSaved: (next: AttributeView) => void;
  onClose: () => void;
}) {
  const catalogue = useSignal<AttributeView[] | null>(null);
  const words = useSignal('');
  const chosen = useSignal<AttributeView | null>(null);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    void load();
    async function load() {
      catalogue.value = await run('catalogue', { missing: true });
    }
  }, []);
  const picking = catalogue.value !== null && !chosen.value;
  useLayoutEffect(() => {
    if (picking) search.current?.focus();
  }, [picking]);

  if (chosen.value)
    return (
      <section class="card" aria-label={chosen.value.label}>
        <AttributeForm
          attribute={chosen.value}
          onSaved={onSaved}
          onCancel={() => {
            chosen.value = null;
          }}
        />
      </section>
    );
  if (!catalogue.value) return null;
  const wanted = words.value.trim().toLocaleLowerCase();
  const found = catalogue.value.filter((a) =>
    `${a.label} ${a.help} ${a.classLabel}`.toLocaleLowerCase().includes(wanted),
  );
  return (
    <section
      class="card stack"
      aria-label={t('add')}
      onKeyDown={(e) => e.key === 'Escape' && onClose()}
    >
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
  );
}
