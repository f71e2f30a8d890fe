import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LossView } from '../../messages.ts';
import { loadStatus, run, say } from '../session.ts';
import { count, t } from '../words.ts';

const FOUND = ['missing', 'older', 'unknown', 'unreadable'] as const;

/** Records are missing or altered: what is known of it, and the way on, which has a price. */
export function Loss() {
  const loss = useSignal<LossView | null>(null);
  const details = useRef<HTMLDivElement>(null);
  const found = loss.value;
  useLayoutEffect(() => {
    if (found !== null) details.current?.focus();
  }, [found]);

  async function accept() {
    if ((await run('acceptLoss', {})) === null) return;
    say(t('loss_accepted'));
    document.querySelector('main')?.focus();
    await loadStatus();
  }

  return (
    <section class="notice bad stack" aria-label={t('loss_title')}>
      <p role="alert">{t('vault_broken')}</p>
      {found === null ? (
        <p>
          <button
            type="button"
            data-testid="loss-look"
            onClick={async () => {
              loss.value = await run('loss', {});
            }}
          >
            {t('loss_look')}
          </button>
        </p>
      ) : (
        <div class="stack" ref={details} tabIndex={-1}>
          <ul class="plain" data-testid="loss">
            {found.listLost && <li>{t('loss_list')}</li>}
            {FOUND.filter((what) => found[what] > 0).map((what) => (
              <li key={what}>{count(`loss_${what}`, found[what])}</li>
            ))}
          </ul>
          <p>{t('loss_backup')}</p>
          <p>
            <b>{t('loss_price')}</b>
          </p>
          <p>
            <button type="button" data-testid="accept-loss" onClick={accept}>
              {t('loss_accept')}
            </button>
          </p>
        </div>
      )}
    </section>
  );
}
