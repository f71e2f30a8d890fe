import { useSignal } from '@preact/signals';
import type { DayOfUseView, GrantView } from '../../messages.ts';
import { date, day, time, today } from '../dates.ts';
import { count, list, t } from '../words.ts';
import { barsOf } from './use-bars.ts';

type Props = { uses: NonNullable<GrantView['uses']>; jti: string };

/** "3 times, last on 22 November 2026", and day by day for those who want to know. */
export function Uses({ uses, jti }: Props) {
  const open = useSignal(false);
  return (
    <>
      {count('uses_count', uses.count)}
      {uses.last !== null && `, ${t('uses_last', date(uses.last))}`}
      {uses.days.filter((one) => one.uses > 0).length > 1 && <Chart days={uses.days} />}
      {uses.days.length > 0 && (
        <details
          data-testid={`uses-${jti}`}
          onToggle={(event) => {
            open.value = event.currentTarget.open;
          }}
        >
          <summary>{t('uses_by_day')}</summary>
          {open.value && <Days days={uses.days} />}
        </details>
      )}
    </>
  );
}

function Days({ days }: { days: DayOfUseView[] }) {
  return (
    <>
      <ul class="plain">
        {days.map((one) => (
          <li key={one.day}>
            <b>{day(one.day)}</b>: {list(happened(one))}
            {one.attributes.length > 0 && (
              <span class="hint pair">
                {list(one.attributes)} · {list(one.purposes)}
              </span>
            )}
          </li>
        ))}
      </ul>
      {days.some(({ lists }) => lists > 0) && <p class="hint">{t('lists_explained')}</p>}
    </>
  );
}

function happened({ uses, last, denied, lists }: DayOfUseView): string[] {
  return [
    ...(uses > 0 ? [count('day_used', uses, time(last ?? 0))] : []),
    ...(denied > 0 ? [count('day_denied', denied)] : []),
    ...(lists > 0 ? [count('day_listed', lists)] : []),
  ];
}

/** The same once more for the eye; the list says it in words. */
function Chart({ days }: { days: DayOfUseView[] }) {
  const bars = barsOf(days, today());
  if (bars === null) return null;
  const { from, to, uses, most } = bars;
  const words = t('chart', day(from), day(to), count('uses_count', most));
  return (
    <figure class="chart">
      <svg viewBox="0 0 300 41" preserveAspectRatio="none" role="img" aria-label={words}>
        {uses.map((n, i) => {
          const height = n === 0 ? 0 : Math.max(3, (n / most) * 40);
          return <rect key={i} x={i * 10 + 1} y={40 - height} width={8} height={height} />;
        })}
        <line x1={0} x2={300} y1={40.5} y2={40.5} />
      </svg>
      <figcaption class="hint row" aria-hidden="true">
        <span>{day(from)}</span>
        <span>{day(to)}</span>
      </figcaption>
    </figure>
  );
}
