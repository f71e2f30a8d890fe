import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { GrantView, LogView } from '../../messages.ts';
import { date } from '../dates.ts';
import { run, status } from '../session.ts';
import { sign } from '../sign.ts';
import { count, snake, t } from '../words.ts';
import { Shops } from './shops.tsx';
import { Summary } from './summary.tsx';

/** Grants that shops may use now or soon. */
const RUNNING: readonly GrantView['state'][] = ['active', 'not-yet', 'undo'];

/** Where the person begins: what there is, where to go, and where to use it. */
export function Home() {
  const grants = useSignal<GrantView[] | null>(null);
  const latest = useSignal<LogView | null | undefined>(undefined);
  useEffect(() => {
    void run('grants', {}).then((all) => {
      grants.value = all;
    });
    void run('log', { limit: 1 }).then((entries) => {
      latest.value = entries?.[0] ?? null;
    });
  }, []);

  const attributes = status.value?.attributes ?? 0;
  const running = grants.value?.filter(({ state }) => RUNNING.includes(state));
  const shops = running && new Set(running.map(({ brand }) => brand.did)).size;
  const last = latest.value;
  return (
    <>
      <h1>{t('home_title')}</h1>
      <ul class="summaries">
        <Summary
          to="data"
          title={t('my_data')}
          says={attributes > 0 ? count('data_found', attributes) : t('my_data_empty')}
          example={attributes > 0 ? '' : t('my_data_example')}
        />
        <Summary
          to="sharing"
          title={t('sharing')}
          says={shops ? count('home_grants', shops) : shops === 0 ? t('home_no_grants') : ''}
          example={shops === 0 ? t('home_grants_example') : ''}
        />
        <Summary
          to="log"
          title={t('log')}
          says={
            last
              ? t('home_last', t(`event_${snake(last.event)}`, last.brand), date(last.at))
              : last === null
                ? t('log_empty')
                : ''
          }
          example={last === null ? t('log_example') : ''}
        />
        {sign.value && (
          <Summary to="settings" title={t('sign')} says={t('home_sign', sign.value.phrase)} />
        )}
      </ul>
      <section class="stack" aria-labelledby="where">
        <h2 id="where">{t('home_where')}</h2>
        <p>{t('home_where_how')}</p>
        <Shops />
        <p>{t('home_practice')}</p>
        <p>
          <a class="button" href="/practice.html" data-testid="practise">
            {t('home_practise')}
          </a>
        </p>
      </section>
    </>
  );
}
