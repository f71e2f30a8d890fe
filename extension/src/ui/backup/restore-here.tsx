import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import type { RestoreView } from '../../messages.ts';
import { day } from '../dates.ts';
import { run } from '../session.ts';
import { count, list, t } from '../words.ts';
import { forget, type Offered, withFile } from './restore.tsx';
import { Tallies } from './tallies.tsx';

/** Into the vault that is open: what is new is added, and of two values the person chooses. */
export function RestoreHere({ offered, onDone }: { offered: Offered; onDone: () => void }) {
  const { view } = offered;
  const theirs = useSignal<ReadonlySet<string>>(new Set());
  const blocks = useSignal(false);
  const busy = useSignal(false);

  async function restore(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    const choice = { theirs: [...theirs.value], blocks: blocks.value };
    const fine = await withFile(offered, (id) => run('restoreBackup', { id, ...choice }));
    busy.value = false;
    if (fine) onDone();
  }
  function choose(id: string, backup: boolean) {
    const next = new Set(theirs.value);
    if (backup) next.add(id);
    else next.delete(id);
    theirs.value = next;
  }

  return (
    <form class="stack wider" onSubmit={restore} aria-busy={busy.value}>
      <Tallies view={view} />
      {view.conflicts.length > 0 && (
        <section class="card stack" aria-labelledby="conflicts">
          <h2 id="conflicts">{count('backup_conflicts', view.conflicts.length)}</h2>
          {view.conflicts.map((conflict) => (
            <Conflict
              key={conflict.id}
              conflict={conflict}
              backup={theirs.value.has(conflict.id)}
              onChoose={(backup) => choose(conflict.id, backup)}
            />
          ))}
        </section>
      )}
      {view.blocks.length > 0 && (
        <label class="tick">
          <input
            type="checkbox"
            data-testid="take-blocks"
            checked={blocks}
            onChange={(e) => {
              blocks.value = e.currentTarget.checked;
            }}
          />
          {t('backup_take_blocks', list(view.blocks))}
        </label>
      )}
      <p class="notice">{t('backup_stays')}</p>
      <p class="row">
        <button type="submit" class="main" data-testid="restore" aria-disabled={busy.value}>
          {busy.value ? t('backup_restoring') : t('backup_restore')}
        </button>
        <button type="button" onClick={forget}>
          {t('cancel')}
        </button>
      </p>
    </form>
  );
}

type ConflictProps = {
  conflict: RestoreView['conflicts'][number];
  backup: boolean;
  onChoose: (backup: boolean) => void;
};

function Conflict({ conflict, backup, onChoose }: ConflictProps) {
  const { id, label, mine, theirs } = conflict;
  const choices = [
    { key: 'mine', side: mine, text: t('backup_keep_mine'), checked: !backup },
    { key: 'theirs', side: theirs, text: t('backup_take_theirs'), checked: backup },
  ];
  return (
    <fieldset data-testid={`conflict-${id}`}>
      <legend>{label}</legend>
      {choices.map(({ key, side, text, checked }) => (
        <label class="tick" key={key}>
          <input
            type="radio"
            name={`conflict-${id}`}
            data-testid={`${key}-${id}`}
            checked={checked}
            onChange={() => onChoose(key === 'theirs')}
          />
          <span>
            {text} <b>{side.shown}</b> <span class="hint">{day(side.on)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
