import { useSignal } from '@preact/signals';
import { saveSent } from '../backup/transfer.ts';
import { run, say } from '../session.ts';
import { t } from '../words.ts';

/** Everything as readable JSON. The warning stands beside the button, and the keys are only in it when asked for. */
export function ExportAll() {
  const keys = useSignal(false);
  const busy = useSignal(false);
  const saved = useSignal<string | null>(null);

  async function save() {
    if (busy.value) return;
    busy.value = true;
    const sent = await run('exportAll', { keys: keys.value });
    const fine = sent !== null && (await saveSent(sent, () => undefined));
    busy.value = false;
    if (!fine) return;
    saved.value = sent.name;
    say(t('backup_saved', sent.name));
  }

  return (
    <div class="card stack">
      <h3>{t('export_title')}</h3>
      <p>{t('export_intro')}</p>
      <p class="notice bad">{t('export_warning')}</p>
      <label class="tick">
        <input
          type="checkbox"
          data-testid="export-keys"
          aria-describedby="export-keys-hint"
          checked={keys}
          onChange={(e) => {
            keys.value = e.currentTarget.checked;
          }}
        />
        {t('export_keys')}
      </label>
      <p class="hint" id="export-keys-hint">
        {t('export_keys_hint')}
      </p>
      <p>
        <button type="button" data-testid="export-all" aria-disabled={busy.value} onClick={save}>
          {t('export_save')}
        </button>
      </p>
      {saved.value !== null && <p data-testid="exported">{t('backup_saved', saved.value)}</p>}
    </div>
  );
}
