import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { clock } from './dates.ts';
import { loadStatus, status } from './session.ts';
import { t } from './words.ts';

/** Seconds between two questions to the worker: it must live, for it counts only while it does. */
const ASK_EVERY = 10;

/** Seconds until a passphrase may be tried again, counted down; 0 when it may. */
export function useWait(): number {
  const told = status.value;
  const left = useSignal(told?.wait ?? 0);
  useEffect(() => {
    left.value = told?.wait ?? 0;
    if (left.value === 0) return;
    const timer = setInterval(() => {
      left.value -= 1;
      if (left.value <= 0 || left.value % ASK_EVERY === 0) void loadStatus();
    }, 1000);
    return () => clearInterval(timer);
  }, [told]);
  return Math.max(0, left.value);
}

/** How long the person has to wait; read out once, not every second. */
export function Wait({ seconds }: { seconds: number }) {
  return (
    <div role="alert">
      {seconds > 0 && (
        <p class="notice" data-testid="wait">
          {t('wait_text')}{' '}
          <span role="timer" aria-live="off">
            {clock(seconds)}
          </span>
        </p>
      )}
    </div>
  );
}
