import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LogView } from '../../messages.ts';
import { time } from '../dates.ts';
import { count, list, snake, t } from '../words.ts';

/** One event, the exact text that was shown, and what deleting it would cost. */
export function LogEntry({ entry, onRemove }: { entry: LogView; onRemove: () => void }) {
  const asking = useSignal(false);
  const keep = useRef<HTMLButtonElement>(null);
  const remove = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  const open = asking.value;
  useLayoutEffect(() => {
    if (open) keep.current?.focus();
    else if (was.current) remove.current?.focus();
    was.current = open;
  }, [open]);

  return (
    <li class="item" data-testid={`log-${entry.id}`}>
      <p class="head">
        <span class="quiet">{time(entry.at)}</span>
        <b>{t(`event_${snake(entry.event)}`, entry.brand)}</b>
        {entry.count !== undefined && <span>{count('uses_count', entry.count)}</span>}
        <code>{entry.site}</code>
      </p>
      {entry.attributes.length > 0 && (
        <p>
          {t('what')}: {list(entry.attributes)}
        </p>
      )}
      {entry.purposes.length > 0 && (
        <p>
          {t('what_for')}: {list(entry.purposes)}
        </p>
      )}
      {entry.reason && <p class="hint">{t(`failed_${snake(entry.reason)}`)}</p>}
      {entry.text && (
        <details>
          <summary>{t('log_text')}</summary>
          <p class="exact">{entry.text}</p>
        </details>
      )}
      {open ? (
        <section
          class="notice"
          aria-label={t('remove')}
          onKeyDown={(e) => {
            if (e.key === 'Escape') asking.value = false;
          }}
        >
          <p>{t('log_remove_cost')}</p>
          <p class="row">
            <button
              type="button"
              ref={keep}
              onClick={() => {
                asking.value = false;
              }}
            >
              {t('log_keep')}
            </button>
            <button type="button" data-testid={`log-remove-sure-${entry.id}`} onClick={onRemove}>
              {t('remove')}
            </button>
          </p>
        </section>
      ) : (
        <button
          type="button"
          class="link"
          ref={remove}
          data-testid={`log-remove-${entry.id}`}
          onClick={() => {
            asking.value = true;
          }}
        >
          {t('remove')}
        </button>
      )}
    </li>
  );
}
