import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { Loading } from '../notices.tsx';
import { failure, run, said } from '../session.ts';
import { t } from '../words.ts';
import { AddAttribute } from './add-attribute.tsx';
import { AttributeRow } from './attribute-row.tsx';
import { UndoBar } from './undo-bar.tsx';

/** Everything the person has told their vault, by class. */
export function Data() {
  const held = useSignal<AttributeView[] | null>(null);
  const removed = useSignal<{ label: string; undo: string } | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    void load();
  }, []);
  async function load() {
    held.value = (await run('attributes', {})) ?? held.value;
  }

  /** Puts a saved attribute where it belongs, without reading the whole vault again. */
  function put(next: AttributeView) {
    const all = held.value ?? [];
    held.value = all.some((a) => a.id === next.id)
      ? all.map((a) => (a.id === next.id ? next : a))
      : [...all, next];
    said.value = t('saved', next.label);
  }
  async function remove(attribute: AttributeView) {
    const result = await run('removeAttribute', { id: attribute.id });
    if (!result) return;
    held.value = (held.value ?? []).filter((a) => a.id !== attribute.id);
    removed.value = { label: attribute.label, undo: result.undo };
  }
  async function putBack(undo: string) {
    const back = await run('putBack', { undo });
    if (!back) return;
    removed.value = null;
    put(back);
    heading.current?.focus();
  }

  const all = held.value;
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {t('my_data')}
      </h1>
      <p class="quiet">{t('my_data_intro')}</p>
      {all && <AddAttribute held={all} onSaved={put} />}
      {!all && !failure.value && <Loading />}
      {all?.length === 0 && (
        <div class="empty">
          <p>{t('my_data_empty')}</p>
          <p class="hint">{t('my_data_example')}</p>
        </div>
      )}
      {all &&
        byClass(all).map(([classId, label, attributes]) => (
          <section key={classId} aria-labelledby={`class-${classId}`}>
            <h2 id={`class-${classId}`}>{label}</h2>
            <ul class="rows">
              {attributes.map((attribute) => (
                <AttributeRow
                  key={attribute.id}
                  attribute={attribute}
                  onSaved={put}
                  onRemove={() => remove(attribute)}
                />
              ))}
            </ul>
          </section>
        ))}
      {removed.value && (
        <UndoBar
          text={t('removed', removed.value.label)}
          onUndo={() => putBack(removed.value?.undo ?? '')}
          onClose={() => {
            removed.value = null;
            heading.current?.focus();
          }}
        />
      )}
    </>
  );
}

/** Groups in the order in which the classes first appear. */
export function byClass(all: AttributeView[]): [string, string, AttributeView[]][] {
  const groups = new Map<string, [string, string, AttributeView[]]>();
  for (const attribute of all) {
    const group = groups.get(attribute.classId);
    if (group) group[2].push(attribute);
    else groups.set(attribute.classId, [attribute.classId, attribute.classLabel, [attribute]]);
  }
  return [...groups.values()];
}
