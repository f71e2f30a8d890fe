import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { run, say } from '../session.ts';
import { t } from '../words.ts';

/** Runs a search step by step until it is finished or stopped; the worker keeps what it found after each. */
export function useSearch(origin: string, onSearched: () => void) {
  const progress = useSignal<{ done: number; of: number } | null>(null);
  const wanted = useRef(false);
  useEffect(
    () => () => {
      wanted.current = false;
    },
    [],
  );

  async function search() {
    wanted.current = true;
    progress.value = { done: 0, of: 1 };
    for (let again = true; wanted.current; again = false) {
      const step = await run('searchLog', { origin, again });
      if (!step) break;
      progress.value = step;
      if (!step.finished) continue;
      say(t('log_searched'));
      onSearched();
      break;
    }
    wanted.current = false;
    progress.value = null;
  }
  function stop() {
    wanted.current = false;
    progress.value = null;
  }
  return { progress: progress.value, search, stop };
}
