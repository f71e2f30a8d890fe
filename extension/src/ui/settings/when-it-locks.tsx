import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LockSettings } from '../../messages.ts';
import { run, say, status } from '../session.ts';
import { count, t } from '../words.ts';

/** Minutes to choose from. */
const CHOICES = [5, 15, 30, 60, 240, 720];

function duration(minutes: number): string {
  return minutes % 60 === 0 ? count('lock_hours', minutes / 60) : count('lock_minutes', minutes);
}

export function WhenItLocks() {
  const settings = useSignal<LockSettings | null>(null);
  useEffect(() => {
    void run('lockSettings', {}).then((now) => {
      settings.value = now;
    });
  }, []);
  const now = settings.value;
  if (!now) return null;

  async function save(change: Partial<LockSettings>) {
    const saved = await run('saveLockSettings', change);
    if (!saved) return;
    settings.value = saved;
    say(t('saved', t('lock_when')));
  }
  async function lock() {
    const next = await run('lock', {});
    if (!next) return;
    status.value = next;
    say(t('locked_title'));
  }

  return (
    <div class="card stack">
      <h3>{t('lock_when')}</h3>
      <p class="field">
        <label for="lock-minutes">{t('lock_after')}</label>
        <select
          id="lock-minutes"
          data-testid="lock-minutes"
          aria-describedby="lock-minutes-hint"
          value={String(now.minutes)}
          onChange={(e) => save({ minutes: Number(e.currentTarget.value) })}
        >
          {[...new Set([...CHOICES, now.minutes])]
            .sort((a, b) => a - b)
            .map((minutes) => (
              <option key={minutes} value={String(minutes)}>
                {duration(minutes)}
              </option>
            ))}
        </select>
        <span class="hint" id="lock-minutes-hint">
          {t('lock_after_hint')}
        </span>
      </p>
      <label class="tick">
        <input
          type="checkbox"
          data-testid="lock-with-screen"
          checked={now.withScreen}
          onChange={(e) => save({ withScreen: e.currentTarget.checked })}
        />
        {t('lock_with_screen')}
      </label>
      <p>{t('lock_with_browser')}</p>
      <p class="row">
        <button type="button" data-testid="lock-now" onClick={lock}>
          {t('lock')}
        </button>
      </p>
    </div>
  );
}
