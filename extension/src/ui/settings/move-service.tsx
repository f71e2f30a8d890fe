import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { loadStatus, run, say, status } from '../session.ts';
import { t } from '../words.ts';

/** Another vault service for what is shared from now on. */
export function MoveService() {
  const now = status.value?.vaultService ?? '';
  const service = useSignal('');
  const busy = useSignal(false);
  const moved = useSignal(false);

  async function move(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    const done = await run('moveService', { vaultService: service.value.trim() });
    busy.value = false;
    if (done === null) return;
    await loadStatus();
    moved.value = true;
    service.value = '';
    say(t('move_done'));
  }

  return (
    <form class="card stack" onSubmit={move} aria-busy={busy.value}>
      <h3>{t('move_title')}</h3>
      <p>
        {t('move_now')} <b data-testid="service-now">{now}</b>
      </p>
      <p>{t('move_intro')}</p>
      <p class="field">
        <label for="new-service">{t('move_new')}</label>
        <input
          id="new-service"
          data-testid="new-service"
          type="url"
          required
          spellcheck={false}
          value={service}
          onInput={(e) => {
            service.value = e.currentTarget.value;
          }}
        />
      </p>
      <p>
        <button type="submit" data-testid="move-service" aria-disabled={busy.value}>
          {busy.value ? t('move_moving') : t('move_do')}
        </button>
      </p>
      {moved.value && (
        <p class="notice row" data-testid="moved">
          <span>{t('move_done')}</span>
          <a href="/welcome.html#/stop-sheet">{t('kit_stop_print')}</a>
        </p>
      )}
    </form>
  );
}
