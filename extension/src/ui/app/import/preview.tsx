import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { count as counted, snake, t } from '../../words.ts';
import type { Bad, Plan, Planned } from './use-import.ts';

/** Entries of a group drawn at first, and more with each "Show more". */
const PAGE = 50;

type Props = {
  plan: Plan;
  again: boolean;
  writing: boolean;
  taken: ReadonlySet<string>;
  /** Entries that would be written. */
  count: number;
  onTake: (ids: readonly string[], on: boolean) => void;
  onImport: () => void;
  onOther: () => void;
  onCancel: () => void;
};

/** What an import would change: what conflicts first, since the person decides there. */
export function Preview({ plan, again, writing, taken, count, onTake, ...on }: Props) {
  const { name, planned, bad } = plan;
  const top = useRef<HTMLHeadingElement>(null);
  const progress = useRef<HTMLParagraphElement>(null);
  // The buttons make way for the progress, and that for what comes after it: the focus follows.
  useLayoutEffect(() => (writing ? progress : top).current?.focus(), [plan, writing]);
  const of = (state: Planned['verdict']['state']) =>
    planned.filter(({ verdict }) => verdict.state === state);
  const conflicts = of('conflict');
  const ids = conflicts.map(({ verdict }) => verdict.id);
  return (
    <div class="stack" data-testid="import-preview">
      <h2 ref={top} tabIndex={-1}>
        {name === null ? t('import_preview_pasted') : t('import_preview', name)}
      </h2>
      {again && (
        <p class="notice" role="alert">
          {t('import_again')}
        </p>
      )}
      {conflicts.length > 0 && (
        <Group title={counted('import_conflict', conflicts.length)} of={conflicts}>
          {(shown) => (
            <>
              <p>{t('import_conflict_text')}</p>
              <p class="row">
                <button
                  type="button"
                  data-testid="import-all-mine"
                  onClick={() => onTake(ids, false)}
                >
                  {t('import_all_mine')}
                </button>
                <button
                  type="button"
                  data-testid="import-all-theirs"
                  onClick={() => onTake(ids, true)}
                >
                  {t('import_all_theirs')}
                </button>
              </p>
              {shown.map((entry) => (
                <Conflict
                  key={entry.verdict.id}
                  entry={entry}
                  taken={taken.has(entry.verdict.id)}
                  onTake={(on) => onTake([entry.verdict.id], on)}
                />
              ))}
            </>
          )}
        </Group>
      )}
      <Values title={counted('import_new', of('new').length)} of={of('new')} />
      {bad.length > 0 && (
        <Group title={counted('import_bad', bad.length)} of={bad}>
          {(shown) => (
            <ul class="plain" data-testid="import-bad">
              {shown.map((entry) => (
                <NotUnderstood key={`${entry.line} ${entry.what}`} entry={entry} />
              ))}
            </ul>
          )}
        </Group>
      )}
      <Values title={counted('import_same', of('same').length)} of={of('same')} />
      {of('new').length === 0 && conflicts.length === 0 && <p>{t('import_nothing')}</p>}
      {writing ? (
        <p role="status" tabIndex={-1} ref={progress}>
          <progress aria-label={t('import_open')} /> {t('import_writing')}
        </p>
      ) : (
        <p class="row">
          {count > 0 && (
            <button type="button" class="main" data-testid="import-do" onClick={on.onImport}>
              {counted('import_do', count)}
            </button>
          )}
          <button type="button" data-testid="import-other" onClick={on.onOther}>
            {t('import_other_file')}
          </button>
          <button type="button" data-testid="import-cancel" onClick={on.onCancel}>
            {t('cancel')}
          </button>
        </p>
      )}
    </div>
  );
}

function Group<T>({
  title,
  of,
  children,
}: {
  title: string;
  of: readonly T[];
  children: (shown: readonly T[]) => ComponentChildren;
}) {
  const limit = useSignal(PAGE);
  const hidden = of.length - limit.value;
  return (
    <section class="stack snug" aria-label={title}>
      <h3>{title}</h3>
      {children(of.slice(0, limit.value))}
      {hidden > 0 && (
        <button
          type="button"
          onClick={() => {
            limit.value += 4 * PAGE;
          }}
        >
          {counted('import_more', hidden)}
        </button>
      )}
    </section>
  );
}

/** New ones, and those that the vault holds already. */
function Values({ title, of }: { title: string; of: readonly Planned[] }) {
  if (of.length === 0) return null;
  return (
    <Group title={title} of={of}>
      {(shown) => (
        <ul class="plain">
          {shown.map(({ verdict }) => (
            <li key={verdict.id}>
              {verdict.label}: <b>{verdict.theirs}</b>
            </li>
          ))}
        </ul>
      )}
    </Group>
  );
}

function Conflict({
  entry: { verdict },
  taken,
  onTake,
}: {
  entry: Planned;
  taken: boolean;
  onTake: (on: boolean) => void;
}) {
  const choice = (theirs: boolean, words: string) => (
    <label class="tick">
      <input
        type="radio"
        name={`import-${verdict.id}`}
        data-testid={`import-${theirs ? 'theirs' : 'mine'}-${verdict.id}`}
        checked={taken === theirs}
        onChange={() => onTake(theirs)}
      />
      {words}
    </label>
  );
  return (
    <fieldset class="item">
      <legend>{verdict.label}</legend>
      {choice(false, t('import_mine', verdict.mine ?? ''))}
      {choice(true, t('import_theirs', verdict.theirs))}
    </fieldset>
  );
}

function NotUnderstood({ entry: { line, what, reason, first } }: { entry: Bad }) {
  const why =
    reason === 'duplicate'
      ? t('import_row_duplicate', String(first))
      : t(`import_row_${snake(reason)}`);
  return (
    <li>
      <b>{t('import_line', String(line))}</b> {what && <code>{what}:</code>} {why}
    </li>
  );
}
