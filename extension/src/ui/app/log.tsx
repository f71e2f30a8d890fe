import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LogView } from '../../messages.ts';
import { date } from '../dates.ts';
import { Loading } from '../notices.tsx';
import { failure, run, said } from '../session.ts';
import { t } from '../words.ts';
import { LogEntry } from './log-entry.tsx';

/** Entries that are drawn at first, and with each wish for more. */
const SOME = 100;

/** What happened, newest first, by day. Only the person can delete from it. */
export function Log() {
  const entries = useSignal<LogView[] | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const limit = useSignal(SOME);
  useEffect(() => {
    void load();
  }, []);
  /** One more than is drawn says whether there are more. */
  async function load() {
    entries.value = (await run('log', { limit: limit.value + 1 })) ?? entries.value;
  }
  async function more() {
    limit.value += SOME;
    await load();
  }

  async function remove(id: string) {
    if (!(await run('removeLogEntry', { id }))) return;
    await load();
    said.value = t('log_removed');
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
      {all?.length === 0 && (
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
