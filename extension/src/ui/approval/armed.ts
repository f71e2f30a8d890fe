import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Milliseconds for which the window must have been in view before a button of it counts. */
const IN_VIEW = 500;

/**
 * false for a moment after the window came up or forward: a click that was on its way to the page below must not
 * land on Share. This is the person's time, not the machine's, hence a wall clock.
 */
export function useArmed(): boolean {
  const armed = useSignal(false);
  useEffect(() => {
    let timer = 0;
    function restart() {
      armed.value = false;
      clearTimeout(timer);
      if (document.visibilityState !== 'visible') return;
      timer = window.setTimeout(() => {
        armed.value = true;
      }, IN_VIEW);
    }
    restart();
    window.addEventListener('focus', restart);
    document.addEventListener('visibilitychange', restart);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', restart);
      document.removeEventListener('visibilitychange', restart);
    };
  }, []);
  return armed.value;
}
