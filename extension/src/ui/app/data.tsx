import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { AttributeView, UndoView } from '../../messages.ts';
import { Loading } from '../notices.tsx';
import { failure, run, say } from '../session.ts';
import { count, t } from '../words.ts';
import { AttributeRow, type RowActions } from './attribute-row.tsx';
import { byClass } from './by-class.ts';
import { Fill } from './fill.tsx';
import { Sensitive } from './sensitive.tsx';
import { StillTrue } from './still-true.tsx';
import { UndoBar } from './undo-bar.tsx';
import { useFound } from './use-found.ts';
import { seenOf } from './use-save.ts';
import { useUndo } from './use-undo.ts';

/** Everything the person has told their vault, by class. */
export function Data() {
  const heading = useRef<HTMLHeadingElement>(null);
  const { found, due, text, sensitive, ...list } = useFound();
  const toHeading = () => heading.current?.focus();
  const { undos, ...back } = useUndo({ onGone: toHeading, onUndone: list.load });
  const latest = useSignal<string | null>(null);
  /** Forms that are open: no search takes them away. */
  const editing = useSignal<ReadonlyMap<string, AttributeView>>(new Map());

  const on: RowActions = {
    onEdit(attribute, open) {
      const next = new Map(editing.value);
      if (open) next.set(attribute.id, attribute);
      else next.delete(attribute.id);
      editing.value = next;
    },
    // Said once it is to be seen: whoever goes on at once changes what is there by then.
    async onSaved(next) {
      await list.load();
      say(t('saved', next.label));
    },
    async onConfirm(attribute) {
      const { id } = attribute;
      const next = await run('confirmAttribute', { id, seen: seenOf(attribute) });
      if (!next) return missed();
      await Promise.all([list.load(), back.load()]);
      say(t('data_confirmed', next.label));
      return true;
    },
    async onRemove(attribute) {
      const { id } = attribute;
      const undo = await run('removeAttribute', { id, seen: seenOf(attribute) });
      if (!undo) return missed();
      await done(undo, t('removed', attribute.label));
      return true;
    },
    async onShareable({ id }, shareable) {
      const next = await run('setShareable', { id, shareable });
      await list.load();
      if (next) say(t(shareable ? 'data_shareable_on' : 'data_shareable_off', next.label));
    },
  };
  /** Another window was faster: what it left is shown beside the reason. */
  async function missed(): Promise<false> {
    const why = failure.value;
    if (why === 'edited' || why === 'unknown') await list.load();
    failure.value = why;
    return false;
  }
  const imported = (undo: UndoView) => done(undo, count('data_imported', undo.count));
  /** The way back is there first and has the focus at once: later it would take it from what the person has gone on to. */
  async function done(undo: UndoView, words: string): Promise<void> {
    latest.value = undo.id;
    await back.load();
    await list.load();
    say(words);
  }

  const held = found && found.held + found.sensitive.held;
  const matches = found && found.total + found.sensitive.total;
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {t('my_data')}
      </h1>
      <p class="quiet">{t('my_data_intro')}</p>
      {found && <Fill onSaved={on.onSaved} onImported={imported} />}
      {!found && !failure.value && <Loading />}
      {held === 0 && (
        <div class="empty">
          <p>{t('my_data_empty')}</p>
          <p class="hint">{t('my_data_example')}</p>
          <p>
            <a href="/welcome.html#/cards" data-testid="to-cards">
              {t('my_data_cards')}
            </a>
          </p>
        </div>
      )}
      {due && (
        <StillTrue
          due={due.due}
          total={due.total}
          onConfirm={on.onConfirm}
          onSaved={on.onSaved}
          onRemove={on.onRemove}
          onEmpty={toHeading}
        />
      )}
      {found && held !== 0 && (
        <>
          <p class="field">
            <label for="search-data">{t('data_search')}</label>
            <input
              id="search-data"
              data-testid="search-data"
              type="search"
              value={text}
              onInput={(e) => list.type(e.currentTarget.value)}
            />
          </p>
          <p class="hint" role="status" data-testid="data-count">
            {matches === 0 ? t('data_found_none') : count('data_found', matches ?? 0)}
          </p>
          {byClass(withEdited(found.found, editing.value, false)).map(([id, label, attributes]) => (
            <section key={id} aria-labelledby={`class-${id}`}>
              <h2 id={`class-${id}`}>{label}</h2>
              <ul class="rows">
                {attributes.map((attribute) => (
                  <AttributeRow
                    key={attribute.id}
                    attribute={attribute}
                    editing={editing.value.has(attribute.id)}
                    {...on}
                  />
                ))}
              </ul>
            </section>
          ))}
          {list.rested && found.total > found.found.length && (
            <button type="button" data-testid="data-more" onClick={list.more}>
              {count('data_more', found.total - found.found.length)}
            </button>
          )}
          <Sensitive
            part={found.sensitive}
            rows={withEdited(found.sensitive.found, editing.value, true)}
            searching={text.value.trim() !== ''}
            open={sensitive}
            onOpen={list.showSensitive}
            editing={editing.value}
            onMore={list.more}
            {...on}
          />
        </>
      )}
      <UndoBar undos={undos} focus={latest.value} onUndo={back.undo} onClose={back.forget} />
    </>
  );
}

/** What was found, with every open form still where it is. */
function withEdited(
  found: AttributeView[],
  editing: ReadonlyMap<string, AttributeView>,
  sensitive: boolean,
): AttributeView[] {
  const have = new Set(found.map(({ id }) => id));
  const open = [...editing.values()].filter(
    (attribute) => attribute.sensitive === sensitive && !have.has(attribute.id),
  );
  return open.length > 0 ? [...found, ...open] : found;
}
