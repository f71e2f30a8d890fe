import { useLayoutEffect, useRef } from 'preact/hooks';
import type { UndoView } from '../../../messages.ts';
import { saveFile } from '../../save-file.ts';
import { run, say } from '../../session.ts';
import { snake, t } from '../../words.ts';
import type { FileFailure } from './file-text.ts';
import { Preview } from './preview.tsx';
import { useImport } from './use-import.ts';

/** Choose, drop or paste; look at what would change; import all of it or nothing. */
export function Import({
  onImported,
  onCancel,
}: {
  onImported: (undo: UndoView) => void;
  onCancel: () => void;
}) {
  const { state, taken, count, ...act } = useImport(onImported);
  const file = useRef<HTMLInputElement>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const problem = useRef<HTMLDivElement>(null);
  const choosing = state.is === 'choosing';
  const failure = choosing ? state.failure : null;
  useLayoutEffect(() => {
    if (failure) problem.current?.focus();
    else if (choosing) file.current?.focus();
  }, [choosing, failure]);

  async function template() {
    const saved = await run('importTemplate', {});
    if (!saved) return;
    saveFile(saved);
    say(t('import_template_saved', saved.name));
  }
  function take(chosen: File | null | undefined) {
    if (chosen) void act.read(async () => new Uint8Array(await chosen.arrayBuffer()), chosen.name);
  }

  if (state.is === 'reading')
    return (
      <p role="status">
        <progress aria-label={t('import_open')} max={state.of} value={state.done} />{' '}
        {t('import_reading', String(state.done), String(state.of))}
      </p>
    );
  if (state.is !== 'choosing')
    return (
      <Preview
        plan={state.plan}
        again={state.is === 'preview' && state.again}
        writing={state.is === 'writing'}
        taken={taken}
        count={count(state.plan)}
        onTake={act.take}
        onImport={() => act.write(state.plan)}
        onOther={act.start}
        onCancel={onCancel}
      />
    );
  return (
    // Dropping is one more way to choose; the button does the same for everybody.
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on is no control.
    <div
      class="stack tight"
      data-testid="import-drop"
      onDragOver={(e) => e.preventDefault()}
      onDrop={(e) => {
        e.preventDefault();
        take(e.dataTransfer?.files[0]);
      }}
    >
      <p>{t('import_intro')}</p>
      <p>
        <button type="button" class="link" data-testid="import-template" onClick={template}>
          {t('import_template')}
        </button>
      </p>
      <div role="alert" tabIndex={-1} ref={problem}>
        {failure && <Wrong failure={failure} />}
      </div>
      <p class="field">
        <label for="import-file">{t('import_file')}</label>
        <input
          id="import-file"
          ref={file}
          data-testid="import-file"
          type="file"
          accept=".csv,.tsv,.txt,.json,text/csv,application/json"
          aria-describedby="import-drop"
          onChange={(e) => {
            const input = e.currentTarget;
            take(input.files?.[0]);
            // The same file, corrected, is a choice again.
            input.value = '';
          }}
        />
        <span class="hint" id="import-drop">
          {t('import_drop')}
        </span>
      </p>
      <details>
        <summary data-testid="import-paste">{t('import_paste')}</summary>
        <p class="field">
          <label for="import-text">{t('import_pasted')}</label>
          <textarea
            id="import-text"
            ref={text}
            data-testid="import-text"
            rows={6}
            autocomplete="off"
            spellcheck={false}
          />
        </p>
        <p class="row">
          <button
            type="button"
            data-testid="import-read"
            onClick={() => {
              const pasted = text.current?.value ?? '';
              void act.read(async () => new TextEncoder().encode(pasted), null);
            }}
          >
            {t('import_read')}
          </button>
        </p>
      </details>
      <p class="row">
        <button type="button" data-testid="import-cancel" onClick={onCancel}>
          {t('cancel')}
        </button>
      </p>
    </div>
  );
}

function Wrong({ failure: { code, line, column } }: { failure: FileFailure }) {
  return (
    <p class="notice bad" data-testid="import-failure">
      {line !== null && (
        <b>
          {column === null
            ? t('import_at_line', String(line))
            : t('import_at', String(line), String(column))}{' '}
        </b>
      )}
      {t(`import_file_${snake(code)}`)}
    </p>
  );
}
