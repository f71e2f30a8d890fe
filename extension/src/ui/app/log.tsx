import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LogShopView, LogView } from '../../messages.ts';
import { date } from '../dates.ts';
import { Loading } from '../notices.tsx';
import { failure, run, say } from '../session.ts';
import { count, t } from '../words.ts';
import { LogEntry } from './log-entry.tsx';

/** Entries that are drawn at first, and with each wish for more. */
const SOME = 100;

/** What happened, newest first, by day. Only the person can delete from it. */
export function Log() {
  const entries = useSignal<LogView[] | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const limit = useSignal(SOME);
  const shop = useSignal('');
  const shops = useSignal<LogShopView[]>([]);
  useEffect(() => {
    void load();
  }, []);
  /** One more than is drawn says whether there are more. */
  async function load() {
    const wanted = shop.value;
    const only = wanted && { shop: wanted };
    const [next, names] = await Promise.all([
      run('log', { limit: limit.value + 1, ...only }),
      run('logShops', {}),
    ]);
    // Another one was chosen meanwhile.
    if (wanted !== shop.value) return;
    entries.value = next ?? entries.value;
    shops.value = names ?? shops.value;
  }
  async function choose(did: string) {
    shop.value = did;
    limit.value = SOME;
    await load();
    say(count('log_count', total()));
  }
  /** Events of the chosen shop, or of all. */
  function total(): number {
    const of = shops.value.filter(({ did }) => shop.value === '' || did === shop.value);
    return of.reduce((sum, { entries }) => sum + entries, 0);
  }
  async function more() {
    limit.value += SOME;
    await load();
  }

  async function remove(id: string) {
    if (!(await run('removeLogEntry', { id }))) return;
    await load();
    say(t('log_removed'));
    heading.current?.focus();
  }

  const all = entries.value;
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {t('log')}
      </h1>
      <p class="quiet">{t('log_intro')}</p>
      {!all && !failure.value && <Loading />}
      {(shops.value.length > 1 || shop.value !== '') && (
        <p class="field">
          <label for="log-shop">{t('log_shop')}</label>
          <select
            id="log-shop"
            data-testid="log-shop"
            value={shop.value}
            onChange={(e) => choose(e.currentTarget.value)}
          >
            <option value="">{t('log_shop_all')}</option>
            {shops.value.map(({ did, name, site }) => (
              <option key={did} value={did}>
                {t('log_shop_option', name, site)}
              </option>
            ))}
          </select>
        </p>
      )}
      {shops.value.length > 0 && (
        <p class="hint" data-testid="log-count">
          {count('log_count', total())}
        </p>
      )}
      {all?.length === 0 && shop.value !== '' && <p>{t('log_shop_none')}</p>}
      {all?.length === 0 && shop.value === '' && (
        <div class="empty">
          <p>{t('log_empty')}</p>
          <p class="hint">{t('log_example')}</p>
        </div>
      )}
      {all &&
        byDay(all.slice(0, limit.value)).map(([day, list]) => (
          <section key={day} aria-label={day}>
            <h2>{day}</h2>
            <ul class="rows">
              {list.map((entry) => (
                <LogEntry key={entry.id} entry={entry} onRemove={() => remove(entry.id)} />
              ))}
            </ul>
          </section>
        ))}
      {all && all.length > limit.value && (
        <button type="button" data-testid="log-more" onClick={more}>
          {t('log_more')}
        </button>
      )}
    </>
  );
}

function byDay(all: LogView[]): [string, LogView[]][] {
  const days = new Map<string, LogView[]>();
  for (const entry of [...all].sort((a, b) => b.at - a.at)) {
    const day = date(entry.at);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
